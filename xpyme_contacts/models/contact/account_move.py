from odoo import fields, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "xpyme.customer.document.mixin"]

    customer_ref = fields.Char(
        string="Customer Code",
        related="partner_id.commercial_partner_id.ref",
        exportable=False,
        help="The customer's code, also where the document goes to a contact or to an "
        "address.",
    )
