from odoo import api, fields, models

LINE_KINDS = [
    ("product", "Article"),
    ("title", "Title"),
    ("comment", "Comment"),
    ("separator", "Separator"),
]


class OfferLine(models.Model):
    """A line of a customer's own offer (seed 004: Fidelización, *Tipo de línea*)."""

    _name = "xpyme.offer.line"
    _technicians_only_read = True
    _description = "Line of a Customer's Offer"
    _order = "sequence, id"
    _rec_name = "summary"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        LINE_KINDS, string="Line type", required=True, default="product"
    )
    product_id = fields.Many2one(
        "product.product",
        string="Article",
        domain="[('sale_ok', '=', True)]",
        check_company=True,
        ondelete="restrict",
    )
    price = fields.Float(
        min_display_digits="Product Price",
        help="The customer's own price in offers, in the company's currency; the "
        "margins of a campaign are added to it. Empty: special price, cost with margin "
        "or tariff.",
    )
    text = fields.Char(help="The title, or the comment; an empty one is a blank line.")
    summary = fields.Char(
        string="Contents",
        compute="_compute_summary",
        store=True,
        help="Stored, so that the customer's card need not read the articles.",
    )

    _kind_product = models.Constraint(
        "CHECK ((kind = 'product') = (product_id IS NOT NULL))",
        "A line of the type Article needs an article, and no other line has one. "
        "Choose the article, or change the type of the line.",
    )
    _price_positive = models.Constraint(
        "CHECK (price IS NULL OR price >= 0)",
        "The price of an offer cannot be negative. Type 0 to leave it to the tariff.",
    )

    @api.depends("kind", "text", "product_id.name", "product_id.default_code")
    def _compute_summary(self):
        for line in self:
            product = line.product_id
            code = f"[{product.default_code}] " if product.default_code else ""
            line.summary = f"{code}{product.name}" if product else line.text or ""

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind != "product":
            self.product_id, self.price = False, 0
