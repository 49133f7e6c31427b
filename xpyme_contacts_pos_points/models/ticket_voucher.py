from odoo import api, models


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
    """What a ticket takes of vouchers: kept as it was paid, and told if it was not
    there."""

    _inherit = "pos.order"

    def confirm_coupon_programs(self, coupon_data):
        cards = self._touch_vouchers(coupon_data)
        answer = super().confirm_coupon_programs(coupon_data)
        for card in cards:
            self._tell_of_voucher(card)
        return answer

    def _touch_vouchers(self, coupon_data):
        """The vouchers that the ticket uses. Two tills that use one meet here."""
        ids = [int(card_id) for card_id in coupon_data if int(card_id) > 0]
        # sudo: a cashier may use a voucher, not read it.
        cards = self.env["loyalty.card"].sudo().browse(ids).exists()
        cards = cards.filtered("is_customer_voucher").with_context(
            tracking_disable=True
        )
        for card in cards:
            card.flush_recordset()
            self.env.cr.execute(
                "UPDATE loyalty_card SET points = points WHERE id = %s", [card.id]
            )
        cards.invalidate_recordset(["points"])
        return cards

    def _tell_of_voucher(self, card):
        """Managers are told of a voucher that is overdrawn, or that is another's."""
        values = {
            "ticket": self._get_till_name(),
            "code": card.code,
            "customer": card.partner_id.name,
        }
        if card.points < 0:
            values["amount"] = card._format_points(card.points)
            self._tell_till_managers(
                self.env._(
                    "%(ticket)s used the voucher %(code)s of %(customer)s, which had "
                    "been spent: it stands at %(amount)s.",
                    **values,
                ),
                card.partner_id,
            )
        if card.partner_id != self.partner_id.commercial_partner_id:
            self._tell_till_managers(
                self.env._(
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
