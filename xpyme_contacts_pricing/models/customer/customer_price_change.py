from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import sides


class CustomerPriceChange(models.Model):
    """A special price that a document or a revision changed, and the way back.

    Amounts are in the company's currency.
    """

    _name = "xpyme.customer.price.change"
    _description = "Change of a Special Price"
    _technicians_only_read = True
    _order = "id desc"
    _rec_name = "price_id"

    price_id = fields.Many2one(
        "xpyme.customer.price",
        string="Special Price",
        required=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="price_id.partner_id", store=True, index=True)
    product_id = fields.Many2one(related="price_id.product_id", store=True)
    company_id = fields.Many2one(related="price_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    tariff = fields.Integer(required=True, aggregator=None)
    old_side = fields.Char(size=1)
    new_side = fields.Char(size=1)
    old_price = fields.Float(min_display_digits="Product Price", aggregator=None)
    new_price = fields.Float(min_display_digits="Product Price", aggregator=None)
    old_pvp = fields.Float(
        string="Old with Tax", min_display_digits="Product Price", aggregator=None
    )
    new_pvp = fields.Float(
        string="New with Tax", min_display_digits="Product Price", aggregator=None
    )
    source = fields.Char(help="The document or the revision that changed the price.")
    undone = fields.Boolean(help="The old price was put back.")

    def action_undo(self):
        """Put the old prices back.

        :raise UserError: a price has changed again since
        """
        compare = self.env["decimal.precision"]._compare_prices
        for change in self.filtered(lambda change: not change.undone):
            price, tariff = change.price_id, change.tariff
            now = price[f"price_{tariff}"]
            if compare(now, change.new_price):
                raise UserError(
                    self.env._(
                        "The price of %s has changed again since: undo the last change "
                        "first, or type the price.",
                        price.product_id.display_name,
                    )
                )
            letters = list(sides.normalise(price.typed_sides))
            letters[tariff - 1] = change.old_side or sides.NONE
            price.write(
                {
                    "typed_sides": "".join(letters),
                    f"price_{tariff}": change.old_price,
                    f"pvp_{tariff}": change.old_pvp,
                }
            )
            # sudo: a row of history is marked, by whoever could write the price.
            change.sudo().undone = True
        return True
