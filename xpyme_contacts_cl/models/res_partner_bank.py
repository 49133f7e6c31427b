from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.xpyme_contacts.tools.bank import iban_country
from odoo.addons.xpyme_contacts.tools.plain_text import storable
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
    is_chilean_account = fields.Boolean(compute="_compute_is_chilean_account")

    @api.depends("partner_id.country_id", "acc_number")
    @api.depends_context("company")
    def _compute_is_chilean_account(self):
        """A number without country, of a holder in Chile, or in the company's."""
        for account in self:
            country = account.partner_id.country_id or self.env.company.country_id
            account.is_chilean_account = country.code == "CL" and not iban_country(
                account.acc_number
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_rut(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_rut(vals))

    @api.model
    def _with_rut(self, vals):
        """``vals`` with the holder's RUT as it is stored."""
        vals = storable(vals, self._fields)
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
