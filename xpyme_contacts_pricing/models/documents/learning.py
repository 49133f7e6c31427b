from odoo import models

from ...tools import sides
from ...tools.taxes import TaxMode


class LearningMixin(models.AbstractModel):
    """Prices typed in a document that may become the customer's (seed 004: Precios).

    Only the price of the document's tariff is learnt, never a discount.
    """

    _name = "xpyme.learning.mixin"
    _description = "Line Whose Price May Be Learnt"

    def _get_typed_lines(self):
        """The lines whose price was typed, not merely calculated on another day."""
        raise NotImplementedError

    def _get_learnable_prices(self):
        """What could be learnt: a dictionary for each line with a typed price.

        A typed price that is the automatic one by now teaches nothing. Amounts are in
        the company's currency, for one unit of the article's measure.
        """
        learning = self.company_id.filtered(
            lambda company: company.customer_price_learning in ("ask", "always")
        )
        if not learning:
            return []
        lines = self.filtered(
            lambda line: line.company_id in learning
            and line.price_unit > 0
            and line._get_priced_quantity() > 0
        )
        compare = self.env["decimal.precision"]._compare_prices
        return [
            line._prepare_learnt_price()
            for line, resolved in lines._get_typed_lines()._resolve_lines().items()
            if compare(line.price_unit, line._get_automatic_price(resolved))
        ]

    def _prepare_learnt_price(self):
        self.ensure_one()
        document = self._get_priced_document()
        company, product = self.company_id, self.product_id
        mode = TaxMode(product.taxes_id._filter_taxes_by_company(company))
        unit = self.price_unit
        if self.tax_ids != mode.taxes:
            unit = mode.unit(TaxMode(self.tax_ids).net_of_unit(unit))
        unit = self.product_uom_id._compute_price(unit, product.uom_id)
        unit = document.currency_id._convert(
            unit,
            company.currency_id,
            company,
            document._get_price_date(),
            round=False,
        )
        net = mode.net_of_unit(unit)
        return {
            "partner_id": document.partner_id.commercial_partner_id.id,
            "product_id": product.id,
            "company_id": company.id,
            "tariff": document._get_price_pricelist()._get_tariff(),
            "side": sides.TAXED if mode.included else sides.NET,
            "price": net,
            "pvp": unit if mode.included else mode.taxed(net),
            "line": self,
        }

    def _learn_prices(self, typed, result):
        """Learn what was typed, or ask; after the document was confirmed.

        :param typed: of ``_get_learnable_prices`` before it was confirmed
        :param result: of the confirmation; another question goes first
        """
        # The name too is of now: a draft invoice has none.
        confirmed = [
            {**entry, "document": entry["line"]._get_priced_document().display_name}
            for entry in typed
            if entry["line"]._get_priced_document().state in ("sale", "posted")
        ]
        always = [
            entry
            for entry in confirmed
            if entry["line"].company_id.customer_price_learning == "always"
        ]
        # sudo: the company decided that documents teach prices, whoever confirms them.
        self.env["xpyme.customer.price.change"].sudo()._learn(always)
        asked = [entry for entry in confirmed if entry not in always]
        if not asked or isinstance(result, dict):
            return result
        # Odoo's buttons say so; a payment or a program that confirms cannot be asked.
        if not self.env.context.get("validate_analytic"):
            return result
        # Nor can be asked who may not make prices.
        if not self.env["xpyme.customer.price"].has_access("create"):
            return result
        return self.env["xpyme.price.learning"]._ask(asked)
