from odoo import fields, models


class ResCompany(models.Model):
    """Whether prices typed in documents are learnt."""

    _inherit = "res.company"

    customer_price_learning = fields.Selection(
        [
            ("never", "Never"),
            ("ask", "Ask on confirming"),
            ("always", "Always"),
        ],
        string="Prices learn from documents",
        help="Whether a price typed in an order or an invoice becomes the customer's "
        "special price in the document's tariff, once it is confirmed. Empty is never.",
    )
