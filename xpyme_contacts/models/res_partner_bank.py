from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.base_iban.models.res_partner_bank import (
    _map_iban_template,
    normalize_iban,
    pretty_iban,
    validate_iban,
)

from ..tools.bank import clean_account, iban_country
from ..tools.plain_text import storable


class ResPartnerBank(models.Model):
    """A customer's bank account (seed 004: Banco, *Código IBAN*)."""

    _name = "res.partner.bank"
    _inherit = ["res.partner.bank", "xpyme.technician.guard"]

    def _sanitize_vals(self, vals):
        """Take the word IBAN, which is often pasted along, off the number."""
        vals.update(storable(vals))
        number = clean_account(vals.get("acc_number"))
        if iban_country(number) and number != normalize_iban(vals["acc_number"]):
            vals["acc_number"] = pretty_iban(number)
        return super()._sanitize_vals(vals)

    @api.constrains("acc_number")
    def _check_meant_iban(self):
        """Core stores a wrong IBAN as the number of a domestic account.

        :raise ValidationError: it starts like an IBAN and is none
        """
        for account in self:
            if iban_country(account.acc_number).lower() not in _map_iban_template:
                continue
            try:
                validate_iban(account.acc_number)
            except ValidationError as error:
                raise ValidationError(
                    self.env._(
                        "%(number)s starts like an IBAN and is not a valid one. Check "
                        "the number: %(reason)s",
                        number=account.acc_number,
                        reason=error.args[0],
                    )
                ) from error
