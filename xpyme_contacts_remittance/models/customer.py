from odoo import api, fields, models

# How many of a customer's last receipts the card tells.
_SHOWN = 20


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

    def get_receipts_overview(self):
        """By which mandate the customer is debited, and in which remittances their last
        receipts are; as HTML, for users who may see debts.

        :raise AccessError: the user may not read the customer
        """
        self.ensure_one()
        self.check_access("read")
        if not self._may_see_risk():
            return ""
        # sudo: whoever sees what a customer owes, sees where their receipts are.
        customer = self.sudo().commercial_partner_id
        lines = customer.env["account.payment.line"].search(
            [
                ("partner_id", "=", customer.id),
                ("payment_type", "=", "inbound"),
                ("state", "!=", "cancel"),
                ("company_id", "in", self.env.companies.ids),
            ],
            limit=_SHOWN,
            order="id desc",
        )
        return self.env["ir.qweb"]._render(
            "xpyme_contacts_remittance.receipts_overview",
            {
                "customer": customer,
                "rows": [line._prepare_overview_row() for line in lines],
            },
        )
