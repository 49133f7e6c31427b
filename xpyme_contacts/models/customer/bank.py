from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base_iban.models.res_partner_bank import (
    _map_iban_template,
    normalize_iban,
    pretty_iban,
    validate_iban,
)

from ...tools.bank import clean_account, iban_country, is_bic, normalise_bic, split_bic
from ...tools.plain_text import storable


class ResBank(models.Model):
    """A bank and its Swift code (seed 004: *Código Swift*, ISO 9362)."""

    _inherit = "res.bank"

    bic_bank = fields.Char(
        string="Bank Code", compute="_compute_bic_parts", help="First four characters."
    )
    bic_country = fields.Char(
        string="Country of the Code",
        compute="_compute_bic_parts",
        help="Fifth and sixth character, by ISO 3166-1.",
    )
    bic_location = fields.Char(
        string="Location Code",
        compute="_compute_bic_parts",
        help="Seventh and eighth character.",
    )
    bic_branch = fields.Char(
        string="Branch Code",
        compute="_compute_bic_parts",
        help="Last three characters; without them, or with XXX, it is the head office.",
    )

    @api.depends("bic")
    def _compute_bic_parts(self):
        for bank in self:
            (
                bank.bic_bank,
                bank.bic_country,
                bank.bic_location,
                bank.bic_branch,
            ) = split_bic(bank.bic)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._normalise_bic_vals(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._normalise_bic_vals(vals))

    @api.model
    def _normalise_bic_vals(self, vals):
        """``vals`` with the BIC as it is stored."""
        vals = storable(vals, self._fields)
        if not vals.get("bic"):
            return vals
        return {**vals, "bic": normalise_bic(vals["bic"]) or False}

    @api.constrains("bic")
    def _check_bic(self):
        """:raise ValidationError: not a BIC by ISO 9362, or of no country"""
        banks = self.filtered("bic")
        countries = set(
            self.env["res.country"]
            .search([("code", "in", banks.mapped("bic_country"))])
            .mapped("code")
        )
        for bank in banks:
            if not is_bic(bank.bic) or bank.bic_country not in countries:
                raise ValidationError(
                    self.env._(
                        "%(code)s is not a BIC (Swift code). It has 8 or 11 "
                        "characters: four of the bank, two of the country, two of the "
                        "location and, for a branch, three more, like CAIXESBBXXX.",
                        code=bank.bic,
                    )
                )


class ResPartnerBank(models.Model):
    """A customer's bank account (seed 004: Banco, *Código IBAN*)."""

    _inherit = "res.partner.bank"

    @api.model_create_multi
    def create(self, vals_list):
        """An account that the customer has already is that one, for a contact too."""
        vals_list = [storable(vals, self._fields) for vals in vals_list]
        held_list = self._held_by_customers(vals_list)
        known = [
            self._find_held(held) if held is not vals else self.browse()
            for held, vals in zip(held_list, vals_list, strict=True)
        ]
        new = [vals for vals, own in zip(held_list, known, strict=True) if not own]
        created = iter(super().create(new))
        return self.browse([(own or next(created)).id for own in known])

    @api.model
    def _find_held(self, vals):
        """The account of a customer's card with such a number, archived or not.

        Core looks among those of the contact who pays, and not at archived cards.
        """
        number = clean_account(vals.get("acc_number"))
        if not number:
            return self.browse()
        # sudo: also where the card is not the user's to see; the account is then not
        # theirs to read either.
        accounts = self.sudo().with_context(active_test=False)
        found = accounts.search(
            [
                ("partner_id", "=", vals["partner_id"]),
                ("sanitized_acc_number", "=", number.upper()),
            ],
            limit=1,
        )
        return found.with_env(self.env)

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
        """Take the word IBAN, which is often pasted along, off a customer's number."""
        number = clean_account(vals.get("acc_number"))
        context = {} if self else self.env.context
        named = vals.get("partner_id", context.get("default_partner_id"))
        holders = self.env["res.partner"].browse(named) or self.partner_id
        if not holders._is_of_customer():
            return super()._sanitize_vals(vals)
        if iban_country(number) and number != normalize_iban(vals["acc_number"]):
            vals["acc_number"] = pretty_iban(number)
        return super()._sanitize_vals(vals)

    @api.constrains("acc_number", "partner_id")
    def _check_meant_iban(self):
        """Core stores a wrong IBAN as the number of a domestic account.

        :raise ValidationError: a customer's starts like an IBAN and is none
        """
        for account in self:
            if iban_country(account.acc_number).lower() not in _map_iban_template:
                continue
            if not account.partner_id._is_of_customer():
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
