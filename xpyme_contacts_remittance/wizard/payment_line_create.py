from odoo import api, fields, models
from odoo.fields import Domain


class AccountPaymentLineCreate(models.TransientModel):
    """OCA's window for more receipts in a remittance, by group too."""

    _inherit = "account.payment.line.create"

    remittance_group_ids = fields.Many2many(
        "xpyme.remittance.group", help="Customers of these groups; empty: all."
    )

    @api.model
    def default_get(self, field_list):
        res = super().default_get(field_list)
        order = self.env["account.payment.order"].browse(res["order_id"])
        res["remittance_group_ids"] = [(6, 0, order.remittance_group_ids.ids)]
        return res

    def _prepare_move_line_domain(self):
        domain = super()._prepare_move_line_domain()
        if self.remittance_group_ids:
            domain &= Domain(
                "partner_id.remittance_group_id", "in", self.remittance_group_ids.ids
            )
        return domain

    @api.depends("remittance_group_ids")
    def _compute_eligible_move_line_ids(self):
        return super()._compute_eligible_move_line_ids()
