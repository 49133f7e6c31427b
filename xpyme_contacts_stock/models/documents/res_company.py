from odoo import fields, models


class ResCompany(models.Model):
    """How delivery notes begin and leave."""

    _inherit = "res.company"

    delivery_note_quantity = fields.Selection(
        [("one", "One of each"), ("zero", "None: type what leaves")],
        string="Quantity in a New Delivery Note",
        help="Of the articles that the card's button begins it with. Empty: one of "
        "each.",
    )
    delivers_unreserved = fields.Boolean(
        string="Deliver without Stock",
        help="The button that delivers and prints takes what was ordered, whatever the "
        "stock says. Without it Odoo asks about what is missing.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    delivery_note_quantity = fields.Selection(
        related="company_id.delivery_note_quantity", readonly=False
    )
    delivers_unreserved = fields.Boolean(
        related="company_id.delivers_unreserved", readonly=False
    )
