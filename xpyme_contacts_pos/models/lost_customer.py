from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError


class MergedCustomer(models.Model):
    """Into whom a customer was merged: a till that sells without connection goes on
    naming who is gone."""

    _name = "xpyme.merged.customer"
    _description = "Merged Customer"
    _log_access = False

    merged_id = fields.Integer(required=True, index=True)
    # A later merge leads it on, as whatever names a partner.
    partner_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_remaining(self):
        """The partner, or the card into which it was merged, if any."""
        try:
            # Reads what is about to be read.
            self.mapped("name")
        except MissingError:
            # sudo: nobody's data.
            merged = self.env["xpyme.merged.customer"].sudo()
            found = merged.search([("merged_id", "in", self.ids)], limit=1)
            return found.partner_id.with_env(self.env) or self
        return self


class PosOrder(models.Model):
    """A ticket of a customer who is gone: merged, it is the remaining card's; deleted,
    it is nobody's, which is told."""

    _inherit = "pos.order"

    @api.model
    def _process_order(self, order, existing_order):
        order = self._with_remaining_customer(order)
        is_named = bool(order.get("partner_id"))
        ticket_id = super()._process_order(order, existing_order)
        if is_named:
            self.browse(ticket_id)._judge_lost_customer()
        return ticket_id

    @api.model
    def _with_remaining_customer(self, order):
        """What a till says, with the card into which its customer was merged."""
        if not order.get("partner_id"):
            return dict(order)
        partner = self.env["res.partner"].browse(order["partner_id"])
        return {**order, "partner_id": partner._get_remaining().id}

    def _judge_lost_customer(self):
        """Of a paid ticket that named somebody, and names nobody any more.

        :raise UserError: it would be on nobody's account, and is still being paid
        """
        if self.partner_id or not self._is_paid():
            return
        if not self.paid_offline and self._get_amount_on_account() > 0:
            raise UserError(
                self.env._(
                    "The customer of the ticket has been deleted: choose another one, "
                    "or take another payment."
                )
            )
        self._tell_till_managers(
            lambda env: env._(
                "%(ticket)s: its customer has been deleted meanwhile. Name another one "
                "on it, above all if it is on account or was to be invoiced.",
                ticket=self._get_till_name(),
            ),
            # Somebody's card is needed.
            self.company_id.partner_id,
        )
