from odoo import api, models

from odoo.addons.xpyme_contacts_points.models.loyalty_card import BY_DOCUMENT, QUIETLY


class PosConfig(models.Model):
    """A voucher is its customer's: whoever scans it."""

    _inherit = "pos.config"

    def use_coupon_code(self, code, creation_date, partner_id, pricelist_id):
        # sudo: whose the voucher is, to say so.
        card = self.env["loyalty.card"].sudo().search([("code", "=", code)], limit=1)
        owner = card.partner_id
        if not card.is_customer_voucher:
            return super().use_coupon_code(
                code, creation_date, partner_id, pricelist_id
            )
        partner = self.env["res.partner"].sudo().browse(partner_id or False)
        if owner != partner.commercial_partner_id:
            message = self.env._(
                "The voucher %s is another customer's: only they can use it.", code
            )
            return {"successful": False, "payload": {"error_message": message}}
        # A contact pays with what their customer has.
        answer = super().use_coupon_code(code, creation_date, owner.id, pricelist_id)
        if answer["successful"]:
            answer["payload"]["points"] = self._get_usable_points(card)
        return answer

    def _get_usable_points(self, card):
        """What of a voucher has not lapsed, in points of its program."""
        owner = card.partner_id
        voucher = owner._read_vouchers(self.company_id).get(owner.id)
        balance = voucher.balance if voucher else 0.0
        return round(balance / card.program_id._get_coin())


class PosOrder(models.Model):
    """What a ticket takes of vouchers goes off them with the ticket, as its lines say:
    kept as it was paid, and told if it was not there."""

    _inherit = "pos.order"

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        # sudo: a cashier may use a voucher, not read it.
        lines = self.sudo().lines
        cards = lines.coupon_id | lines.refunded_orderline_id.coupon_id
        self._move_vouchers(cards.filtered("is_customer_voucher"))
        return result

    def _move_vouchers(self, cards):
        """Once for each card: the history says what the ticket took of it."""
        history = self.env["loyalty.history"].sudo()
        own = [("order_model", "=", self._name), ("order_id", "=", self.id)]
        self._touch_vouchers(cards)
        for card in cards.with_context(**QUIETLY, **BY_DOCUMENT):
            if history.search_count([("card_id", "=", card.id), *own], limit=1):
                continue
            used, returned = self._get_used(card), self._get_returned(card)
            if used == returned == 0:
                continue
            card.points += returned - used
            history.create(
                {
                    "card_id": card.id,
                    "order_model": self._name,
                    "order_id": self.id,
                    "description": self.env._("Ticket %s", self._get_till_name()),
                    "used": used,
                    "issued": returned,
                }
            )
            if used:
                self._tell_of_voucher(card)

    @api.model
    def _touch_vouchers(self, cards):
        """Two tills that use one meet here."""
        cards.flush_recordset()
        for card_id in sorted(cards.ids):
            self.env.cr.execute(
                "UPDATE loyalty_card SET points = points WHERE id = %s", [card_id]
            )
        cards.invalidate_recordset(["points"])

    def _get_used(self, card):
        """Points that the ticket's lines take of a voucher.

        At least what they pay with it, to a coin for each line, which the till rounds.
        """
        lines = self.lines.filtered(
            lambda line: line.coupon_id == card and not line.refunded_orderline_id
        )
        paid = self._to_points(-sum(lines.mapped("price_subtotal_incl")), card)
        return max(sum(lines.mapped("points_cost")), paid - len(lines), 0.0)

    def _get_returned(self, card):
        """Points that lines which give a voucher's payment back return to it, no more
        than their tickets took of it."""
        history = self.env["loyalty.history"].sudo()
        lines = self.lines.filtered(
            lambda line: line.refunded_orderline_id.coupon_id == card
        )
        returned = 0.0
        for sold, own in lines.grouped(
            lambda line: line.refunded_orderline_id.order_id
        ).items():
            tickets = sold | sold.lines.refund_orderline_ids.order_id
            moves = history.search(
                [
                    ("card_id", "=", card.id),
                    ("order_model", "=", self._name),
                    ("order_id", "in", tickets.ids),
                ]
            )
            left = sum(moves.mapped("used")) - sum(moves.mapped("issued"))
            amount = sum(own.mapped("price_subtotal_incl"))
            returned += max(min(self._to_points(amount, card), left), 0.0)
        return returned

    @api.model
    def _to_points(self, amount, card):
        return card.program_id._to_points(amount)

    def confirm_coupon_programs(self, coupon_data):
        """What the till says of vouchers has been done with the ticket, and it gives
        nobody one."""
        told = {}
        for card_id, values in coupon_data.items():
            program = self._get_program_of(int(card_id), values)
            if not program.is_customer_voucher:
                told[card_id] = values
            elif int(card_id) > 0:
                told[card_id] = {**values, "points": 0}
        return super().confirm_coupon_programs(told)

    @api.model
    def _get_program_of(self, card_id, values):
        """The card's own; of a new one what the till says."""
        # sudo: a cashier need not read programs.
        card = self.env["loyalty.card"].sudo().browse(max(card_id, 0)).exists()
        programs = self.env["loyalty.program"].sudo()
        return card.program_id or programs.browse(values.get("program_id")).exists()

    def _tell_of_voucher(self, card):
        """Managers are told of a voucher that is overdrawn, or that is another's."""
        values = {
            "ticket": self._get_till_name(),
            "code": card.code,
            "customer": card.partner_id.name,
        }
        if card.points < 0:
            self._tell_till_managers(
                lambda env: env._(
                    "%(ticket)s used the voucher %(code)s of %(customer)s, which had "
                    "been spent: it stands at %(amount)s.",
                    **values,
                    amount=card.with_context(lang=env.lang)._format_points(card.points),
                ),
                card.partner_id,
            )
        if card.partner_id != self.partner_id.commercial_partner_id:
            self._tell_till_managers(
                lambda env: env._(
                    "%(ticket)s was paid with the voucher %(code)s, which is that of "
                    "%(customer)s.",
                    **values,
                ),
                card.partner_id,
            )


class LoyaltyHistory(models.Model):
    _inherit = "loyalty.history"

    @api.model
    def _get_points_documents(self):
        return {**super()._get_points_documents(), "pos.order": "date_order"}
