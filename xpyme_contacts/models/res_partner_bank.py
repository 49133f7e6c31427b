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

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [storable(vals, self._fields) for vals in vals_list]
        return super().create(self._held_by_customers(vals_list))

    def write(self, vals):
        (vals,) = self._held_by_customers([storable(vals, self._fields)])
        return super().write(vals)

    def _held_by_customers(self, vals_list):
        """The values, with the customer as holder where they name a contact of his.

        Whoever collects from a customer looks for the account in his card. Refusing
        would stop core, which enters the payer's account while it reconciles.
        """
        named = [vals.get("partner_id") for vals in vals_list]
        contacts = (
            self.env["res.partner"]
            .browse(filter(None, named))
            .filtered("commercial_partner_id.is_customer_card")
        )
        holder = {contact.id: contact.commercial_partner_id.id for contact in contacts}
        return [
            {**vals, "partner_id": holder[partner_id]} if partner_id in holder else vals
            for vals, partner_id in zip(vals_list, named, strict=True)
        ]

    def _sanitize_vals(self, vals):
        """Take the word IBAN, which is often pasted along, off the number."""
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
