from odoo import api, fields, models


class ResPartner(models.Model):
    """Which remittances take a customer's receipts."""

    _inherit = "res.partner"

    remittance_group_id = fields.Many2one(
        "xpyme.remittance.group",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="A remittance of this group takes the customer's receipts. One without "
        "groups takes everybody's.",
    )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "remittance_group_id"]
