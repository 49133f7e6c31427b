from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestPriceBranches(PriceCase):
    """A branch sells at the head office's prices where it has none of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Sucursal", "parent_id": cls.env.company.id}
        )
        cls.below = cls.env["res.company"].create(
            {"name": "Quiosco", "parent_id": cls.branch.id}
        )
        cls.env.user.company_ids |= cls.branch | cls.below
        cls.clerk = cls.make_user(
            "sucursal", "sales_team.group_sale_salesman_all_leads"
        )
        cls.clerk.write(
            {"company_ids": [Command.set(cls.below.ids)], "company_id": cls.below.id}
        )

    def sell(self, company, product=None, **vals):
        vals = {"product_id": (product or self.net_article).id, **vals}
        order = self.env["sale.order"].with_company(company)
        order = order.create(
            {
                "partner_id": self.customer.id,
                "company_id": company.id,
                "pricelist_id": self.make_tariff(company_id=False).id,
                "order_line": [Command.create(vals)],
            }
        )
        return order.order_line

    def test_the_head_offices_special_price_holds(self):
        self.make_price(price_1=10)
        for company in (self.branch, self.below, self.env.company):
            self.assertPrice(self.sell(company), 10)

    def test_the_branchs_own_goes_before_it_one_by_one(self):
        """Price, discount and minimum each on its own; the nearest one's."""
        self.make_price(price_1=10, special_discount=5, min_price=9)
        own = self.make_price(company_id=self.branch.id, special_discount=8)
        for company in (self.branch, self.below):
            self.assertPrice(self.sell(company), 10, 8)
        own.pvp_1 = 14.52
        for company in (self.branch, self.below):
            self.assertPrice(self.sell(company), 12, 8)
        self.assertPrice(self.sell(self.env.company), 10, 5)
        self.make_price(company_id=self.below.id, min_price=11.5)
        self.assertPrice(self.sell(self.below), 11.5)

    def test_a_price_in_another_tariff_is_no_price_of_ones_own(self):
        self.make_price(price_1=10)
        self.make_price(company_id=self.branch.id, price_2=7)
        self.assertPrice(self.sell(self.branch), 10)

    def test_the_head_offices_minimum_holds(self):
        self.make_price(min_price=60)
        line = self.sell(self.below, price_unit=20)
        # Whoever is no sales administrator.
        line.with_user(self.clerk).price_unit = 20
        self.assertPrice(line, 60)
        self.assertPrice(self.sell(self.env.company), 100)

    def test_no_discount_of_the_head_office_holds(self):
        self.make_price(no_discount=True)
        self.customer.family_discount_ids = [
            Command.create({"categ_id": self.family.id, "discount": 5})
        ]
        self.assertPrice(self.sell(self.branch), 100)

    def test_the_head_offices_discount_tariff_holds(self):
        rules = [{"compute_price": "percentage", "percent_price": 6}]
        table = self.make_tariff(rules=rules, company_id=False)
        self.customer.discount_pricelist_id = table
        self.assertPrice(self.sell(self.below), 100, 6)
        rules = [{"compute_price": "percentage", "percent_price": 7}]
        own = self.make_tariff(rules=rules, company_id=False)
        self.customer.with_company(self.branch).discount_pricelist_id = own
        self.assertPrice(self.sell(self.below), 100, 7)
        self.assertPrice(self.sell(self.env.company), 100, 6)

    def test_a_company_beside_it_has_prices_of_its_own(self):
        sister = self.env["res.company"].create({"name": "Otra tienda"})
        self.env.user.company_ids |= sister
        self.make_price(company_id=self.branch.id, price_1=10)
        self.assertPrice(self.sell(self.env.company), 100)
        self.assertPrice(self.sell(sister), 100)

    def test_a_branch_reads_the_head_offices_prices_and_does_not_change_them(self):
        row = self.make_price(price_1=10, min_price=5)
        prices = self.env["xpyme.customer.price"].with_user(self.clerk)
        self.assertEqual(prices.search([("partner_id", "=", self.customer.id)]), row)
        for attempt in (
            lambda: row.with_user(self.clerk).write({"price_1": 9}),
            lambda: row.with_user(self.clerk).unlink(),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_a_branch_does_not_undercut_the_head_offices_minimum(self):
        self.make_price(min_price=60)
        prices = self.env["xpyme.customer.price"].with_user(self.clerk)
        vals = {"partner_id": self.customer.id, "product_id": self.net_article.id}
        with self.assertRaises(AccessError):
            prices.create({**vals, "min_price": 10})
        own = prices.create({**vals, "price_1": 70})
        with self.assertRaises(AccessError):
            own.min_price = 10
        own.min_price = 65
        with self.assertRaises(AccessError):
            own.unlink()
