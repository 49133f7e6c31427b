from odoo import fields
from odoo.tests import tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestPriceEngine(PriceCase):
    """The rules one by one, seen in a quotation's line."""

    def line(self, product=None, **vals):
        product = product or self.net_article
        return self.make_sale({"product_id": product.id, **vals}).order_line

    def set_family(self, family, discount):
        return self.env["xpyme.customer.family.discount"].create(
            {
                "partner_id": self.customer.id,
                "categ_id": family.id,
                "discount": discount,
            }
        )

    # --- special prices

    def test_without_prices_of_his_own_the_tariff_holds(self):
        self.assertPrice(self.line(), 100)

    def test_special_price_of_the_documents_tariff(self):
        self.make_price(price_1=10, price_2=9.5)
        self.assertPrice(self.line(), 10)
        order = self.make_sale(self.net_article, pricelist_id=self.tariff_2.id)
        self.assertPrice(order.order_line, 9.5)

    def test_without_a_price_in_the_tariff_the_tariff_holds(self):
        self.make_price(price_2=9.5)
        self.assertPrice(self.line(), 100)

    def test_a_pricelist_without_number_takes_the_first_price(self):
        self.make_price(price_1=10)
        unnumbered = self.make_tariff()
        order = self.make_sale(self.net_article, pricelist_id=unnumbered.id)
        self.assertPrice(order.order_line, 10)

    def test_special_price_does_not_take_the_tariffs_discount(self):
        rule = {"compute_price": "percentage", "percent_price": 10}
        order_tariff = self.make_tariff(rules=[rule])
        self.make_price(price_1=50)
        order = self.make_sale(
            self.net_article, self.taxed_article, pricelist_id=order_tariff.id
        )
        self.assertPrice(order.order_line[0], 50)
        self.assertPrice(order.order_line[1], 121, 10)

    def test_article_with_tax_inside_takes_the_price_with_tax(self):
        self.make_price(self.taxed_article, price_1=10, pvp_1=15)
        self.assertPrice(self.line(self.taxed_article), 15)

    def test_price_without_tax_is_grown_for_an_article_with_tax_inside(self):
        self.make_price(self.taxed_article, price_1=10)
        self.assertPrice(self.line(self.taxed_article), 12.1)

    def test_price_with_tax_is_shrunk_for_an_article_without(self):
        self.make_price(pvp_1=12.1)
        self.assertPrice(self.line(), 10)

    def test_price_of_a_dozen(self):
        self.make_price(price_1=10)
        dozen = self.env.ref("uom.product_uom_dozen")
        self.assertPrice(self.line(product_uom_id=dozen.id), 120)

    def test_price_in_another_currency(self):
        self.make_price(price_1=10)
        abroad = self.make_tariff(currency_id=self.make_currency(2).id)
        order = self.make_sale(self.net_article, pricelist_id=abroad.id)
        self.assertPrice(order.order_line, 20)

    def test_price_of_another_company_is_not_taken(self):
        company = self.env["res.company"].create({"name": "Otra tienda"})
        self.make_price(price_1=10, company_id=company.id)
        self.assertPrice(self.line(), 100)

    def test_a_contact_or_address_gets_the_customers_price(self):
        self.make_price(price_1=10)
        contact = self.make_contact(self.customer)
        order = self.make_sale(self.net_article, customer=contact)
        self.assertPrice(order.order_line, 10)

    def test_fiscal_position_swaps_the_tax_inside(self):
        self.make_price(self.taxed_article, pvp_1=12.1)
        position = self.env["account.fiscal.position"].create({"name": "Export"})
        self.make_tax(
            "0 inside",
            0,
            "tax_included",
            fiscal_position_ids=[(4, position.id)],
            original_tax_ids=[(4, self.included_tax.id)],
        )
        order = self.make_sale(self.taxed_article, fiscal_position_id=position.id)
        self.assertPrice(order.order_line, 10)

    # --- taxes made of taxes

    def make_group(self, *children):
        return self.make_tax(
            f"Grupo {children}",
            0,
            amount_type="group",
            children_tax_ids=[(6, 0, children)],
        )

    def test_a_group_whose_taxes_are_in_the_price_takes_the_price_with_tax(self):
        """24.00 with tax was charged as 19.83."""
        surcharge = self.make_tax("5.2 inside", 5.2, "tax_included")
        for children in (self.included_tax, self.included_tax | surcharge):
            article = self.make_article("Grupo", 50, self.make_group(*children.ids))
            self.make_price(article, pvp_1=24, min_price=0)
            line = self.line(article)
            self.assertPrice(line, 24)
            self.assertEqual(line.price_total, 24)
            share = 1 + sum(children.mapped("amount")) / 100
            price = self.customer.customer_price_ids.filtered(
                lambda row, article=article: row.product_id == article
            )
            self.assertAlmostEqual(price.price_1, 24 / share)

    def test_a_group_whose_taxes_come_on_top_takes_the_price_without(self):
        article = self.make_article("Grupo", 50, self.make_group(self.net_tax.id))
        self.make_price(article, pvp_1=24.2)
        line = self.line(article)
        self.assertPrice(line, 20)
        self.assertAlmostEqual(line.price_total, line.currency_id.round(24.2))

    def test_a_group_of_both_kinds(self):
        children = self.included_tax | self.make_tax("10 apart", 10)
        article = self.make_article("Grupo", 50, self.make_group(*children.ids))
        self.make_price(article, price_1=100)
        line = self.line(article)
        self.assertAlmostEqual(line.price_subtotal, 100)

    # --- all-in

    def test_a_special_price_is_all_in(self):
        """As a fixed rule of Odoo: an engraving that makes no variant adds nothing."""
        attribute = self.env["product.attribute"].create(
            {
                "name": "Grabado",
                "create_variant": "no_variant",
                "value_ids": [(0, 0, {"name": "Sí", "default_extra_price": 5})],
            }
        )
        # Not by way of the article, which was made without attributes.
        template = self.env["product.template"].browse(
            self.net_article.product_tmpl_id.id
        )
        row = {
            "attribute_id": attribute.id,
            "value_ids": [(6, 0, attribute.value_ids.ids)],
        }
        template.attribute_line_ids = [(0, 0, row)]
        value = template.attribute_line_ids.product_template_value_ids
        article = template.product_variant_ids
        extra = {"product_no_variant_attribute_value_ids": [(6, 0, value.ids)]}
        self.assertPrice(self.line(article, **extra), 105)
        self.make_price(article, price_1=10)
        self.assertPrice(self.line(article, **extra), 10)
        rule = {"compute_price": "fixed", "fixed_price": 20}
        fixed = self.make_tariff(2, rules=[rule], company_id=False)
        vals = {"product_id": article.id, **extra}
        order = self.make_sale(vals, pricelist_id=fixed.id)
        self.assertPrice(order.order_line, 20)

    # --- pricelists based on another

    def make_chain(self, currency=None):
        """5 % on 10 % on a fixed price of 80."""
        fixed = {"compute_price": "fixed", "fixed_price": 80}
        percent = {"compute_price": "percentage", "base": "pricelist"}
        retail = self.make_tariff(rules=[fixed])
        below = {**percent, "base_pricelist_id": retail.id, "percent_price": 10}
        below = {**percent, "base_pricelist_id": self.make_tariff(rules=[below]).id}
        options = {"currency_id": currency.id} if currency else {}
        return self.make_tariff(rules=[{**below, "percent_price": 5}], **options)

    def test_percentage_on_percentage_on_a_fixed_price(self):
        """As Odoo: the fixed price, and both percentages as one discount."""
        for currency, price in ((None, 80), (self.make_currency(2), 160)):
            tariff = self.make_chain(currency)
            order = self.make_sale(self.net_article, pricelist_id=tariff.id)
            self.assertPrice(order.order_line, price, 14.5)
            net = price * 0.855
            own = tariff._get_product_price(self.net_article, 1.0)
            self.assertAlmostEqual(net, own)
            catalogue = order._get_product_catalog_order_data(self.net_article)
            self.assertAlmostEqual(catalogue[self.net_article.id]["price"], net)
            (found,) = self.env["xpyme.price.engine"]._resolve_tariffs(
                [order.order_line._get_price_request()],
                self.env.company,
                tariff,
                order.date_order,
            )
            self.assertAlmostEqual(found, 68.4)

    def test_a_surcharge_on_another_pricelist_goes_into_the_price(self):
        chain = self.make_chain()
        rule = {"compute_price": "formula", "base": "pricelist"}
        rule = {**rule, "base_pricelist_id": chain.id, "price_surcharge": 3}
        tariff = self.make_tariff(rules=[rule])
        order = self.make_sale(self.net_article, pricelist_id=tariff.id)
        self.assertPrice(
            order.order_line, tariff._get_product_price(self.net_article, 1.0)
        )

    def test_family_discounts_are_on_top_of_a_chain_of_pricelists(self):
        self.customer.specific_property_product_pricelist = self.make_chain()
        self.set_family(self.family, 20)
        self.assertPrice(self.line(), 80, 20)
        self.set_up_invoices()
        self.assertPrice(self.make_invoice(self.net_article).invoice_line_ids, 80, 20)

    # --- prices from cost

    def test_margin_on_sale(self):
        self.net_article.standard_price = 40
        self.customer.margin_on_sale = 20
        self.assertPrice(self.line(), 50)

    def test_margin_on_cost(self):
        self.net_article.standard_price = 40
        self.customer.margin_on_cost = 25
        self.assertPrice(self.line(), 50)

    def test_cost_is_without_tax(self):
        self.taxed_article.standard_price = 40
        self.customer.margin_on_cost = 25
        self.assertPrice(self.line(self.taxed_article), 60.5)

    def test_without_cost_the_tariff_holds(self):
        self.customer.margin_on_cost = 25
        self.assertPrice(self.line(), 100)

    def test_special_price_goes_before_the_cost(self):
        self.net_article.standard_price = 40
        self.customer.margin_on_cost = 25
        self.make_price(price_1=10)
        self.assertPrice(self.line(), 10)

    # --- increase

    def test_increase_of_tariff_and_cost(self):
        self.customer.price_increase = 3
        self.assertPrice(self.line(), 103)
        self.net_article.standard_price = 40
        self.customer.margin_on_cost = 25
        self.assertPrice(self.line(), 51.5)

    def test_increase_reaches_special_prices_only_if_the_company_says_so(self):
        self.customer.price_increase = 3
        self.make_price(price_1=10)
        self.assertPrice(self.line(), 10)
        self.env.company.increase_special_prices = True
        self.assertPrice(self.line(), 10.3)

    def test_increase_is_rounded_to_a_price(self):
        self.net_article.list_price = 9.99
        self.customer.price_increase = 3
        self.assertPrice(self.line(), 10.29)

    # --- discounts

    def test_nearest_family_holds(self):
        self.set_family(self.family, 10)
        self.assertPrice(self.line(), 100, 10)
        self.set_family(self.subfamily, 5)
        self.assertPrice(self.line(), 100, 5)

    def test_special_discount_goes_before_the_family(self):
        self.set_family(self.subfamily, 10)
        self.make_price(special_discount=7)
        self.assertPrice(self.line(), 100, 7)

    def test_no_discount_cancels_all_but_the_lines_own(self):
        self.set_family(self.subfamily, 10)
        self.env["xpyme.customer.discount"].create(
            {"partner_id": self.customer.id, "name": "Feria", "percent": 5}
        )
        price = self.make_price(no_discount=True)
        self.assertPrice(self.line(), 100, 0)
        price.special_discount = 5
        line = self.line()
        self.assertPrice(line, 100, 5)
        line.order_id._recompute_prices()
        self.assertPrice(line, 100, 5)

    def test_discount_tariff_by_quantity_and_date(self):
        rules = [
            {"compute_price": "percentage", "percent_price": 4, "min_quantity": 1},
            {"compute_price": "percentage", "percent_price": 8, "min_quantity": 10},
            {
                "compute_price": "percentage",
                "percent_price": 50,
                "date_end": fields.Datetime.to_datetime("2001-01-01"),
            },
        ]
        self.customer.discount_pricelist_id = self.make_tariff(rules=rules)
        self.assertPrice(self.line(product_uom_qty=1), 100, 4)
        self.assertPrice(self.line(product_uom_qty=10), 100, 8)

    def test_quantities_of_a_tariff_are_in_the_articles_own_unit(self):
        rules = [
            {"compute_price": "percentage", "percent_price": 8, "min_quantity": 10}
        ]
        self.customer.discount_pricelist_id = self.make_tariff(rules=rules)
        dozen = self.env.ref("uom.product_uom_dozen")
        self.assertPrice(self.line(product_uom_id=dozen.id), 1200, 8)
        self.assertPrice(self.line(), 100)

    def test_a_new_rule_holds_at_once(self):
        tariff = self.make_tariff(rules=[{"compute_price": "fixed", "fixed_price": 30}])
        order = self.make_sale(pricelist_id=tariff.id)
        for price in (30, 40):
            tariff.item_ids = [
                (5,),
                (0, 0, {"compute_price": "fixed", "fixed_price": price}),
            ]
            found = order._get_catalogue_prices(self.net_article)
            self.assertEqual(found[self.net_article.id], price)

    def test_rules_are_those_of_the_documents_day(self):
        """Of the sales tariff and of the discount tariff."""
        ended = {"date_end": fields.Datetime.to_datetime("2001-01-01")}
        fixed = {"compute_price": "fixed", "fixed_price": 30, **ended}
        percent = {"compute_price": "percentage", "percent_price": 50, **ended}
        self.customer.discount_pricelist_id = self.make_tariff(rules=[percent])
        tariff = self.make_tariff(rules=[fixed])
        for day, price in (("2000-06-01", 15), ("2002-06-01", 100)):
            moment = fields.Datetime.to_datetime(day)
            order = self.make_sale(pricelist_id=tariff.id, date_order=moment)
            found = order._get_catalogue_prices(self.net_article)
            self.assertAlmostEqual(found[self.net_article.id], price)

    def test_discount_tariff_passes_over_rules_that_fix_a_price(self):
        # The percentage is left from before the rule was changed.
        rules = [{"compute_price": "fixed", "fixed_price": 1, "percent_price": 50}]
        self.customer.discount_pricelist_id = self.make_tariff(rules=rules)
        self.assertPrice(self.line(), 100)

    def test_family_replaces_the_tariffs_own_discount(self):
        rule = {"compute_price": "percentage", "percent_price": 10}
        self.customer.property_product_pricelist = self.make_tariff(rules=[rule])
        self.set_family(self.subfamily, 5)
        self.assertPrice(self.line(), 100, 5)

    def test_discount_of_the_document_compounds(self):
        self.set_family(self.subfamily, 10)
        self.env["xpyme.customer.discount"].create(
            {"partner_id": self.customer.id, "name": "Feria", "percent": 5}
        )
        self.assertPrice(self.line(), 100, 14.5)

    def test_without_the_discount_column_it_goes_into_the_price(self):
        self.set_family(self.subfamily, 10)
        feature = self.env.ref("sale.group_discount_per_so_line")
        self.env.ref("base.group_user")._remove_group(feature)
        self.assertPrice(self.line(), 90)

    # --- minimum price

    def test_price_under_the_minimum_is_raised(self):
        self.make_price(price_1=4, min_price=6)
        self.assertPrice(self.line(), 6)

    def test_discount_that_goes_under_the_minimum_is_gone(self):
        self.make_price(price_1=10, special_discount=50, min_price=6)
        self.assertPrice(self.line(), 6, 0)
        self.make_price(
            self.taxed_article, pvp_1=12.1, special_discount=50, min_price=6
        )
        self.assertPrice(self.line(self.taxed_article), 7.26, 0)

    def test_returned_goods_have_no_minimum(self):
        self.make_price(price_1=4, min_price=6)
        self.assertPrice(self.line(product_uom_qty=-1), 4)

    def test_the_example_of_the_shop(self):
        """Special price 9.50, family −5 %, minimum 9.20."""
        self.make_price(price_1=9.5, min_price=9.2)
        self.set_family(self.family, 5)
        self.assertPrice(self.line(), 9.2)
