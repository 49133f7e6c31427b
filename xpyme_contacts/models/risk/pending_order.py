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
        groups="base.group_user",
        help="What is left to invoice of a confirmed order with tax, delivered or not, "
        "less the down payments invoiced; in the order's currency.",
    )

    risk_left_out = fields.Boolean(
        string="Left Out of the Risk",
        copy=False,
        readonly=True,
        tracking=True,
        groups="base.group_user",
        help="What is left to invoice of the order is no debt of the customer: a risk "
        "manager has said that it will never be invoiced.",
    )
    risk_left_out_reason = fields.Char(
        string="Why It Is Left Out",
        copy=False,
        readonly=True,
        groups="base.group_user",
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
        "order_line.invoice_lines.price_total",
        "order_line.invoice_lines.move_id.state",
        "order_line.invoice_lines.move_id.move_type",
    )
    def _compute_risk_to_invoice(self):
        for order in self:
            is_pending = order.state == "sale" and order.invoice_status != "invoiced"
            order.risk_to_invoice = is_pending and order._get_left_to_invoice()

    def _get_left_to_invoice(self):
        """What is left to invoice with tax, in the order's currency.

        What has been invoiced in excess of a line does not lower the others.
        """
        self.ensure_one()
        down_payments = self.order_line.filtered("is_downpayment")
        left = sum(
            line._get_left_to_invoice() for line in self.order_line - down_payments
        )
        for invoiced in down_payments.invoice_lines:
            if invoiced.move_id.state != "cancel":
                is_refund = invoiced.move_id.move_type == "out_refund"
                left -= invoiced.price_total * (-1 if is_refund else 1)
        return left

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
        self.write({"risk_left_out": False, "risk_left_out_reason": False})


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_left_to_invoice(self):
        """What is left to invoice of the line with tax, in the order's currency.

        The quantity ordered counts, or the one delivered if more of it is invoiced by
        delivery. A return lowers the order, when it is invoiced by delivery once it has
        come back.
        """
        self.ensure_one()
        ordered, to_invoice = self.product_uom_qty, self.qty_to_invoice
        if ordered > 0:
            left = max(ordered - self.qty_invoiced, to_invoice, 0.0)
        elif ordered < 0:
            left = min(to_invoice, 0.0)
        else:
            return self._get_total_of(max(to_invoice, 0.0))
        return self.price_total * left / ordered

    def _get_total_of(self, quantity):
        """The line's total with tax for another quantity, as core reckons its own."""
        self.ensure_one()
        taxes = self.env["account.tax"]
        company = self.company_id or self.env.company
        line = self._prepare_base_line_for_taxes_computation(quantity=quantity)
        taxes._add_tax_details_in_base_line(line, company)
        taxes._round_base_lines_tax_details([line], company)
        return line["tax_details"]["total_included_currency"]
