from odoo import fields, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "xpyme.customer.document.mixin"]

    def _prepare_invoice(self):
        return {**super()._prepare_invoice(), "contact_id": self.contact_id.id}

    customer_ref = fields.Char(
        string="Customer Code",
        related="partner_id.commercial_partner_id.ref",
        exportable=False,
        help="The customer's code, also where the document goes to a contact or to an "
        "address.",
    )
