from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class SaleOrder(models.Model):
    """A dead order: confirmed, never to be invoiced, and no risk any more.

    A risk manager leaves it out with a reason; the report tells of it. Whatever goes
    through its stages anew, or is sold on in, counts again.
    """

    _inherit = "sale.order"

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

    def _check_risk_left_out_vals(self, vals):
        """Called before create and write.

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
        """Count the orders ``self`` again that were left out."""
        left_out = self.filtered("risk_left_out")
        if left_out:
            # sudo: whoever sells on in a dead order is seldom a risk manager.
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
