from odoo import fields, models

from odoo.addons.xpyme_contacts.tools import unit_price

from ...tools import sides
from ...tools.taxes import TaxMode


def _is_always(entry):
    return entry["line"].company_id.customer_price_learning == "always"


class LearningMixin(models.AbstractModel):
    """Prices typed in a document that become the customer's (seed 004: *los precios
    especiales pueden generarse automáticamente*); ``learnt_price.py`` stores them.

    What is learnt is the price of the document's tariff with which the engine gives the
    same net again: a discount that acts again stays out of it, any other goes in.
    """

    _name = "xpyme.learning.mixin"
    _description = "Line Whose Price May Be Learnt"

    copied_price = fields.Float(
        copy=False,
        groups="base.group_user",
        help="The price that came with the copy of a document: it teaches nothing.",
    )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for line, vals in zip(self, vals_list, strict=True):
            vals["copied_price"] = line.price_unit
        return vals_list

    def _get_learnable_prices(self, *modes):
        """What could be learnt: a dictionary for each article with a typed price.

        A typed price that is the automatic one by now, or costs the same, teaches
        nothing. Of two lines the larger quantity counts, of equal ones the last.
        Amounts are in the company's currency, for one unit of the article's measure.

        :param modes: how companies learn that are meant, "ask" and "always"
        """
        found = {}
        lines = self._get_teaching_lines(modes or ("ask", "always"))
        for line, share in lines._get_special_shares().items():
            entry = line._prepare_learnt_price(share)
            key = tuple(entry[name] for name in ("partner_id", "product_id", "tariff"))
            key += (entry["company_id"],)
            known = found.get(key)
            if not known or entry["quantity"] >= known["quantity"]:
                found[key] = entry
        return list(found.values())

    def _get_teaching_lines(self, modes):
        """The lines whose price was typed for a sale, and is another than now."""
        if self.env.user._is_service_technician():
            return self.browse()
        learning = self.company_id.filtered(
            lambda company: company.customer_price_learning in modes
        )
        lines = self.filtered(
            lambda line: line.company_id in learning
            and line.price_unit > 0
            and line._get_net_price() > 0
            and line._get_priced_quantity() > 0
            and line._get_priced_document()._teaches_prices()
        )
        compare = self.env["decimal.precision"]._compare_prices
        return self.browse(
            line.id
            for line, resolved in lines._get_typed_lines()._resolve_lines().items()
            # sudo: a customer who confirms his own order does not read it.
            if compare(line.price_unit, line.sudo().copied_price)
            and compare(line.price_unit, line._get_automatic_price(resolved))
            and compare(line._get_net_price(), line._to_price_unit(resolved.net))
        )

    def _get_special_shares(self):
        """``{line: part of a special price that is paid}``, 0.95 with 5 % off."""
        shares = {}
        for document, lines in self._group_by_document(lambda line: True).items():
            requests = [line._get_price_request() for line in lines]
            terms = document._get_price_terms()
            found = self.env["xpyme.price.engine"]._get_special_shares(requests, terms)
            shares.update(zip(lines, found, strict=True))
        # Of nothing no price gives the same again.
        return {line: share for line, share in shares.items() if share > 0}

    def _get_learnt_unit(self, share):
        """The price to learn in the company's currency, as documents show it.

        :param share: of ``_get_special_shares``
        """
        document, company = self._get_priced_document(), self.company_id
        product = self.product_id
        mode = TaxMode(product.taxes_id._filter_taxes_by_company(company))
        unit = self.price_unit * ((1 - self.discount / 100) / share)
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
        # What a calculation leaves behind is no price.
        return unit_price.rounded(unit, 10), mode

    def _prepare_learnt_price(self, share):
        self.ensure_one()
        document, product = self._get_priced_document(), self.product_id
        unit, mode = self._get_learnt_unit(share)
        net = mode.net_of_unit(unit)
        return {
            "partner_id": document.partner_id.commercial_partner_id.id,
            "product_id": product.id,
            "company_id": self.company_id.id,
            "tariff": document._get_price_pricelist()._get_tariff(),
            "side": sides.TAXED if mode.included else sides.NET,
            "price": net,
            "pvp": unit if mode.included else mode.taxed(net),
            "quantity": self.product_uom_id._compute_quantity(
                self._get_priced_quantity(), product.uom_id, raise_if_failure=False
            ),
            "line": self,
        }

    def _learn_always(self, typed):
        """Learn what was typed where the company always does.

        :param typed: of ``_get_learnable_prices`` before the document was confirmed
        """
        always = [entry for entry in self._get_confirmed(typed) if _is_always(entry)]
        # sudo: the company decided that documents teach prices, whoever confirms them.
        self.env["xpyme.customer.price.change"].sudo()._learn(always)

    def _ask_to_learn(self, typed, result):
        """Ask about what was typed where the company asks.

        :param typed: of ``_get_learnable_prices`` before the document was confirmed
        :param result: of the confirmation; another question goes first
        """
        confirmed = self._get_confirmed(typed)
        asked = [entry for entry in confirmed if not _is_always(entry)]
        if not asked or isinstance(result, dict):
            return result
        # Odoo's buttons say so; a payment or a program that confirms cannot be asked.
        if not self.env.context.get("validate_analytic"):
            return result
        # Nor can be asked who may not make prices.
        if not self.env["xpyme.customer.price"].has_access("create"):
            return result
        return self.env["xpyme.price.learning"]._ask(asked)

    @staticmethod
    def _get_confirmed(typed):
        """Those whose document is confirmed, with its name, which a draft has not."""
        return [
            {**entry, "document": entry["line"]._get_priced_document().display_name}
            for entry in typed
            if entry["line"]._get_priced_document().state in ("sale", "posted")
        ]
