from unittest.mock import patch

from odoo.addons.xpyme_contacts.tests.common import CustomerCase


class PriceCase(CustomerCase):
    """A customer, articles without and with tax in their price, and the tariffs.

    ``net_article``: 100 plus 21 %; ``taxed_article``: 121 with 21 % in it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        for feature in (
            "product.group_product_pricelist",
            "sale.group_discount_per_so_line",
        ):
            cls.env.ref("base.group_user")._apply_group(cls.env.ref(feature))
        cls.net_tax = cls.make_tax("21 apart", 21)
        cls.included_tax = cls.make_tax("21 inside", 21, "tax_included")
        cls.family = cls.env["product.category"].create({"name": "Pintura"})
        cls.subfamily = cls.env["product.category"].create(
            {"name": "Esmalte", "parent_id": cls.family.id}
        )
        cls.net_article = cls.make_article("Esmalte", 100, cls.net_tax)
        cls.taxed_article = cls.make_article("Rodillo", 121, cls.included_tax)
        cls.customer = cls.make_customer(
            "Pinturas Sol", vat="76086428-5", company_id=False
        )
        tariffs = cls.env["product.pricelist"]._get_tariffs(company)
        cls.tariff_1 = tariffs.get(1) or cls.make_tariff(1)
        cls.tariff_2 = tariffs.get(2) or cls.make_tariff(2)
        cls.customer.specific_property_product_pricelist = cls.tariff_1

    @classmethod
    def make_tax(cls, name, amount, include="tax_excluded", **vals):
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "type_tax_use": "sale",
                "price_include_override": include,
                "company_id": cls.env.company.id,
                "country_id": cls.env.company.account_fiscal_country_id.id
                or cls.chile.id,
                **vals,
            }
        )

    @classmethod
    def make_article(cls, name, price, taxes, **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "list_price": price,
                "taxes_id": [(6, 0, taxes.ids)],
                "categ_id": cls.subfamily.id,
                **vals,
            }
        )

    @classmethod
    def make_tariff(cls, number=0, rules=(), **vals):
        return cls.env["product.pricelist"].create(
            {
                "name": f"Tarifa de prueba {number}",
                "tariff_number": number,
                "item_ids": [(0, 0, rule) for rule in rules],
                **vals,
            }
        )

    @classmethod
    def make_price(cls, product=None, **vals):
        return cls.env["xpyme.customer.price"].create(
            {
                "partner_id": cls.customer.id,
                "product_id": (product or cls.net_article).id,
                **vals,
            }
        )

    @classmethod
    def make_sale(cls, *lines, customer=None, **vals):
        """A quotation; a line is an article, or values with one in ``product_id``."""
        return cls.env["sale.order"].create(
            {
                "partner_id": (customer or cls.customer).id,
                "order_line": [(0, 0, cls._line_vals(line)) for line in lines],
                **vals,
            }
        )

    @classmethod
    def set_up_invoices(cls):
        cls.journal = cls.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", cls.env.company.id)], limit=1
        ) or cls.env["account.journal"].create(
            {"name": "Ventas", "code": "XVT", "type": "sale"}
        )
        cls.income = cls.env["account.account"].create(
            {"name": "Ventas", "code": "X70000", "account_type": "income"}
        )
        cls.family.property_account_income_categ_id = cls.income
        cls.subfamily.property_account_income_categ_id = cls.income

    @classmethod
    def make_invoice(cls, *lines, move_type="out_invoice", **vals):
        return cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": cls.customer.id,
                "journal_id": cls.journal.id,
                "invoice_line_ids": [(0, 0, cls._line_vals(line)) for line in lines],
                **vals,
            }
        )

    @classmethod
    def forget_automatic_price(cls, invoice):
        """As in an invoice that is older than the addon."""
        invoice.flush_recordset()
        cls.env.cr.execute(
            "UPDATE account_move_line SET automatic_price = NULL WHERE move_id = %s",
            [invoice.id],
        )
        invoice.invoice_line_ids.invalidate_recordset()

    @staticmethod
    def _line_vals(line):
        return line if isinstance(line, dict) else {"product_id": line.id}

    @classmethod
    def make_currency(cls, rate=2.0):
        """Another currency, ``rate`` of it for one of the company's."""
        currency = cls.env["res.currency"].create(
            {"name": "XPY", "symbol": "¤", "rounding": 0.01}
        )
        cls.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "rate": rate,
                "name": "2000-01-01",
                "company_id": cls.env.company.root_id.id,
            }
        )
        return currency

    @classmethod
    def as_ticket(cls):
        """Within it invoices are those of a till, which need not be installed."""
        moves = cls.registry["account.move"]
        return patch.object(moves, "_is_of_ticket", lambda _move: True)

    def assertPrice(self, line, price, discount=0.0):
        self.assertAlmostEqual(line.price_unit, price, places=6)
        self.assertAlmostEqual(line.discount, discount, places=4)


class MinimumCase(PriceCase):
    """A minimum price of the customer, a clerk who sells and a boss who may insist."""

    MINIMUM = 60

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_invoices()
        cls.clerk = cls.make_user(
            "oficina",
            "sales_team.group_sale_salesman_all_leads,account.group_account_invoice",
        )
        cls.boss = cls.make_user(
            "jefa", "sales_team.group_sale_manager,account.group_account_invoice"
        )
        cls.row = cls.make_price(price_1=100, min_price=cls.MINIMUM)
        cls.off = cls.make_article("Descuento", 0, cls.net_tax, type="service")
