from odoo import api, fields, models
from odoo.exceptions import UserError


class RemittanceGroup(models.Model):
    """Customers whose receipts go to the bank together (seed 004, Factura: Remesas)."""

    _name = "xpyme.remittance.group"
    _technicians_only_read = True
    _description = "Remittance Group"
    _order = "code, name"
    _rec_names_search = ["name", "code"]

    code = fields.Char(size=10, help="Short code, to type instead of the name.")
    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "There is a remittance group with this code already.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unused(self):
        """:raise UserError: a customer is in it"""
        # sudo: customers of other companies too, archived ones included.
        customers = self.env["res.partner"].sudo().with_context(active_test=False)
        count = customers.search_count(
            [("remittance_group_id", "in", self.ids), ("parent_id", "=", False)]
        )
        if count:
            raise UserError(
                self.env._(
                    "This remittance group has customers (%s): give them another one "
                    "first, or archive the group.",
                    count,
                )
            )
