from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class SaleOrder(models.Model):
    """What is left to invoice of a confirmed order, a debt of its customer.

    It is stored, and computed again whenever the lines or their invoices change, so
    that what all customers owe is one sum over their orders. A dead order, which will
    never be invoiced, a risk manager leaves out with a reason; the report shows it, and
    an order that goes through its stages again, or grows, counts again.
    """

    _inherit = "sale.order"

    risk_to_invoice = fields.Float(
        string="Left to Invoice",
        digits=(16, 6),
        compute="_compute_risk_to_invoice",
        store=True,
        aggregator=None,
        help="What is left to invoice of a confirmed order with tax, delivered or not, "
        "less the down payments invoiced; in the order's currency.",
    )

    risk_left_out = fields.Boolean(
        string="Left Out of the Risk",
        copy=False,
        readonly=True,
        tracking=True,
        help="What is left to invoice of the order is no debt of the customer: a risk "
        "manager has said that it will never be invoiced.",
    )
    risk_left_out_reason = fields.Char(
        string="Why It Is Left Out", copy=False, readonly=True
    )

    # === LEFT TO INVOICE ===#

    @api.depends(
        "state",
        "invoice_status",
        "order_line.price_total",
        "order_line.price_unit",
        "order_line.discount",
        "order_line.tax_ids",
        "order_line.product_uom_qty",
        "order_line.qty_invoiced",
        "order_line.qty_to_invoice",
        "order_line.is_downpayment",
        "partner_invoice_id",
        "order_line.invoice_lines.price_total",
        "order_line.invoice_lines.move_id.commercial_partner_id",
        "order_line.invoice_lines.move_id.state",
        "order_line.invoice_lines.move_id.move_type",
        "order_line.invoice_lines.move_id.currency_id",
        "order_line.invoice_lines.move_id.invoice_currency_rate",
        # What is paid of them. Core's residual depends on all figures of an invoice,
        # each of which would look for orders.
        "order_line.invoice_lines.move_id.line_ids.matched_debit_ids.amount",
        "order_line.invoice_lines.move_id.line_ids.matched_credit_ids.amount",
    )
    def _compute_risk_to_invoice(self):
        for order in self:
            is_pending = order.state == "sale"
            order.risk_to_invoice = is_pending and order._get_left_to_invoice()

    def _get_left_to_invoice(self):
        """What is left to invoice with tax, in the order's currency.

        What has been invoiced in excess of a line does not lower the others, and what
        down payments have beyond the order lowers the debt only once it is paid.
        """
        self.ensure_one()
        down_payments = self.order_line.filtered(lambda line: line._is_advance())
        lines = self.order_line - down_payments
        invoiced, paid = down_payments._get_invoiced_and_paid()
        # Core's status looks at no line with the mark, and at links to any invoice.
        if self.invoice_status == "invoiced" and not any(
            line.is_downpayment or line._get_strange_quantity() for line in lines
        ):
            # Only what was paid in advance and never deducted: an advance that was
            # given back opens no order.
            return 0.0 - paid
        left = sum(line._get_left_to_invoice() for line in lines)
        return max(left - invoiced, min(left, 0.0) - paid)

    # === LEFT OUT ===#

    def _check_risk_left_out_vals(self, vals):
        """Refuse to leave an order out by values: called before create and write.

        :raise AccessError: the user leaves an order out and is no risk manager
        """
        if not {"risk_left_out", "risk_left_out_reason"} & vals.keys() or self.env.su:
            return
        if not self.env["res.partner"]._is_risk_manager():
            raise AccessError(
                self.env._(
                    "Only a risk manager leaves an order out of the risk: ask one."
                )
            )

    def _is_left_out_allowed(self):
        return self.state == "sale" and self.invoice_status != "invoiced"

    def _check_left_out_allowed(self):
        """:raise UserError: the order puts nothing at risk"""
        if not self._is_left_out_allowed():
            raise UserError(
                self.env._(
                    "%s has nothing left to invoice: it is no risk that could be left "
                    "out.",
                    self.display_name,
                )
            )

    def _restore_left_out(self):
        """Count those of ``self`` again that were left out of the risk."""
        left_out = self.filtered("risk_left_out")
        if left_out:
            # sudo: who adds to a dead order is seldom a risk manager.
            left_out.sudo().action_count_in_risk()

    def action_leave_out_of_risk(self):
        """*Dejar fuera del riesgo*: asks for the reason."""
        self.ensure_one()
        self._check_left_out_allowed()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leave out of the risk"),
            "res_model": "xpyme.risk.decision",
            "views": [(False, "form")],
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_kind": "left_out",
                "default_res_model": self._name,
                "default_res_ids": self.ids,
            },
        }

    def action_count_in_risk(self):
        """*Volver a contar*: the order is a debt again."""
        return self.write({"risk_left_out": False, "risk_left_out_reason": False})


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_left_to_invoice(self):
        """What is left to invoice of the line with tax, in the order's currency.

        The quantity ordered counts, or the one delivered if more of it is invoiced by
        delivery. A return lowers the order, when it is invoiced by delivery once it has
        come back.
        """
        self.ensure_one()
        ordered = self.product_uom_qty
        if ordered > 0:
            return self._get_left_of_ordered()
        to_invoice = self.qty_to_invoice + self._get_strange_quantity()
        if ordered < 0:
            return self.price_total * min(to_invoice, 0.0) / ordered
        taken = self._get_taken(self._get_invoiced_lines())
        return self._get_total_of(max(to_invoice - taken.corrected, 0.0))

    def _get_total_of(self, quantity):
        """The total with tax of a document with another quantity of the line."""
        self.ensure_one()
        taxes = self.env["account.tax"]
        company = self.company_id or self.env.company
        line = self._prepare_base_line_for_taxes_computation(quantity=quantity)
        taxes._add_tax_details_in_base_line(line, company)
        taxes._round_base_lines_tax_details([line], company)
        details = line["tax_details"]
        # A document rounds the sum, where tax is in the price; its lines their parts.
        delta = details["delta_total_excluded_currency"]
        return details["total_included_currency"] + delta

    def _get_left_of_ordered(self):
        """By quantity, but never more than what is not invoiced in money."""
        ordered = self.product_uom_qty
        invoiced = self._get_invoiced_lines()
        taken = self._get_taken(invoiced)
        not_billed = self._get_strange_quantity() - taken.corrected
        billed = self.qty_invoiced - not_billed
        to_invoice = self.qty_to_invoice + not_billed
        left = max(ordered - billed, to_invoice, 0.0)
        amount = self.price_total * left / ordered
        if amount <= 0 or not invoiced:
            return amount
        whole = self.price_total * max(ordered, billed + left) / ordered
        return min(amount, max(whole - taken.amount, 0.0))

    def _get_invoiced_lines(self):
        own = self._get_own_invoice_lines()
        return own.filtered(lambda line: line.parent_state != "cancel")

    def _get_strange_quantity(self):
        """What core takes for invoiced by lines of invoices to somebody else."""
        if not self.invoice_lines:
            return 0.0
        strange = self.invoice_lines - self._get_own_invoice_lines()
        return sum(
            line._get_quantity_in(self) * -line.move_id.direction_sign
            for line in strange
            if line.parent_state != "cancel"
        )

    def _get_invoiced_and_paid(self):
        """What was invoiced of down payments, less what was given back or deducted, and
        what of it was paid; with tax, in the order's currency."""
        invoiced = paid = 0.0
        # An advance of an order with returns has a line for these too.
        for move, lines in self._get_invoiced_lines().grouped("move_id").items():
            amount = sum(line._get_amount_in(self.order_id) for line in lines)
            invoiced += amount
            if amount < 0:
                paid += amount
            elif move.state == "posted" and move.amount_total:
                paid += amount * (1 - move.amount_residual / move.amount_total)
        return invoiced, max(min(paid, invoiced), 0.0)
