from odoo import fields, models


class OfferDetail(models.Model):
    _inherit = "xpyme.offer.detail"

    origin = fields.Selection(
        selection_add=[
            ("special", "Special price"),
            ("cost", "Margin of the customer's card"),
            ("minimum", "Minimum price"),
        ],
        ondelete={
            "special": "set null",
            "cost": "set null",
            "minimum": "set null",
        },
    )
