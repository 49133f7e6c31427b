from dateutil.relativedelta import relativedelta

from odoo import models

# A SEPA mandate that nobody has used for so long is void.
_MONTHS_UNUSED = 36


class AccountBankingMandate(models.Model):
    """Whether a mandate can be used on a day."""

    _inherit = "account.banking.mandate"
    _technicians_only_read = True

    def _get_obstacle(self, day):
        """Why nothing can be debited by this mandate on ``day``; False if it can."""
        self.ensure_one()
        name = self.unique_mandate_reference
        if self.state not in ("valid", "final"):
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
        account = self.partner_bank_id
        if not account.active or (
            self.format.startswith("sepa_") and account.acc_type != "iban"
        ):
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
