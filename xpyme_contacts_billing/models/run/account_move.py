from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    billing_run_item_id = fields.Many2one(
        "xpyme.billing.run.item",
        string="Billing Run",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        help="What made this invoice.",
    )
