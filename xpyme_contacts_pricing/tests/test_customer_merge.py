from odoo.tests import tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestPriceMerge(PriceCase):
    """Two customers become one: their prices and discounts come together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gone = cls.make_customer("Pinturas Luna", vat=False, company_id=False)
        cls.own = cls.make_price(price_1=9)

    def merge(self, *sources, into=None):
        into = into or self.customer
        partners = into.concat(*sources)
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            partners.ids, into
        )
        self.env.invalidate_all()

    def get_prices(self, customer=None):
        rows = self.env["xpyme.customer.price"].search(
            [("partner_id", "=", (customer or self.customer).id)]
        )
        return {row.product_id.name: row.price_1 for row in rows}

    def get_told(self):
        told = self.customer.message_ids.filtered(lambda m: "left out" in m.body)
        return " ".join(told.mapped("body"))

    def make_family(self, customer, family, discount):
        return self.env["xpyme.customer.family.discount"].create(
            {"partner_id": customer.id, "categ_id": family.id, "discount": discount}
        )

    def make_discount(self, customer, name, percent):
        return self.env["xpyme.customer.discount"].create(
            {"partner_id": customer.id, "name": name, "percent": percent}
        )

    def test_only_the_prices_that_clash_are_left_out_and_told(self):
        self.make_price(partner_id=self.gone.id, price_1=7)
        for number in range(4):
            article = self.make_article(f"M{number}", 10, self.net_tax)
            self.make_price(article, partner_id=self.gone.id, price_1=number + 1)
        self.merge(self.gone)
        expected = {"Esmalte": 9, "M0": 1, "M1": 2, "M2": 3, "M3": 4}
        self.assertEqual(self.get_prices(), expected)
        told = self.get_told()
        self.assertIn("Esmalte", told)
        self.assertNotIn("M0", told)
        # A price is a secret that the chatter must not tell.
        self.assertNotIn("7", told)

    def test_prices_of_two_that_go_clash_with_each_other(self):
        third = self.make_customer("Pinturas Mar", vat=False)
        older = self.make_price(self.taxed_article, partner_id=third.id, pvp_1=90)
        newer = self.make_price(self.taxed_article, partner_id=self.gone.id, pvp_1=80)
        self.merge(self.gone, third)
        self.assertFalse(older.exists())
        self.assertEqual(newer.partner_id, self.customer)
        self.assertIn("Rodillo", self.get_told())

    def test_the_same_article_in_another_company_is_no_clash(self):
        company = self.env["res.company"].create({"name": "Otra tienda"})
        other = self.make_price(
            partner_id=self.gone.id, company_id=company.id, price_1=5
        )
        self.merge(self.gone)
        self.assertEqual(other.partner_id, self.customer)
        self.assertFalse(self.get_told())

    def test_the_history_of_a_price_comes_over_and_can_be_undone(self):
        self.env.company.customer_price_learning = "always"
        self.gone.specific_property_product_pricelist = self.tariff_1
        vals = {"product_id": self.taxed_article.id, "price_unit": 60}
        self.make_sale(vals, customer=self.gone).action_confirm()
        change = self.gone.customer_price_ids.change_ids
        self.assertTrue(change)
        self.merge(self.gone)
        self.assertEqual(change.partner_id, self.customer)
        change.action_undo()
        self.assertEqual(self.get_prices()["Rodillo"], 0)

    def test_documents_of_the_merged_customer_take_the_prices_at_once(self):
        self.make_price(self.taxed_article, partner_id=self.gone.id, pvp_1=80)
        self.make_sale(self.taxed_article)
        self.merge(self.gone)
        self.assertPrice(self.make_sale(self.taxed_article).order_line, 80)

    def test_only_the_family_discounts_that_clash_are_left_out_and_told(self):
        own = self.make_family(self.customer, self.family, 5)
        clashing = self.make_family(self.gone, self.family, 30)
        coming = self.make_family(self.gone, self.subfamily, 8)
        self.merge(self.gone)
        self.assertFalse(clashing.exists())
        self.assertEqual(self.customer.family_discount_ids, own | coming)
        self.assertIn("Pintura", self.get_told())

    def test_equal_document_discounts_stay_one_that_is_applied_by_itself(self):
        twin = self.make_discount(self.gone, "Feria", 5)
        own = self.make_discount(self.customer, "Feria", 5)
        order = self.make_sale(self.net_article, customer=self.gone)
        self.assertEqual(order.customer_discount_id, twin)
        self.merge(self.gone)
        self.assertEqual(self.customer.customer_discount_ids, own)
        self.assertEqual(order.customer_discount_id, own)
        again = self.make_sale(self.net_article)
        self.assertEqual(again.customer_discount_id, own)

    def test_other_document_discounts_come_over(self):
        own = self.make_discount(self.customer, "Feria", 5)
        coming = self.make_discount(self.gone, "Feria", 8)
        self.merge(self.gone)
        self.assertEqual(self.customer.customer_discount_ids, own | coming)

    def test_of_margins_that_exclude_each_other_the_surviving_cards_holds(self):
        self.customer.margin_on_sale = 20
        self.gone.write({"margin_on_cost": 25, "price_increase": 3})
        self.merge(self.gone)
        kept = self.customer
        self.assertEqual((kept.margin_on_sale, kept.margin_on_cost), (20, 0))
        self.assertEqual(kept.price_increase, 3)
        self.assertIn("% on Cost", self.get_told())

    def test_of_two_that_go_the_last_ones_margin_holds(self):
        third = self.make_customer("Pinturas Mar", vat=False, company_id=False)
        self.gone.margin_on_cost = 25
        third.margin_on_sale = 20
        self.merge(self.gone, third)
        kept = self.customer
        self.assertEqual(bool(kept.margin_on_sale), not kept.margin_on_cost)
        self.assertTrue(self.get_told())

    def test_a_discount_tariff_that_is_the_surviving_cards_tariff_is_left_out(self):
        self.gone.specific_property_product_pricelist = self.tariff_2
        self.gone.discount_pricelist_id = self.tariff_1
        self.merge(self.gone)
        self.assertFalse(self.customer.discount_pricelist_id)
        self.assertIn("Discount Tariff", self.get_told())

    def test_a_tariff_that_is_the_surviving_cards_discount_tariff_is_left_out(self):
        self.customer.specific_property_product_pricelist = False
        self.customer.discount_pricelist_id = self.tariff_2
        self.gone.specific_property_product_pricelist = self.tariff_2
        self.merge(self.gone)
        self.assertEqual(self.customer.discount_pricelist_id, self.tariff_2)
        self.assertNotEqual(self.customer.property_product_pricelist, self.tariff_2)
        self.assertIn("Pricelist", self.get_told())

    def test_settings_that_go_together_come_over_without_a_word(self):
        self.gone.margin_on_cost = 25
        self.gone.discount_pricelist_id = self.tariff_2
        self.merge(self.gone)
        self.assertEqual(self.customer.margin_on_cost, 25)
        self.assertEqual(self.customer.discount_pricelist_id, self.tariff_2)
        self.assertFalse(self.get_told())

    def test_a_customer_merged_into_a_contact_leaves_his_prices_to_the_customer(self):
        contact = self.make_contact(self.customer, "Eva")
        coming = self.make_price(self.taxed_article, partner_id=self.gone.id, pvp_1=80)
        changes = self.env["xpyme.customer.price.change"]
        vals = changes._prepare_change(coming.id, 1, ("-", 0, 0), ("t", 66, 80), "S1")
        change = changes.create(vals)
        self.merge(self.gone, into=contact)
        self.assertEqual(coming.partner_id, self.customer)
        self.assertEqual(change.partner_id, self.customer)

    # --- minimum prices

    def merge_as(self, groups, *sources):
        """By a person; ``sudo``, as Odoo's merging reads fields of many groups."""
        user = self.make_user("fusiona", f"{groups},base.group_partner_manager")
        self.env.flush_all()
        wizards = self.env["base.partner.merge.automatic.wizard"].with_user(user).sudo()
        partners = self.customer.concat(*sources)
        wizards.create({})._merge(partners.ids, self.customer)
        self.env.invalidate_all()

    def test_a_merge_lowers_no_minimum_price(self):
        third = self.make_customer("Pinturas Mar", vat=False, company_id=False)
        self.make_price(partner_id=self.gone.id, min_price=60)
        self.make_price(partner_id=third.id, min_price=40)
        self.make_price(self.taxed_article, partner_id=self.gone.id, min_price=20)
        newer = self.make_price(self.taxed_article, partner_id=third.id, pvp_1=80)
        self.merge_as("base.group_user", self.gone, third)
        self.assertEqual((self.own.price_1, self.own.min_price), (9, 60))
        self.assertEqual((newer.pvp_1, newer.min_price), (80, 20))

    def test_a_merge_leaves_the_greater_minimum_of_the_one_that_stays(self):
        self.own.min_price = 70
        self.make_price(partner_id=self.gone.id, min_price=60)
        self.merge_as("base.group_user", self.gone)
        self.assertEqual(self.own.min_price, 70)

    def test_a_sales_administrator_merges_as_the_surviving_card_says(self):
        self.make_price(partner_id=self.gone.id, min_price=60)
        self.merge_as("sales_team.group_sale_manager", self.gone)
        self.assertEqual(self.own.min_price, 0)
