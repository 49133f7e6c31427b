import os
import random
import re
from dataclasses import replace

from odoo import Command
from odoo.tests import tagged

from . import price_paper
from .price_paper import Article, Deal, Row, Rule
from .price_ways import RATE, PriceWaysCase

DOCUMENTS = 500 if os.environ.get("XPYME_LONG") else 6
ARTICLES_OF_ONE = 3
CARDS = (0.0345, 0.123456, 9.99, 37.5, 100, 1234.5)
COSTS = (0.012, 0, 12.34, 40, 812.345678)
POSITIONS = {
    "export": lambda net, a: net / a.grown if a.included else net,
    "outside": lambda net, a: net / a.grown if a.included else net,
    "reduced": lambda net, a: net / a.grown * 11 / 10 if a.included else net,
}
COUNTRIES = {"export": "base.pt", "outside": "base.fr", "reduced": "base.ar"}
# In the words of the steps: an amount with its currency, and a percentage.
PERCENT = re.compile(r"(-?[\d,.]*\d)\s%")
AMOUNT = re.compile(r"(-?[\d,.]*\d)\s[^\s%\d]|[^\s%\d]\s(-?[\d,.]*\d)(?!\s?%)")


@tagged("post_install", "-at_install")
class TestPricePaper(PriceWaysCase):
    """Random documents by every way against a calculation on paper.

    With pricelists on pricelists, fiscal positions of a contact's customer, branches,
    and prices of two, four and six decimals. *Por qué* leads to what is paid.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(19)
        cls.head = cls.env.company
        cls.branch = cls.env["res.company"].create(
            {"name": "Sucursal", "parent_id": cls.head.id}
        )
        cls.env.user.company_ids |= cls.branch
        cls.user.company_ids |= cls.branch
        cls.precision = cls.env["decimal.precision"].search(
            [("name", "=", "Product Price")]
        )
        cls.positions = {kind: cls.make_position(kind) for kind in COUNTRIES}
        cls.stock = [cls.make_random_article(number) for number in range(12)]

    @classmethod
    def pick(cls, *options):
        return cls.random.choice(options)

    @classmethod
    def make_position(cls, kind):
        """Found by the country of whom it is for."""
        position = cls.env["account.fiscal.position"].create(
            {
                "name": kind,
                "auto_apply": True,
                "country_id": cls.env.ref(COUNTRIES[kind]).id,
            }
        )
        include = "tax_included" if kind == "reduced" else "tax_excluded"
        amount = {"export": 0, "outside": 21, "reduced": 10}[kind]
        for original in (cls.included_tax, cls.net_tax):
            cls.make_tax(
                f"{amount} {original.name} {kind}",
                amount,
                include if original == cls.included_tax else "tax_excluded",
                fiscal_position_ids=[Command.link(position.id)],
                original_tax_ids=[Command.link(original.id)],
            )
        return position

    @classmethod
    def make_random_article(cls, number):
        """The record, and what is known of it on paper."""
        included, family = number % 2 == 1, cls.pick(cls.family, cls.subfamily)
        known = Article(
            card=cls.pick(*CARDS),
            cost=cls.pick(*COSTS),
            tax=21,
            included=included,
            families=("child", "parent") if family == cls.subfamily else ("parent",),
        )
        article = cls.make_article(
            f"Artículo {number}",
            known.card,
            cls.included_tax if included else cls.net_tax,
            categ_id=family.id,
        )
        for company in cls.head | cls.branch:
            article.with_company(company).standard_price = known.cost
        return article, known

    # === A DEAL ===#

    def draw_rule(self, depth=0):
        rate = self.pick(1, RATE)
        base = self.pick("card", "card", "cost")
        if depth < 2 and self.random.random() < 0.5:
            base = self.draw_rule(depth + 1)
        kind = self.pick("card", "fixed", "percentage", "percentage", "formula")
        if kind == "card":
            return Rule(rate=rate)
        if kind == "fixed":
            return Rule(kind, self.pick(21.5, 0.0123), rate=rate)
        surcharge = self.pick(0, 1.25, 0.001) if kind == "formula" else 0
        return Rule(kind, self.pick(4, 7, 12.5), surcharge, base, rate)

    def make_pricelist(self, rule, **vals):
        currency = self.abroad if rule.rate == RATE else self.head.currency_id
        item = {"compute_price": rule.kind}
        if rule.kind == "fixed":
            item["fixed_price"] = rule.value
        elif rule.kind == "percentage":
            item["percent_price"] = rule.value
        else:
            item.update(price_discount=rule.value, price_surcharge=rule.surcharge)
            if rule.base == "cost":
                item.update(price_discount=0, price_markup=-rule.value)
        if isinstance(rule.base, Rule):
            below = self.make_pricelist(rule.base)
            item.update(base="pricelist", base_pricelist_id=below.id)
        else:
            item["base"] = "standard_price" if rule.base == "cost" else "list_price"
        rules = () if rule.kind == "card" else [item]
        options = {"company_id": False, "currency_id": currency.id, **vals}
        return self.make_tariff(rules=rules, **options)

    def draw_deal(self):
        source = self.pick("special", "special", "cost", "tariff", "tariff")
        deal = Deal(
            pricelist=self.draw_rule(),
            increase=self.pick(0, 0, 3, -5),
            families={
                family: self.pick(0, 5, 10)
                for family in ("parent", "child")
                if self.pick(True, False)
            },
            table=self.pick(0, 0, 15),
            header=self.pick(0, 0, 5),
            digits=self.pick(2, 4, 6),
        )
        if source == "cost":
            deal.on_sale, deal.on_cost = self.pick((20, 0), (0, 25))
        return deal, source

    def draw_row(self):
        return Row(
            net=self.pick(None, 9.5, 0.0123, 33.333333),
            taxed=self.pick(None, 11.99, 0.004567),
            minimum=self.pick(0, 0, 0, 6, 0.0111),
            discount=self.pick(0, 0, 7, 50),
            flag=self.pick(False, False, False, True),
        )

    def make_row(self, customer, article, row, company):
        self.make_price(
            article,
            partner_id=customer.id,
            company_id=company.id,
            price_1=row.net or 0,
            pvp_1=row.taxed or 0,
            min_price=row.minimum,
            special_discount=row.discount,
            no_discount=row.flag,
        )

    def make_customer_of(self, deal, number):
        """The customer of a deal, and who of theirs the document is for."""
        position = self.pick(None, *POSITIONS)
        deal.position = POSITIONS.get(position)
        typed = position and self.pick(True, False)
        country = self.env.ref(COUNTRIES[position]) if position else self.chile
        pricelist = self.make_pricelist(deal.pricelist)
        vals = {
            "vat": False,
            "email": f"cliente{number}@example.com",
            "country_id": (self.chile if typed else country).id,
            "margin_on_sale": deal.on_sale,
            "margin_on_cost": deal.on_cost,
            "price_increase": deal.increase,
            "family_discount_ids": [
                Command.create({"categ_id": categ.id, "discount": deal.families[name]})
                for name, categ in (("parent", self.family), ("child", self.subfamily))
                if name in deal.families
            ],
        }
        if deal.header:
            discount = {"name": "Feria", "percent": deal.header}
            vals["customer_discount_ids"] = [Command.create(discount)]
        customer = self.make_customer(f"Cliente {number}", **vals)
        own = customer.with_company(self.shop)
        own.specific_property_product_pricelist = pricelist
        if deal.table:
            rule = {"compute_price": "percentage", "percent_price": deal.table}
            table = self.make_tariff(rules=[rule], company_id=False)
            own.discount_pricelist_id = table
        if typed:
            own.property_account_position_id = self.positions[position]
        if self.pick(True, False):
            return customer, self.make_contact(customer, f"Persona {number}")
        return customer, customer

    def make_deals(self, number):
        """Whom a document is for, and ``{article: (paper article, deal)}``."""
        self.shop = self.pick(self.head, self.head, self.branch)
        deal, source = self.draw_deal()
        self.precision.digits = deal.digits
        customer, partner = self.make_customer_of(deal, number)
        deals = {}
        for article, known in self.random.sample(self.stock, ARTICLES_OF_ONE):
            own = Deal(**vars(deal))
            if source == "special":
                companies = [self.head]
                if self.shop == self.branch:
                    companies = self.pick([self.head], [self.branch, self.head])
                own.rows = [self.draw_row() for _company in companies]
                for row, company in zip(own.rows, companies, strict=True):
                    self.make_row(customer, article, row, company)
            deals[article] = known, own
        self.articles = self.env["product.product"].concat(*deals)
        return partner, deals

    # === THE COMPARISON ===#

    def assertPaper(self, found, expected, told):
        self.assertEqual(set(found), set(expected), told)
        for article, price in found.items():
            right = float(expected[article])
            self.assertLess(abs(price - right), 1e-6 * max(1, right), (right, *told))

    def follow(self, line):
        """What the steps of *Por qué* lead to, read as a person reads them."""
        action = line.action_why_price()
        why = self.env[action["res_model"]].browse(action["res_id"])
        price, discount = 0.0, 0.0
        for sentence in re.findall(r"<li>(.*?)</li>", why.steps_html):
            sentence = sentence.replace("&nbsp;", " ").replace("\xa0", " ")
            if "iscount" in sentence:
                discount = self._read(PERCENT.findall(sentence)[-1])
            elif "no cost" not in sentence:
                price = self._read(next(filter(None, AMOUNT.findall(sentence)[-1])))
                if re.match("Minimum|Taxes", sentence):
                    discount = 0.0
        # Both sides are told; a line has the one of its taxes.
        side = -1 if any(line.tax_ids.mapped("price_include")) else 0
        sides = AMOUNT.findall(why.result.replace("\xa0", " "))
        paid = next(filter(None, sides[side]))
        return price * (1 - discount / 100), self._read(paid), why.steps_html

    @staticmethod
    def _read(text):
        return float(text.replace(",", ""))

    def check_why(self, document, expected, told):
        for line in document._get_priced_lines():
            followed, paid, steps = self.follow(line)
            right = float(expected[line.product_id])
            # Prices are told with four digits that count, or more.
            for number in (followed, paid):
                self.assertLess(
                    abs(number - right),
                    5e-4 * right + 1e-9,
                    (number, right, steps, told),
                )

    def get_invoiced(self, expected, deals):
        """Where nothing acts it is Odoo's price, which in a branch's direct invoices
        keeps the taxes of the head office whatever the fiscal position says."""
        return {
            article: price_paper.get_net(known, replace(deal, position=None))
            if self.shop == self.branch and price_paper.is_plain(known, deal)
            else expected[article]
            for article, (known, deal) in deals.items()
        }

    def check(self, number):
        partner, deals = self.make_deals(number)
        told = (number, self.shop.name, partner.name, deals)
        expected = {a: price_paper.get_net(*deal) for a, deal in deals.items()}
        order = self.make_order_of(
            partner, order_line=self.get_lines(1, "product_uom_qty")
        )
        invoice = self.make_invoice(
            partner, invoice_line_ids=self.get_lines(1, "quantity")
        )
        invoiced = self.get_invoiced(expected, deals)
        for document, right in ((order, expected), (invoice, invoiced)):
            found = self.get_nets(document._get_priced_lines())
            self.assertPaper(found, right, (document._name, *told))
            self.check_why(document, right, told)
        for way in (self.by_screen, self.by_catalogue, self.by_rpc):
            self.assertPaper(way(partner, 1), expected, (way.__name__, *told))
        way = self.by_invoice_catalogue
        self.assertPaper(way(partner, 1), invoiced, (way.__name__, *told))
        rate = next(iter(deals.values()))[1].pricelist.rate
        # An article without a price is not offered.
        offered = {
            article: price_paper.get_offered(*deal) * rate
            for article, deal in deals.items()
            if expected[article]
        }
        self.assertPaper(self.by_offer(partner, 1), offered, ("offer", *told))
        return expected

    def test_random_documents_cost_what_they_cost_on_paper(self):
        self.authenticate("ventas", "ventas")
        nets = set()
        for number in range(DOCUMENTS):
            nets.update(self.check(number).values())
        # They do differ.
        self.assertGreater(len(nets), DOCUMENTS)
