from odoo import api, models

from odoo.addons.xpyme_contacts.tools.inner import heard, inner
from odoo.addons.xpyme_contacts_points.models.loyalty_card import BY_DOCUMENT, QUIETLY

# Vouchers are moved once the orders that tickets were made of are confirmed.
_ORDERS_FIRST = inner("xpyme_orders_first")


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

    @api.model
    def sync_from_ui(self, orders):
        """Odoo confirms the orders that tickets were made of after the tickets: then it
        is known which of them takes of a voucher."""
        uuids = {order.get("uuid") for order in orders}
        tickets = self.with_context(**_ORDERS_FIRST)
        data = super(PosOrder, tickets).sync_from_ui(orders)
        sent = [row["id"] for row in data["pos.order"] if row["uuid"] in uuids]
        for ticket in self.browse(sent):
            ticket._move_vouchers()
        return data

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        if not heard(self.env.context, "xpyme_orders_first"):
            self._move_vouchers()
        return result

    def _move_vouchers(self):
        """Once for each card, however often it is asked for: the history says what the
        ticket took of it and gave back."""
        if not self._is_paid():
            return
        # sudo: a cashier may use a voucher, not read it.
        ticket = self.sudo()
        lines = ticket._group_by_voucher()
        cards = ticket.env["loyalty.card"].union(*lines)
        self._touch_vouchers(cards)
        cards._take_lapsed()
        for card in cards.with_context(**QUIETLY, **BY_DOCUMENT):
            ticket._move_voucher(card, lines[card])

    def _group_by_voucher(self):
        """``{voucher: lines that move it}``; who pays with one without having any has
        one that stands below nothing."""
        lines = self.lines.grouped(lambda line: line._get_voucher())
        others = lines.pop(self.env["loyalty.card"], self.lines.browse())
        customer = self.partner_id.commercial_partner_id
        paying = others.filtered(lambda line: line._get_voucher_program())
        if customer and paying:
            cards = self.env["loyalty.card"]
            cards = cards._top_up_vouchers({customer: 0.0}, self.company_id)
            lines[cards[customer]] = paying
        return lines

    def _move_voucher(self, card, lines):
        """:param lines: those that pay with the card, or give back to it"""
        history = self.env["loyalty.history"]
        own = {"card_id": card.id, "order_model": self._name, "order_id": self.id}
        known = history.search([(name, "=", value) for name, value in own.items()])
        known = known.with_context(**BY_DOCUMENT)
        before = (sum(known.mapped("used")), sum(known.mapped("issued")))
        used, returned = self._get_used(card, lines), self._get_returned(card, lines)
        if (used, returned) == before:
            return
        card.points += returned - used - (before[1] - before[0])
        known[1:].unlink()
        if known:
            known[0].write({"used": used, "issued": returned})
        else:
            description = self.env._("Ticket %s", self._get_till_name())
            history.with_context(**BY_DOCUMENT).create(
                {**own, "description": description, "used": used, "issued": returned}
            )
        if used > before[0]:
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

    def _get_used(self, card, lines):
        """Points of what the lines pay with a voucher, but for what orders paid."""
        paying = lines.filtered(lambda line: not line._gives_voucher_back())
        paid = paying._sum_up_ordered(card) - paying._sum_up()
        return max(self._to_points(paid, card), 0.0)

    def _get_returned(self, card, lines):
        """Points that lines which give a voucher's payment back return to it, no more
        than the tickets and orders that they are of took of it."""
        returned = 0.0
        lines = lines.filtered(lambda line: line._gives_voucher_back())
        for sold, own in lines.grouped(
            lambda line: line.refunded_orderline_id.order_id
        ).items():
            points = self._to_points(own._sum_up(), card)
            returned += max(min(points, self._get_left_used(card, sold)), 0.0)
        return returned

    def _get_left_used(self, card, sold):
        """Points that a ticket, and the orders that it was made of, took of a voucher
        and other tickets have not given back."""
        ordered = sold.lines.sale_order_line_id
        ordered = ordered.filtered(lambda line: line.coupon_id == card)
        tickets = sold | ordered.pos_order_line_ids.order_id
        tickets |= tickets.lines.refund_orderline_ids.order_id
        tickets -= self
        moves = self.env["loyalty.history"].search([("card_id", "=", card.id)])
        documents = {(self._name, ticket.id) for ticket in tickets}
        documents |= {("sale.order", order.id) for order in ordered.order_id}
        moves = moves.filtered(lambda m: (m.order_model, m.order_id) in documents)
        return sum(moves.mapped("used")) - sum(moves.mapped("issued"))

    def _to_points(self, amount, card):
        """:param amount: in the ticket's currency"""
        currency = self.company_id.currency_id
        amount = currency.round(amount / (self.currency_rate or 1.0))
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
