from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import UserError

# A SEPA mandate that nobody has used for so long is void.
_MONTHS_UNUSED = 36
_IN_FORCE = ("valid", "final")


class AccountBankingMandate(models.Model):
    """Whether a mandate can be used on a day."""

    _inherit = "account.banking.mandate"
    _technicians_only_read = True

    def _get_obstacle(self, day, customer):
        """Why nothing of ``customer`` is debited by this mandate on ``day``; False if
        it can be."""
        self.ensure_one()
        name = self.unique_mandate_reference
        owners = self.partner_id + self.partner_bank_id.partner_id
        if owners.commercial_partner_id != customer:
            return self.env._("The mandate %s is of another customer.", name)
        if self.state not in _IN_FORCE:
            states = dict(self._fields["state"]._description_selection(self.env))
            return self.env._(
                "The mandate %(name)s is not in force: %(state)s.",
                name=name,
                state=states[self.state].lower(),
            )
        if self.type == "oneoff" and self.last_debit_date:
            return self._describe_single_debit()
        used = self.last_debit_date or self.signature_date
        if self.format.startswith("sepa_") and used and day:
            if used + relativedelta(months=_MONTHS_UNUSED) < day:
                return self.env._(
                    "The mandate %(name)s has not been used for %(months)s months.",
                    name=name,
                    months=_MONTHS_UNUSED,
                )
        return self._get_account_obstacle()

    def _get_account_obstacle(self):
        """Why the account of this mandate cannot be debited; False if it can."""
        name, account = self.unique_mandate_reference, self.partner_bank_id
        if not account.active:
            return self.env._("The account of the mandate %s is archived.", name)
        if self.format.startswith("sepa_") and account.acc_type != "iban":
            return self.env._("The mandate %s has no IBAN.", name)
        return False

    def _get_second_debit_obstacle(self, debits, debit):
        """Why a mandate for one debit has no other in a remittance; False if it has.

        :param debits: ``{mandate: its debit}`` so far, to be kept by the caller
        """
        if self.type == "oneoff" and debits.setdefault(self, debit) != debit:
            return self._describe_single_debit()
        return False

    def _describe_single_debit(self):
        """Why nothing more is debited by a mandate for one debit."""
        name = self.unique_mandate_reference
        return self.env._("The mandate %s was for one debit only.", name)


class ResPartnerBank(models.Model):
    """The account that a customer signed for is debited, and no other."""

    _inherit = "res.partner.bank"

    def write(self, vals):
        """:raise UserError: another number, and a mandate is in force for the old"""
        if not vals.keys() & {"acc_number", "sanitized_acc_number"}:
            return super().write(vals)
        # sudo: mandates given to any company; nothing of them but a name is told.
        signed = {
            account: account.sanitized_acc_number
            for account in self
            if account.sudo()._get_mandates_in_force()
        }
        res = super().write(vals)
        for account, number in signed.items():
            if account.sanitized_acc_number != number:
                mandates = account.sudo()._get_mandates_in_force()
                raise UserError(
                    self.env._(
                        "The customer signed the mandate %(mandates)s for the account "
                        "%(account)s: enter the other account beside it and have a new "
                        "mandate signed, or cancel the mandate first.",
                        mandates=", ".join(mandates.mapped("unique_mandate_reference")),
                        account=number,
                    )
                )
        return res

    def _get_mandates_in_force(self):
        return self.mandate_ids.filtered(lambda mandate: mandate.state in _IN_FORCE)
