from odoo import fields, models
from odoo.tools import format_date

from odoo.addons.xpyme_contacts.tools.inner import heard

from ..tools import banking_days
from ..tools.receipt import Receipt

OPEN_STATES = ("draft", "open", "generated")


class ResPartner(models.Model):
    """When the bank may debit a customer."""

    _inherit = "res.partner"

    def _get_debit_date(self, due):
        """When a receipt due on ``due`` is debited: on a pay day of the customer, not
        while they are away, when banks work, and never sooner than the bank can.

        :return: a date; None if they are away for good
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        day = max(due or today, banking_days.first_debit_date(today))
        while day := self._get_pay_day_from(day):
            # A pay day on a Sunday is debited on Monday, whatever day that is.
            day = banking_days.next_banking_day(day)
            present = self._get_pay_day_from(day, any_day=True)
            if present in (day, None):
                return present
            day = present
        return None

    def _get_debit_obstacle(self, method_line, mandate, date):
        """Why nothing of this customer can be debited; False if it can."""
        self.ensure_one()
        method = method_line.payment_method_id
        if method.mandate_required:
            if not mandate:
                return self._describe_lack_of_mandate(method_line.company_id)
            return mandate._get_obstacle(date, self)
        if method.bank_account_required and not self.bank_ids:
            return self.env._("The customer has no bank account.")
        return False

    def _get_mandates(self, company):
        """What the customer signed for ``company``, of accounts that are in use."""
        return self.bank_ids.mandate_ids.filtered(
            lambda mandate: mandate.company_id == company
        )

    def _describe_lack_of_mandate(self, company):
        """No mandate in force: the last one that there was, or none."""
        mandates = self._get_mandates(company)
        if mandates:
            return mandates[0]._get_obstacle(None, self)
        if not self.bank_ids:
            return self.env._("The customer has neither an IBAN nor a mandate.")
        return self.env._("The customer has signed no mandate.")


class AccountMoveLine(models.Model):
    """Receipts: what customers owe, as a remittance judges it."""

    _inherit = "account.move.line"

    def reconcile(self):
        """What was settled after the bank got the file leaves its debit open."""
        lines = self
        if heard(self.env.context, "xpyme_receipts_sent"):
            lines = self.filtered(
                lambda line: line.parent_state == "posted" and not line.reconciled
            )
        return super(AccountMoveLine, lines).reconcile()

    def _judge_receipts(self, method_line, fixed_date=None):
        """Which of the open items ``self`` enter a remittance, when and why not.

        :param fixed_date: the date of them all; each has its own without it
        :return: list of ``Receipt``
        """
        method_line = method_line.with_company(method_line.company_id)
        lines = self.with_company(method_line.company_id)
        return [line._judge_receipt(method_line, fixed_date) for line in lines]

    def _judge_receipt(self, method_line, fixed_date):
        customer = self.partner_id.commercial_partner_id
        date = fixed_date or customer._get_debit_date(self.date_maturity)
        mandate = self._get_remittance_mandate(customer, date)
        reason = (
            self._get_own_obstacle(method_line)
            or customer._get_debit_obstacle(method_line, mandate, date)
            or self._get_date_obstacle(method_line, date, fixed_date)
        )
        return Receipt(self, self.amount_residual, date, mandate, reason)

    def _get_remittance_mandate(self, customer, date):
        """The mandate of the invoice if it can be used on ``date``, else another one of
        the customer; one that cannot if there is no other."""
        own = self.move_id.mandate_id
        if own and not own._get_obstacle(date, customer):
            return own
        mandates = customer._get_mandates(self.company_id)
        usable = mandates.filtered(
            lambda mandate: not mandate._get_obstacle(date, customer)
        )
        # The first one that is not the last debit, as OCA has it.
        usable = usable.sorted(lambda mandate: mandate.state == "final")
        return usable[:1] or customer.valid_mandate_id or own

    def _get_own_obstacle(self, method_line):
        """Why this receipt cannot be debited at all; False if it can."""
        open_lines = self.payment_line_ids.filtered(
            lambda line: line.state in OPEN_STATES
        )
        if open_lines:
            return self.env._(
                "It stands in another remittance: %s.", open_lines.order_id[:1].name
            )
        if self.currency_id != self.company_id.currency_id:
            return self.env._(
                "It is in %(currency)s, and remittances are in %(own)s.",
                currency=self.currency_id.name,
                own=self.company_id.currency_id.name,
            )
        preferred = self.move_id.preferred_payment_method_line_id
        mode = method_line.default_payment_mode
        if mode and mode != "any" and preferred != method_line:
            if preferred:
                return self.env._("It is paid otherwise: %s.", preferred.display_name)
            if mode == "same":
                return self.env._("The invoice has no payment method.")
        journals = method_line.default_journal_ids
        if journals and self.journal_id not in journals:
            return self.env._(
                "Its journal is %s, which the payment method does not take: add it to "
                "the journals there.",
                self.journal_id.display_name,
            )
        return False

    def _get_date_obstacle(self, method_line, date, fixed_date):
        """Why the date is none for this receipt; False if it is."""
        if not date:
            return self.env._("The customer is away for good.")
        if not fixed_date:
            return False
        customer = self.partner_id.commercial_partner_id
        present = customer._get_pay_day_from(date, any_day=True)
        if present != date:
            return self.env._("The customer is away on that day.")
        due = self.date_maturity
        if method_line.no_debit_before_maturity and due and due > date:
            return self.env._(
                "It is due after the day of the remittance: %s.",
                format_date(self.env, due),
            )
        return False
