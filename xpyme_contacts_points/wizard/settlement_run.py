from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

# How many are named: of those who get a voucher, and of those left out for one reason.
_ROWS, _NAMES = 50, 10


class PointsSettlementRun(models.TransientModel):
    """The vouchers of many customers: who gets how much, who gets none and why."""

    _name = "xpyme.points.settlement.run"
    _technicians_only_read = True
    _description = "Settle Points"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    customer_type_ids = fields.Many2many(
        "xpyme.customer.type",
        string="Types",
        check_company=True,
        domain=[("voucher_mode", "in", ("percent", "points"))],
        help="Customers of these types only; empty: of all that give vouchers.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        default=lambda self: self._get_chosen_customers(),
        help="These customers only; empty: all whose type gives vouchers.",
    )
    roll_empty = fields.Boolean(
        string="Without Sales, on to the Next Period",
        default=True,
        help="Customers who neither bought nor returned anything in their period get "
        "the next one, so that they are not asked about again.",
    )
    given_count = fields.Integer(compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.constrains("company_id")
    def _check_company_is_own(self):
        """:raise AccessError: another company's figures are not the user's to see"""
        # constraints are asked as superuser
        self.company_id.sudo(False).check_access("read")

    @api.model
    def _get_chosen_customers(self):
        """Those that the list of customers was left with."""
        if self.env.context.get("active_model") != "res.partner":
            return self.env["res.partner"]
        partners = self.env["res.partner"].browse(self.env.context.get("active_ids"))
        return partners.commercial_partner_id

    def _get_customers(self):
        """Whom the window judges, in the company chosen."""
        self.ensure_one()
        partners = self.env["res.partner"].with_company(self.company_id)
        if self.partner_ids:
            domain = Domain("id", "in", self.partner_ids.commercial_partner_id.ids)
        else:
            domain = Domain("is_customer_card", "=", True) & Domain(
                "customer_type_id.voucher_mode", "in", ("percent", "points")
            )
        if self.customer_type_ids:
            domain &= Domain("customer_type_id", "in", self.customer_type_ids.ids)
        return partners.search(domain)

    @api.depends("company_id", "customer_type_ids", "partner_ids", "roll_empty")
    def _compute_preview(self):
        for run in self:
            if not run.company_id:
                run.given_count, run.preview = 0, False
                continue
            verdicts = run._get_customers()._judge_points()
            run.given_count = sum(not verdict.reason for verdict in verdicts)
            run.preview = run._render_preview(verdicts)

    def action_settle(self):
        """Give the vouchers and show what was settled.

        :raise AccessError: the user may not settle
        :raise UserError: nobody gets one
        """
        self.ensure_one()
        self.env["xpyme.points.settlement"]._check_may_settle()
        customers = self._get_customers()
        verdicts, settlements = customers._settle_points(self.roll_empty)
        rolled = self.roll_empty and sum(verdict.is_empty for verdict in verdicts)
        if not settlements and not rolled:
            raise UserError(
                self.env._(
                    "Nobody gets a voucher: see below who is left out and why, or "
                    "choose other customers."
                )
            )
        if not settlements:
            return self._get_rolled_action(rolled)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "xpyme_contacts_points.xpyme_points_settlement_action"
            ),
            "domain": [("id", "in", settlements.ids)],
            "context": {},
        }

    def _get_rolled_action(self, count):
        """Tells that nobody got a voucher, and closes the window."""
        message = self.env._(
            "Nobody gets a voucher. Customers without sales whose next period has "
            "begun: %s.",
            count,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # === PREVIEW ===#

    def _render_preview(self, verdicts):
        given = [verdict for verdict in verdicts if not verdict.reason]
        given.sort(key=lambda verdict: -verdict.amount)
        return self.env["ir.qweb"]._render(
            "xpyme_contacts_points.settlement_preview",
            {
                "rows": given[:_ROWS],
                "more": len(given) > _ROWS
                and self.env._("… and %s more", len(given) - _ROWS),
                "count": len(given),
                "title": self.env._("Total (customers: %s)", len(given)),
                "total": sum(verdict.amount for verdict in given),
                "reasons": self._sum_up_reasons(verdicts),
                "money": self.currency_id.format,
                "day": lambda date: format_date(self.env, date),
                "number": lambda value: self.env["ir.qweb.field.float"].value_to_html(
                    value, {"precision": 2}
                ),
            },
        )

    def _sum_up_reasons(self, verdicts):
        """Rows of a reason, how many are left out for it and their names."""
        by_reason = defaultdict(list)
        for verdict in verdicts:
            if verdict.reason:
                by_reason[verdict.reason].append(verdict)
        return [
            {
                "reason": reason,
                "count": len(left_out),
                "names": self._name_left_out(left_out),
            }
            for reason, left_out in sorted(by_reason.items())
        ]

    def _name_left_out(self, verdicts):
        told = "; ".join(
            " – ".join(
                filter(None, (verdict.customer.name, verdict.detail.rstrip(".")))
            )
            for verdict in verdicts[:_NAMES]
        )
        more = len(verdicts) - _NAMES
        if more > 0:
            return self.env._("%(names)s and %(count)s more", names=told, count=more)
        return told
