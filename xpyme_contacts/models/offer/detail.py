from odoo import fields, models


class OfferDetail(models.Model):
    """One price of an offer, as it was sent (seed 004: *histórico de envío*)."""

    _name = "xpyme.offer.detail"
    _technicians_only_read = True
    _description = "Article of a Sent Offer"
    _order = "offer_id desc, sequence, quantity, id"
    _rec_name = "product_id"

    offer_id = fields.Many2one(
        "xpyme.offer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(readonly=True)
    product_id = fields.Many2one(
        "product.product",
        string="Article",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    quantity = fields.Float(
        string="From quantity", readonly=True, digits="Product Unit", aggregator=None
    )
    price = fields.Float(
        readonly=True,
        min_display_digits="Product Price",
        aggregator="avg",
        help="In the company's currency.",
    )
    origin = fields.Selection(
        [
            ("line", "Typed for the customer"),
            ("campaign", "Typed for the campaign"),
            ("margin", "Margin on cost"),
            ("tariff", "Tariff"),
        ],
        string="Price from",
        readonly=True,
        help="Why this price.",
    )
    partner_id = fields.Many2one(related="offer_id.partner_id", string="Customer")
    campaign_id = fields.Many2one(related="offer_id.campaign_id")
    company_id = fields.Many2one(related="offer_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(related="offer_id.state")
    sent_at = fields.Datetime(related="offer_id.sent_at")
