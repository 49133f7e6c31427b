import random
from decimal import ROUND_HALF_UP, Decimal

from odoo import fields
from odoo.tests import tagged

from ..tools.price_terms import PriceRequest
from .common import PriceCase

CUSTOMERS, ARTICLES = 20, 15
RATE = 2


def cents(amount):
    exact = Decimal(repr(round(amount, 9)))
    return float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def unit(amount):
    """Two decimals, and no fewer than four digits that count."""
    exact = Decimal(repr(round(amount, 9)))
    last = min(Decimal("0.01"), Decimal(1).scaleb(exact.adjusted() - 3))
    return float(exact.quantize(last, ROUND_HALF_UP))


@tagged("post_install", "-at_install")
class TestPriceTable(PriceCase):
    """300 combinations against a calculation of its own, step by step, on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(6)
        cls.currency = cls.make_currency(RATE)
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.company = cls.env.company
        cls.tables = {
            percent: cls.make_tariff(
                rules=[{"compute_price": "percentage", "percent_price": percent}]
            )
            for percent in (4, 15)
        }
        cls.articles = [cls.make_random_article(number) for number in range(ARTICLES)]

    @classmethod
    def pick(cls, *options):
        return cls.random.choice(options)

    @classmethod
    def make_random_article(cls, number):
        included = number % 2 == 1
        card, cost = cls.pick(9.99, 100, 37.5), cls.pick(0, 0, 12.34, 40)
        return cls.make_article(
            f"Artículo {number}",
            card,
            cls.included_tax if included else cls.net_tax,
            standard_price=cost,
            categ_id=cls.pick(cls.family, cls.subfamily).id,
        )

    def make_case(self, number):
        """A customer with rules of his own and special prices of the articles."""
        rule = self.pick(None, None, {"compute_price": "percentage"}, "fixed")
        if rule == "fixed":
            rule = {"compute_price": "fixed", "fixed_price": 21.5}
        elif rule:
            rule = {**rule, "percent_price": self.pick(7, 12.5)}
        abroad = number % 2
        case = {
            "tariff": self.pick(1, 2, 5),
            "rule": rule,
            "abroad": abroad,
            "sale": self.pick(0, 0, 20),
            "increase": self.pick(0, 0, 3, -5),
            "table": self.pick(0, 0, 0, 4, 15),
            "header": self.pick(0, 0, 5),
            "parent": self.pick(None, None, 10),
            "child": self.pick(None, None, 5, 0),
        }
        case["cost"] = self.pick(0, 25) if not case["sale"] else 0
        company = self.env["res.company"]
        # Of all companies one pricelist has a number: the case before leaves it.
        tariffs = self.env["product.pricelist"]
        domain = [("company_id", "=", False), ("tariff_number", ">", 0)]
        tariffs.search(domain).tariff_number = 0
        tariffs.flush_model()
        case["pricelist"] = self.make_tariff(
            case["tariff"],
            rules=[rule] if rule else (),
            company_id=company.id,
            currency_id=(self.currency if abroad else self.company.currency_id).id,
        )
        case["customer"] = self.make_customer(
            f"Caso {number}",
            vat=False,
            specific_property_product_pricelist=case["pricelist"].id,
            margin_on_sale=case["sale"],
            margin_on_cost=case["cost"],
            price_increase=case["increase"],
            discount_pricelist_id=self.tables[case["table"]].id
            if case["table"]
            else False,
            family_discount_ids=[
                (0, 0, {"categ_id": family.id, "discount": case[key]})
                for key, family in (("parent", self.family), ("child", self.subfamily))
                if case[key] is not None
            ],
        )
        case["rows"] = [self.make_row(case, article) for article in self.articles]
        return case

    def make_row(self, case, article):
        row = {
            "side": self.pick("", "net", "taxed", "both"),
            "net": self.pick(9.5, 24, 33.33),
            "taxed": self.pick(24, 11.99, 50),
            "minimum": self.pick(0, 0, 0, 6, 31),
            "discount": self.pick(0, 0, 0, 7, 50),
            "flag": self.pick(False, False, False, True),
            "quantity": self.pick(1, 3, 10),
            "dozen": self.pick(False, False, True),
        }
        vals = {"partner_id": case["customer"].id}
        number = case["tariff"]
        if row["side"] in ("net", "both"):
            vals[f"price_{number}"] = row["net"]
        if row["side"] in ("taxed", "both"):
            vals[f"pvp_{number}"] = row["taxed"]
        self.make_price(
            article,
            min_price=row["minimum"],
            special_discount=row["discount"],
            no_discount=row["flag"],
            **vals,
        )
        return row

    # --- the calculation on paper: nothing of the addon's is used

    def on_paper(self, case, row, article):
        included = article.taxes_id == self.included_tax
        grow = 1.21 if included else 1
        times = (12 if row["dozen"] else 1) * (RATE if case["abroad"] else 1)
        own = 0
        is_special = False
        if row["side"]:
            is_special = True
            if included:
                price = row["net"] * 1.21 if row["side"] == "net" else row["taxed"]
            else:
                price = row["taxed"] / 1.21 if row["side"] == "taxed" else row["net"]
            price *= times
        elif (case["sale"] or case["cost"]) and article.standard_price:
            price = article.standard_price
            if case["sale"]:
                price = price * 100 / (100 - case["sale"])
            else:
                price = price * (100 + case["cost"]) / 100
            price = unit(price * grow * times)
        elif case["rule"] and case["rule"]["compute_price"] == "fixed":
            # a pricelist's fixed price is in the pricelist's currency
            price = case["rule"]["fixed_price"] * (12 if row["dozen"] else 1)
        else:
            price = article.list_price * times
            own = case["rule"]["percent_price"] if case["rule"] else 0
        if case["increase"] and not is_special:
            price = unit(price * (100 + case["increase"]) / 100)
        discount = self.discount_on_paper(case, row, article, 0 if is_special else own)
        if row["minimum"]:
            minimum = row["minimum"] * grow * times
            if unit(price * (100 - discount) / 100) < unit(minimum):
                return minimum, 0
        return price, discount

    def discount_on_paper(self, case, row, article, own):
        if row["flag"]:
            return row["discount"]
        in_child = article.categ_id == self.subfamily
        if row["discount"]:
            discount = row["discount"]
        elif in_child and case["child"] is not None:
            discount = case["child"]
        elif case["parent"] is not None:
            discount = case["parent"]
        elif case["table"]:
            discount = case["table"]
        else:
            discount = own
        if case["header"]:
            left = (100 - discount) * (100 - case["header"]) / 100
            discount = cents(100 - left)
        return discount

    def test_300_combinations(self):
        kinds = set()
        compared = 0
        for number in range(CUSTOMERS):
            case = self.make_case(number)
            order = self.make_sale(
                customer=case["customer"], pricelist_id=case["pricelist"].id
            )
            self.assertEqual(
                order.currency_id == self.currency, bool(case["abroad"]), number
            )
            terms = order._get_price_terms(
                header=case["header"], date=fields.Datetime.now()
            )
            requests = [
                PriceRequest(
                    article,
                    row["quantity"],
                    self.dozen if row["dozen"] else article.uom_id,
                )
                for article, row in zip(self.articles, case["rows"], strict=True)
            ]
            resolved = self.env["xpyme.price.engine"]._resolve(requests, terms)
            for article, row, found in zip(
                self.articles, case["rows"], resolved, strict=True
            ):
                price, discount = self.on_paper(case, row, article)
                told = f"{number} {article.name} {row} {case} {found.steps}"
                self.assertAlmostEqual(found.price, price, 8, told)
                self.assertAlmostEqual(found.discount, discount, 8, told)
                kinds.update(step["code"] for step in found.steps)
                compared += 1
        self.assertEqual(compared, 300)
        self.assertEqual(
            kinds,
            {
                "special",
                "cost_sale",
                "cost_cost",
                "no_cost",
                "tariff",
                "card",
                "increase",
                "no_discount",
                "special_discount",
                "family",
                "discount_tariff",
                "pricelist",
                "header",
                "minimum",
            },
        )
