from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# Eight weeks without a reason under the CORE scheme; three banking days between
# companies (B2B).
_CORE_DAYS = 56
_B2B_DAYS = 5


class ResCompany(models.Model):
    """How long a remitted receipt counts as a debt."""

    _inherit = "res.company"

    risk_excludes_remitted = fields.Boolean(string="Leave out remitted receipts")
    remittance_risk_days = fields.Integer(
        string="Days of Remitted Receipts",
        default=_CORE_DAYS,
        help="For how many days after its debit a receipt may come back from the bank: "
        "so long it counts as a debt. A debit between companies (B2B) may come back "
        "for five.",
    )

    @api.constrains("remittance_risk_days")
    def _check_remittance_risk_days(self):
        """:raise ValidationError: a negative number"""
        if any(company.remittance_risk_days < 0 for company in self):
            raise ValidationError(
                self.env._(
                    "The days of remitted receipts are negative: type 0 or more."
                )
            )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    risk_excludes_remitted = fields.Boolean(
        related="company_id.risk_excludes_remitted", readonly=False
    )
    remittance_risk_days = fields.Integer(
        related="company_id.remittance_risk_days", readonly=False
    )


class ResPartner(models.Model):
    """What the bank has paid and may still take back (hidden risk)."""

    _inherit = "res.partner"

    @api.model
    def _get_risk_components(self):
        return {
            **super()._get_risk_components(),
            "remitted": {
                "excluded_by": "risk_excludes_remitted",
                "name": self.env._("Remitted receipts"),
                "help": self.env._(
                    "Receipts given to the bank, as long as it may return them."
                ),
                "source": "_get_risk_remitted",
                "model": "account.move.line",
                "document": "account.move",
                "date": "invoice_date",
                "partner": "partner_id",
                "domain": self._get_remitted_domain(),
            },
        }

    @api.model
    def _get_remitted_domain(self):
        """Of receipts that payments of sent remittances have paid."""
        today = fields.Date.context_today(self)
        debit = [("parent_state", "=", "posted")]
        debit += [("payment_id.returnable_until", ">=", today)]
        return [
            ("account_id.account_type", "=", "asset_receivable"),
            ("move_id.payment_return_ids", "=", False),
            ("matched_credit_ids", "any", [("credit_move_id", "any", debit)]),
        ]

    @api.model
    def _get_risk_remitted(self):
        """What payments of sent remittances have paid, and was not returned."""
        return SQL(
            """
            SELECT member.card_id, receipt.company_id, 'remitted', debit.date,
                   receipt.move_id, part.amount
              FROM account_payment debit
              JOIN account_move_line credit
                ON credit.move_id = debit.move_id AND credit.parent_state = 'posted'
              JOIN account_partial_reconcile part ON part.credit_move_id = credit.id
              JOIN account_move_line receipt ON receipt.id = part.debit_move_id
              JOIN account_account account
                ON account.id = receipt.account_id
               AND account.account_type = 'asset_receivable'
              JOIN member ON member.id = receipt.partner_id
              JOIN scope ON scope.id = receipt.company_id
             WHERE debit.returnable_until >= %(today)s
               AND NOT EXISTS (
                   SELECT FROM payment_return WHERE move_id = receipt.move_id)
            """,
            today=fields.Date.context_today(self),
            to_flush=[
                *self._get_flushed_fields(
                    "account.payment", "returnable_until", "date", "move_id"
                ),
                *self._get_flushed_fields(
                    "account.move.line",
                    *("move_id", "parent_state", "account_id", "partner_id"),
                    "company_id",
                ),
                *self._get_flushed_fields(
                    "account.partial.reconcile",
                    *("credit_move_id", "debit_move_id", "amount"),
                ),
                *self._get_flushed_fields("payment.return", "move_id"),
            ],
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    payment_return_ids = fields.One2many(
        "payment.return",
        "move_id",
        bypass_search_access=True,
        export_string_translation=False,
    )


class AccountPayment(models.Model):
    """A receipt that was given to the bank."""

    _inherit = "account.payment"

    returnable_until = fields.Date(
        compute="_compute_returnable_until",
        store=True,
        index="btree_not_null",
        help="Until this day the bank may return the receipt: so long it is a debt.",
    )

    @api.depends("payment_order_id.state")
    def _compute_returnable_until(self):
        """As the company counts it when the remittance is sent."""
        for payment in self:
            order = payment.payment_order_id
            if order.state != "uploaded" or order.payment_type != "inbound":
                payment.returnable_until = False
                continue
            days = payment.company_id.remittance_risk_days
            if payment.payment_lot_id.local_instrument == "B2B":
                days = min(days, _B2B_DAYS)
            payment.returnable_until = payment.date + timedelta(days=days)
