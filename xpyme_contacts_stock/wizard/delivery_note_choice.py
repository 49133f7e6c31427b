from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class DeliveryNoteChoice(models.TransientModel):
    """Which of very many special prices a delivery note begins with."""

    _name = "xpyme.delivery.note.choice"
    _description = "Choice of Articles for a Delivery Note"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True
    )
    categ_ids = fields.Many2many(
        "product.category", string="Families", help="Empty: of all families."
    )
    bought_since = fields.Date(
        help="Articles that the customer has ordered from this day on. Empty: all."
    )
    article_count = fields.Integer(
        string="Articles", compute="_compute_article_count", help="As many lines."
    )

    @api.depends("partner_id", "categ_ids", "bought_since")
    def _compute_article_count(self):
        for choice in self:
            choice.article_count = len(choice._get_prices().product_id)

    def _get_prices(self):
        customer = self.partner_id.commercial_partner_id
        prices = customer._get_prices_to_deliver()
        if self.categ_ids:
            families = Domain("id", "child_of", self.categ_ids.ids)
            families = self.env["product.category"].search(families)
            prices = prices.filtered(lambda price: price.categ_id in families)
        if self.bought_since:
            bought = self._get_articles_bought()
            prices = prices.filtered(lambda price: price.product_id in bought)
        return prices

    def _get_articles_bought(self):
        domain = Domain("order_id.partner_id", "child_of", self.partner_id.id)
        domain &= Domain("state", "=", "sale")
        domain &= Domain("order_id.date_order", ">=", self.bought_since)
        domain &= Domain("company_id", "=", self.env.company.id)
        # sudo: which articles, whoever of the shop sold them.
        lines = self.env["sale.order.line"].sudo()
        rows = lines._read_group(domain, ["product_id"])
        return self.env["product.product"].union(*(product for [product] in rows))

    def action_create_delivery_note(self):
        """A draft of the articles that were chosen.

        :raise UserError: there are none
        """
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        customer._check_not_blocked()
        prices = self._get_prices()
        if not prices and (self.categ_ids or self.bought_since):
            raise UserError(
                self.env._(
                    "No article that has a special price is like what you chose: "
                    "choose other families or an earlier day, or leave them empty."
                )
            )
        return customer._create_delivery_note(prices)
