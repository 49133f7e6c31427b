from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PriceCase

SECRET = (
    "customer_price_ids",
    "family_discount_ids",
    "customer_discount_ids",
    "discount_pricelist_id",
    "margin_on_sale",
    "margin_on_cost",
    "price_increase",
)


@tagged("post_install", "-at_install")
class TestPriceAccess(PriceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.price = cls.make_price(price_1=10)
        cls.portal = cls.make_user("portal", "base.group_portal")
        cls.salesperson = cls.make_salesperson()
        cls.technician = cls.make_technician()

    def test_portal_user_reads_no_special_price(self):
        self.portal.partner_id.parent_id = self.customer
        for model in (
            "xpyme.customer.price",
            "xpyme.customer.price.change",
            "xpyme.customer.family.discount",
            "xpyme.customer.discount",
        ):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.portal).search([])

    def test_prices_are_no_fields_of_the_partner_for_others(self):
        bare = self.make_user("bare", "base.group_user,base.group_partner_manager")
        for user in (self.portal, bare):
            partner = self.customer.with_user(user)
            self.assertFalse(set(SECRET) & set(partner.fields_get()))
            for fname in SECRET:
                with self.assertRaises(AccessError, msg=fname):
                    partner.read([fname])

    def test_an_article_tells_nobodys_prices(self):
        bare = self.make_user("bare", "base.group_user")
        articles = self.net_article.with_user(bare)
        for model in (articles, articles.product_tmpl_id):
            names = [name for name in model.fields_get() if "customer_price" in name]
            self.assertFalse(names)
        linked = [
            name
            for name, field in self.env["product.product"]._fields.items()
            if (field.comodel_name or "").startswith("xpyme.customer")
        ]
        self.assertFalse(linked)

    def test_the_discounts_of_a_customer_need_the_customer(self):
        self.env["xpyme.customer.discount"].create(
            {"partner_id": self.customer.id, "name": "Feria", "percent": 5}
        )
        found = self.customer.with_user(self.salesperson).get_document_discounts()
        self.assertEqual(found[0]["percent"], 5)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.portal).get_document_discounts()

    def test_a_customer_does_not_read_the_names_of_his_discounts(self):
        self.portal.partner_id.parent_id = self.customer
        self.customer.with_user(self.portal).check_access("read")
        with self.assertRaises(AccessError):
            self.customer.with_user(self.portal).get_document_discounts()
        with self.assertRaises(AccessError):
            self.portal.partner_id.with_user(self.portal).get_document_discounts()

    def test_a_salesperson_keeps_prices_without_accounting_rights(self):
        prices = self.env["xpyme.customer.price"].with_user(self.salesperson)
        price = prices.create(
            {
                "partner_id": self.customer.id,
                "product_id": self.taxed_article.id,
                "pvp_1": 24,
            }
        )
        price.pvp_1 = 25
        price.unlink()

    def test_an_order_of_a_salesperson_takes_cost_rules_and_prices(self):
        self.net_article.standard_price = 40
        self.price.unlink()
        self.customer.margin_on_sale = 20
        order = (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [(0, 0, {"product_id": self.net_article.id})],
                }
            )
        )
        self.assertPrice(order.order_line, 50)

    def test_a_technician_changes_no_price(self):
        for vals in ({"price_1": 9}, {"min_price": 1}):
            with self.assertRaises(AccessError):
                self.price.with_user(self.technician).write(vals)

    def test_prices_of_another_company_are_not_read(self):
        company = self.env["res.company"].create({"name": "Otra tienda"})
        other = self.make_price(company_id=company.id, price_1=5)
        prices = self.env["xpyme.customer.price"].with_user(self.salesperson)
        self.assertEqual(prices.search([]), self.price)
        with self.assertRaises(AccessError):
            other.with_user(self.salesperson).read(["price_1"])
        line = self.make_sale(self.net_article).order_line
        self.assertPrice(line, 10)
