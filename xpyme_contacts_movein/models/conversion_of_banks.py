"""What the cells of a row say of a customer's account."""

from odoo.exceptions import ValidationError

from odoo.addons.base_iban.models.res_partner_bank import (
    _map_iban_template,
    validate_iban,
)
from odoo.addons.xpyme_contacts.tools.bank import (
    clean_account,
    iban_country,
    is_bic,
    normalise_bic,
)

from ..tools import converters as conv


class BankConverter:
    """The part of ``CustomerConverter`` that reads accounts."""

    def _add_bank(self):
        number = self._read_account()
        if {"iban", "bank_account"} & self.mapped:
            self.vals["account"] = number or False
        if number:
            bic = normalise_bic(self.get("bic"))
            if bic and not is_bic(bic):
                self.note(self.env._("%s is no Swift code: it is left out.", bic))
                bic = ""
            self.vals["bank"] = [bic, self.get("bank_name")]

    def _read_account(self):
        """The number of the account, "" for none; a wrong one is noted."""
        parts = [
            self.get(f"bank_{part}")
            for part in ("entity", "branch", "digits", "account")
        ]
        number = clean_account(self.get("iban"))
        is_spanish = self._get_country().code == "ES"
        try:
            if is_spanish and number.isdigit() and len(number) == 20:
                parts, number = conv.cut_account(number), ""
            if not number and any(parts):
                digits = conv.join_account(*parts)
                number = digits and conv.as_iban(digits)
            self._check_account(number)
        except ValueError:
            number = number or " ".join(filter(None, parts))
            self.note(
                self.env._("The account %s is not valid: it is left out.", number)
            )
            return ""
        return number

    def _check_account(self, number):
        """:raise ValueError: what is meant to be an IBAN is none"""
        if iban_country(number).lower() in _map_iban_template:
            try:
                validate_iban(number)
            except ValidationError as error:
                raise ValueError(number) from error
