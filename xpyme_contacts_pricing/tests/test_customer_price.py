from pathlib import Path
from runpy import run_path

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestCustomerPrice(PriceCase):
    # --- the two sides

    def test_price_without_tax_gives_the_one_with_tax(self):
        price = self.make_price(price_1=10)
        self.assertAlmostEqual(price.pvp_1, 12.1)
        self.assertEqual(price.price_1, 10)

    def test_price_with_tax_gives_the_one_without(self):
        price = self.make_price(pvp_1=12.10)
        self.assertAlmostEqual(price.price_1, 10)
        self.assertEqual(price.pvp_1, 12.10)

    def test_the_typed_side_keeps_its_last_cent(self):
        price = self.make_price(self.taxed_article, pvp_2=24)
        self.assertEqual(price.pvp_2, 24)
        self.assertAlmostEqual(price.price_2 * 1.21, 24, places=10)
        order = self.make_sale(self.taxed_article, pricelist_id=self.tariff_2.id)
        self.assertAlmostEqual(order.amount_total, 24)

    def test_two_typed_sides_are_both_kept(self):
        price = self.make_price(price_1=10, pvp_1=13)
        self.assertEqual((price.price_1, price.pvp_1), (10, 13))

    def test_writing_a_side_derives_the_other_anew(self):
        price = self.make_price(price_1=10)
        price.pvp_1 = 24.2
        self.assertAlmostEqual(price.price_1, 20)
        price.price_1 = 30
        self.assertAlmostEqual(price.pvp_1, 36.3)
        price.price_1 = 0
        self.assertEqual(price.pvp_1, 0)

    def test_another_tax_of_the_article_changes_the_derived_side_only(self):
        price = self.make_price(pvp_1=12.10, price_2=10)
        self.net_article.taxes_id = self.make_tax("10 apart", 10)
        self.assertAlmostEqual(price.price_1, 11)
        self.assertAlmostEqual(price.pvp_2, 11)
        self.assertEqual((price.pvp_1, price.price_2), (12.10, 10))

    def test_fixed_taxes_are_no_percentage(self):
        fixed = self.make_tax("canon", 0.5, amount_type="fixed")
        self.net_article.taxes_id = self.net_tax | fixed
        price = self.make_price(price_1=10)
        self.assertAlmostEqual(price.pvp_1, 12.6)

    def test_the_grid_shows_the_other_side_at_once(self):
        with Form(self.env["xpyme.customer.price"]) as form:
            form.partner_id = self.customer
            form.product_id = self.net_article
            form.price_1 = 10
            self.assertAlmostEqual(form.pvp_1, 12.1)
            form.pvp_2 = 24.2
            self.assertAlmostEqual(form.price_2, 20)
            form.pvp_1 = 24
            self.assertAlmostEqual(form.price_1, 19.83, places=2)
        price = form.record
        self.assertEqual(price.pvp_1, 24)
        self.assertEqual(price.typed_sides, "tt----")

    # --- bad input

    def test_negative_prices_are_refused(self):
        for fname in ("price_3", "pvp_6", "min_price"):
            with self.assertRaises(ValidationError):
                self.make_price(**{fname: -1})

    def test_discount_over_100_is_refused(self):
        with self.assertRaises(ValidationError):
            self.make_price(special_discount=120)
        with self.assertRaises(ValidationError):
            self.make_price(special_discount=-1)

    def test_an_article_has_one_line_per_customer_and_company(self):
        self.make_price(price_1=10)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.make_price(price_1=11)

    def test_a_contact_of_the_customer_means_the_customer(self):
        contact = self.make_contact(self.customer)
        price = self.make_price(partner_id=contact.id, price_1=9)
        self.assertEqual(price.partner_id, self.customer)

    # --- date and origin

    def test_a_line_handed_to_a_contact_goes_to_his_customer(self):
        other = self.make_customer("Otra", vat=False)
        prices = self.make_price(price_1=9)
        prices |= self.make_price(self.taxed_article, pvp_1=80)
        prices[0].partner_id = self.make_contact(other)
        prices[1].write({"partner_id": self.make_contact(other).id, "pvp_1": 70})
        self.assertEqual(prices.partner_id, other)
        order = self.make_sale(self.net_article, customer=other)
        self.assertPrice(order.order_line, 9)

    def test_only_a_changed_price_dates_the_line(self):
        price = self.make_price(special_discount=3)
        self.assertFalse(price.updated_on)
        price.price_1 = 10
        self.assertEqual(price.updated_on, fields.Date.context_today(price))
        price.updated_on = "2020-01-01"
        price.write({"special_discount": 5})
        price.write({"price_1": 10})
        self.assertEqual(price.updated_on, fields.Date.to_date("2020-01-01"))
        price.price_1 = 11
        self.assertEqual(price.updated_on, fields.Date.context_today(price))

    def test_a_price_typed_over_is_no_longer_from_the_document(self):
        price = self.make_price(price_1=10, origin="document")
        price.special_discount = 5
        self.assertEqual(price.origin, "document")
        price.price_1 = 11
        self.assertEqual(price.origin, "manual")

    # --- import

    def test_import_by_names(self):
        self.net_article.default_code = "ESM-1"
        result = self.env["xpyme.customer.price"].load(
            ["partner_id", "product_id", "price_1", "pvp_2"],
            [["Pinturas Sol", "ESM-1", "10", "24.2"]],
        )
        self.assertFalse(result["messages"])
        price = self.env["xpyme.customer.price"].browse(result["ids"])
        self.assertAlmostEqual(price.pvp_1, 12.1)
        self.assertAlmostEqual(price.price_2, 20)

    # --- the customer's own fields

    def test_family_discounts_are_unique_and_in_range(self):
        vals = {"partner_id": self.customer.id, "categ_id": self.family.id}
        families = self.env["xpyme.customer.family.discount"]
        with self.assertRaises(ValidationError):
            families.create({**vals, "discount": 101})
        families.create({**vals, "discount": 10})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            families.create({**vals, "discount": 5})

    def test_percentages_that_give_no_price_are_refused(self):
        for vals in (
            {"margin_on_sale": 100},
            {"margin_on_sale": -1},
            {"margin_on_cost": -1},
            {"margin_on_sale": 10, "margin_on_cost": 10},
            {"price_increase": -100},
        ):
            with self.assertRaises(ValidationError, msg=vals):
                self.customer.write(vals)

    def test_discount_tariff_is_not_the_sales_tariff(self):
        with self.assertRaises(ValidationError):
            self.customer.discount_pricelist_id = self.tariff_1
        self.customer.discount_pricelist_id = self.tariff_2
        with self.assertRaises(ValidationError):
            self.customer.property_product_pricelist = self.tariff_2

    # --- tariffs

    def test_tariff_numbers_go_from_1_to_6(self):
        with self.assertRaises(ValidationError):
            self.make_tariff(7)
        with self.assertRaises(ValidationError):
            self.make_tariff(-1)

    def test_of_the_ready_made_tariffs_those_in_use_stay(self):
        """When the addon is removed: an order, a customer or rules hold a tariff."""
        tariffs = self.env["product.pricelist"].create(
            [{"name": f"Lista {n}", "is_ready_made": True} for n in range(4)]
        )
        tariffs.company_id = self.env.company
        ordered, own, ruled, spare = tariffs
        self.make_sale(pricelist_id=ordered.id)
        self.customer.specific_property_product_pricelist = own
        ruled.item_ids = [(0, 0, {"compute_price": "fixed", "fixed_price": 1})]
        tariffs._remove_spare_tariffs()
        self.assertEqual(tariffs.exists(), ordered | own | ruled)

    def make_company(self):
        company = self.env["res.company"].create({"name": "Otra tienda"})
        every = self.env["product.pricelist"].with_context(active_test=False)
        domain = [("company_id", "=", company.id), ("tariff_number", ">", 0)]
        return company, every.search(domain, order="tariff_number")

    def test_a_company_opened_later_has_the_six_tariffs_after_its_own(self):
        company, tariffs = self.make_company()
        self.assertEqual(tariffs.mapped("tariff_number"), [1, 2, 3, 4, 5, 6])
        self.assertEqual(tariffs.mapped("active"), [True] * 2 + [False] * 4)
        self.assertEqual(tariffs.currency_id, company.currency_id)
        found = self.env["product.pricelist"].search([("company_id", "=", company.id)])
        self.assertNotIn(found[0], tariffs)

    def test_an_empty_ready_made_tariff_makes_way(self):
        company, tariffs = self.make_company()
        own = self.make_tariff(2, company_id=company.id)
        self.assertFalse(tariffs[1].active)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.make_tariff(2, company_id=company.id)
        self.assertEqual(own.tariff_number, 2)

    def test_ready_made_tariffs_come_after_what_there_was(self):
        company, tariffs = self.make_company()
        tariffs.unlink()
        own = self.make_tariff(company_id=company.id, sequence=30)
        tariffs = self.env["product.pricelist"]._create_tariffs(company)
        later = self.make_tariff(company_id=company.id, sequence=30)
        found = self.env["product.pricelist"].search([("company_id", "=", company.id)])
        places = [found.ids.index(one.id) for one in (own, tariffs[0], later)]
        self.assertEqual(places, sorted(places))

    # --- screens

    def test_the_article_counts_its_prices(self):
        self.make_price(price_1=10)
        self.assertEqual(self.net_article.product_tmpl_id.customer_price_count, 1)
        action = self.net_article.product_tmpl_id.action_open_customer_prices()
        prices = self.env["xpyme.customer.price"].search(action["domain"])
        self.assertEqual(prices.partner_id, self.customer)

    # --- what a file or an action leaves to the defaults

    def test_a_file_of_articles_and_prices_is_the_customers_of_the_action(self):
        context = self.customer.action_open_customer_prices()["context"]
        prices = self.env["xpyme.customer.price"].with_context(**context)
        result = prices.load(
            ["product_id/.id", "price_1"], [[str(self.net_article.id), "100"]]
        )
        self.assertFalse(result["messages"])
        price = prices.browse(result["ids"])
        self.assertEqual(price.partner_id, self.customer)
        self.assertAlmostEqual(price.pvp_1, 121)

    def test_a_price_of_the_actions_article_has_its_taxes(self):
        context = self.net_article.action_open_customer_prices()["context"]
        prices = self.env["xpyme.customer.price"].with_context(**context)
        price = prices.create({"partner_id": self.customer.id, "price_1": 100})
        self.assertEqual(price.product_id, self.net_article)
        self.assertAlmostEqual(price.pvp_1, 121)
        self.assertEqual(price.typed_sides, "n-----")
        price = prices.with_context(default_price_2=50).create(
            {"partner_id": self.make_customer("Otra", vat=False).id}
        )
        self.assertAlmostEqual(price.pvp_2, 60.5)

    def test_a_price_of_another_company_has_its_taxes(self):
        price = self.make_price(price_1=100)
        company = self.env["res.company"].create({"name": "Otra tienda"})
        price.company_id = company
        self.assertEqual(price.pvp_1, 100)
        self.assertEqual(price.price_1, 100)

    # --- tariffs of all companies

    def test_a_tariffs_number_is_given_once_for_all_companies(self):
        self.make_tariff(5, company_id=False)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.make_tariff(5, company_id=False)

    def test_a_ready_made_tariff_makes_way_for_one_that_moves_in(self):
        company, tariffs = self.make_company()
        moved = self.make_tariff(2, company_id=False)
        moved.company_id = company
        moved.flush_recordset()
        self.assertFalse(tariffs[1].active)
        back = self.make_tariff(1, company_id=company.id, active=False)
        tariffs[0].active = True
        back.active = True
        back.flush_recordset()
        self.assertFalse(tariffs[0].active)

    def test_on_a_living_database_the_first_of_two_shared_tariffs_keeps_its_number(
        self,
    ):
        first, second = self.make_tariff(5, company_id=False), self.make_tariff()
        second.write({"company_id": False, "sequence": first.sequence})
        self.env.flush_all()
        self.env.cr.execute("DROP INDEX product_pricelist_tariff_unique")
        second.tariff_number = 5
        self.env.flush_all()
        path = Path(__file__).parents[1] / "migrations/19.0.1.1.0/pre-migration.py"
        namespace = run_path(str(path))
        with self.assertLogs(level="WARNING") as told:
            namespace["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual((first.tariff_number, second.tariff_number), (5, 0))
        self.assertIn(str(second.id), told.output[0])
