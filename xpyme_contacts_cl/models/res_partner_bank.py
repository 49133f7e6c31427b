from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.xpyme_contacts.tools.tax_id import is_rut, normalise_rut


class ResPartnerBank(models.Model):
    """What a transfer in Chile asks for: the kind of account and its holder's RUT."""

    _inherit = "res.partner.bank"

    account_kind = fields.Selection(
        [
            ("current", "Current account"),
            ("sight", "Sight account"),
            ("savings", "Savings account"),
            ("rut", "RUT account"),
        ],
        string="Kind of Account",
        help="Transfers in Chile name it.",
    )
    holder_vat = fields.Char(
        string="Holder's RUT",
        help="Of whoever holds the account. Empty: the customer's own.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_rut(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_rut(vals))

    @api.model
    def _with_rut(self, vals):
        """``vals`` with the holder's RUT as it is stored."""
        if not vals.get("holder_vat"):
            return vals
        return {**vals, "holder_vat": normalise_rut(vals["holder_vat"]) or False}

    @api.constrains("holder_vat")
    def _check_holder_vat(self):
        """:raise ValidationError: not a RUT"""
        for account in self.filtered("holder_vat"):
            if not is_rut(account.holder_vat):
                raise ValidationError(
                    self.env._(
                        "%(number)s is not a RUT: check the digits of the account's "
                        "holder, for instance 76.086.428-5.",
                        number=account.holder_vat,
                    )
                )

    def _get_holder_vat(self):
        """The RUT that a transfer to this account names."""
        self.ensure_one()
        return self.holder_vat or self.partner_id.commercial_partner_id.vat
