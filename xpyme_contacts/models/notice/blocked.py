from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """*Baja* (seed 004): no new sales document for a customer, nor for a contact."""

    _inherit = "res.partner"
    is_blocked = fields.Boolean(
        string="Blocked",
        copy=False,
        tracking=True,
        help="No new sales document can be made for the customer. Payments, the "
        "correction of an invoice and what was ordered before go on.",
    )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "is_blocked"]

    def _get_blocked_message(self):
        """Why no document can be made for the customers ``self``; '' if one can."""
        blocked = self._get_blocked_customer()
        if blocked and self.env.user.share:
            return self._get_neutral_refusal()
        return blocked and self.env._(
            "%s is blocked (Baja): no new document can be made for this customer. Take "
            "the mark off his card first.",
            blocked.name,
        )

    def _get_blocked_customer(self):
        """The first of the customers ``self`` who is blocked."""
        return self._get_judged_customers().filtered("is_blocked")[:1]

    @api.model
    def _get_neutral_refusal(self):
        """What a portal or a shop says, where customers themselves read it."""
        return self.env._("This document cannot go on as it is: please contact us.")

    @api.model
    def _get_judged_fields(self):
        """What a customer is judged by whenever a document is; rooms add theirs."""
        return ("commercial_partner_id", "is_blocked")

    def _get_judged_customers(self):
        """The customers of ``self``, with what a document is judged by in the cache.

        The whole cards, some hundred columns, would take longer than all judgements.
        """
        # sudo: how a customer stands is told to whoever makes their documents.
        partners, names = self.sudo(), self._get_judged_fields()
        partners.fetch(names)
        customers = partners.commercial_partner_id
        customers.fetch(names)
        return customers

    def _check_not_blocked(self):
        """Refuse a new order or invoice of a blocked customer (seed 004, Esp › Baja).

        :raise ValidationError: a customer is blocked
        """
        if message := self._get_blocked_message():
            raise ValidationError(message)
