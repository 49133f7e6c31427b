from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import banking_days


class AccountPaymentOrder(models.Model):
    """A remittance: a debit order of OCA's batch payments."""

    _inherit = "account.payment.order"
    _technicians_only_read = True

    remittance_group_ids = fields.Many2many(
        "xpyme.remittance.group",
        check_company=True,
        help="Customers of these groups are proposed; empty: all.",
    )

    def draft2open(self):
        """:raise UserError: a receipt that cannot be debited, or not with that amount
        :raise RedirectWarning: the method has no account for receipts on their way"""
        for remittance in self.filtered(lambda order: order.payment_type == "inbound"):
            remittance._check_mandates()
            remittance._check_amounts()
            if remittance.journal_id:
                remittance.payment_method_line_id._check_remittance_account(
                    remittance.journal_id
                )
        return super().draft2open()

    def open2generated(self):
        """:raise UserError: a receipt has been paid, or its invoice taken back"""
        inbound = self.filtered(lambda order: order.payment_type == "inbound")
        for remittance in inbound:
            remittance._check_amounts()
        return super().open2generated()

    def generated2uploaded(self):
        """What the bank got remains a debt as long as it may return it."""
        res = super().generated2uploaded()
        inbound = self.filtered(lambda order: order.payment_type == "inbound")
        inbound.payment_ids._set_returnable_until()
        return res

    def _check_mandates(self):
        """:raise UserError: OCA's own check comes too late to be read"""
        lacking = self.payment_line_ids.filtered(
            lambda line: line.mandate_required and not line.mandate_id
        )
        if lacking:
            raise UserError(
                self.env._(
                    "These customers have no mandate in force: %s. Take their receipts "
                    "out of the remittance, or have the mandates signed.",
                    ", ".join(sorted(set(lacking.partner_id.mapped("display_name")))),
                )
            )
        obstacles = self.payment_line_ids._describe_mandate_obstacles()
        if obstacles:
            raise UserError(
                self.env._(
                    "These receipts cannot be debited; take them out of the "
                    "remittance, or have new mandates signed:\n%s",
                    "\n".join(obstacles),
                )
            )

    def _check_amounts(self):
        """:raise UserError: a receipt is debited with more than is owed by now"""
        changed = self.payment_line_ids.filtered(lambda line: line._is_beyond_debt())
        if changed:
            raise UserError(
                self.env._(
                    "Less is owed by now than would be debited: %s. Take these "
                    "receipts out of the remittance, and into it again if something "
                    "is left.",
                    ", ".join(
                        self.env._(
                            "%(receipt)s of %(customer)s",
                            receipt=line.move_line_id.move_id.name,
                            customer=line.partner_id.display_name,
                        )
                        for line in changed
                    ),
                )
            )

    def action_return_receipts(self):
        """A return of receipts of this remittance, to be told which."""
        self.ensure_one()
        line = self.payment_method_line_id._get_remitting_line(self.journal_id)
        return {
            "name": self.env._("Returned receipts"),
            "type": "ir.actions.act_window",
            "res_model": "payment.return",
            "views": [(False, "form")],
            "context": {
                "default_company_id": self.company_id.id,
                "default_journal_id": self.journal_id.id,
                "default_payment_method_line_id": line.id,
            },
        }


class AccountPaymentLine(models.Model):
    """A receipt in a remittance."""

    _inherit = "account.payment.line"
    _technicians_only_read = True

    _open_receipt_uniq = models.UniqueIndex(
        "(move_line_id) WHERE payment_type = 'inbound'"
        " AND state IN ('draft', 'open', 'generated')",
        "A receipt stands in another remittance already: look for it there, or make "
        "this remittance again.",
    )

    def _describe_mandate_obstacles(self):
        """Why the mandates of these receipts are none for them, one line a customer."""
        debits, obstacles = {}, {}
        for line in self.filtered("mandate_id"):
            mandate = line.mandate_id
            due = line.ml_maturity_date or fields.Date.context_today(line)
            day = line._get_debit_date(due)
            method = line.order_id.payment_method_line_id
            debit = day if method.group_lines else line
            obstacle = mandate._get_obstacle(day)
            obstacle = obstacle or mandate._get_second_debit_obstacle(debits, debit)
            if obstacle:
                obstacles[line.partner_id] = obstacle
        return [
            f"{partner.display_name}: {obstacle}"
            for partner, obstacle in obstacles.items()
        ]

    def _is_beyond_debt(self):
        """Whether more is debited than the receipt has left; another line has none."""
        self.ensure_one()
        receipt = self.move_line_id
        if not receipt:
            return False
        left = (
            receipt.amount_residual_currency if receipt.parent_state == "posted" else 0
        )
        return self.currency_id.compare_amounts(self.amount_currency, left) > 0

    def _prepare_write_draft2open(self):
        """Debited when the customer pays and banks work."""
        vals = super()._prepare_write_draft2open()
        if self.payment_type == "inbound":
            vals["date"] = self._get_debit_date(vals["date"])
        return vals

    def _get_debit_date(self, date):
        customer = self.partner_id.commercial_partner_id
        fixed = self.order_id.date_prefered == "fixed"
        today = fields.Date.context_today(self)
        earliest = max(date, banking_days.first_debit_date(today))
        moved = not fixed and customer._get_debit_date(date)
        return moved or banking_days.next_banking_day(earliest)

    def _prepare_overview_row(self):
        """What the customer's card tells of this receipt."""
        move = self.move_line_id.move_id
        paid = self.payment_ids.move_id.line_ids.matched_debit_ids.debit_move_id
        returned = bool(paid.move_id.payment_return_ids)
        if returned:
            situation = self.env._("Returned")
        elif self.state == "uploaded":
            situation = self.env._("Given to the bank")
        else:
            situation = self.env._("Being prepared")
        return {
            "receipt": move.name or self.communication,
            "remittance": self.order_id.name,
            "date": self.date or self.ml_maturity_date,
            "amount": self.currency_id.format(self.amount_currency),
            "situation": situation,
            "returned": returned,
        }
