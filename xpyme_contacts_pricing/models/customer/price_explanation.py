from odoo import api, models
from odoo.tools import formatLang


class PriceExplanation(models.AbstractModel):
    """The steps of a price in words (screens: *por qué este precio*)."""

    _name = "xpyme.price.explanation"
    _description = "Explanation of a Price"

    @api.model
    def _describe(self, found, currency):
        """Short sentences, one a step, with figures in ``currency``."""

        def money(amount):
            return self.env["decimal.precision"]._format_price(amount, currency)

        def percent(amount):
            return formatLang(self.env, amount, digits=2).rstrip("0").rstrip(".,")

        sentences = self._get_sentences()
        lines = []
        for step in found.steps:
            words = {
                key: money(value)
                if key in ("price", "cost")
                else percent(value)
                if key in ("percent", "discount")
                else value
                for key, value in step.items()
            }
            lines.append(sentences[step["code"]] % words)
        return lines

    @api.model
    def _get_sentences(self):
        """A sentence for each kind of step; add those of your own steps."""
        return {
            "special": self.env._("Special price, tariff %(tariff)s: %(price)s"),
            "no_cost": self.env._("The article has no cost: the tariff holds"),
            "cost_sale": self.env._("Cost %(cost)s, %(percent)s %% on sale: %(price)s"),
            "cost_cost": self.env._("Cost %(cost)s, %(percent)s %% on cost: %(price)s"),
            "tariff": self.env._("Tariff %(name)s: %(price)s"),
            "card": self.env._("Price of the article's card: %(price)s"),
            "increase": self.env._("Increase of %(percent)s %%: %(price)s"),
            "no_discount": self.env._(
                "No discounts on this article; its own: %(percent)s %%"
            ),
            "special_discount": self.env._("Discount of the article: %(percent)s %%"),
            "family": self.env._("Discount of the family: %(percent)s %%"),
            "discount_tariff": self.env._("Discount tariff: %(percent)s %%"),
            "pricelist": self.env._("Discount of the tariff: %(percent)s %%"),
            "header": self.env._(
                "Discount of the document %(percent)s %%, in all %(discount)s %%"
            ),
            "fiscal_position": self.env._(
                "Taxes of the fiscal position %(name)s: %(price)s to pay"
            ),
            "minimum": self.env._("Minimum price: %(price)s"),
        }
