from odoo import Command

from odoo.addons.xpyme_contacts.tests.common import CustomerCase

SHOP = {"street": "Rutlla 3", "zip": "17002", "city": "Girona"}


class SpanishCase(CustomerCase):
    """A Spanish company with its chart of accounts, articles and a customer."""

    NIF = "ESA58818501"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.partner_id.country_id = cls.spain
        cls.company.vat = "ESB01795483"
        cls.vat = {rate: cls.get_tax(f"s_iva{rate}b") for rate in (21, 10, 4)}
        cls.articles = {
            rate: cls.make_article(f"Artículo {rate}", tax)
            for rate, tax in cls.vat.items()
        }
        cls.exempt = cls.make_article("Curso", cls.get_tax("s_iva0_nsd"))
        cls.customer = cls.make_customer()

    @classmethod
    def get_tax(cls, name, company=None):
        return cls.ref(f"account_tax_template_{name}", company)

    @classmethod
    def ref(cls, name, company=None):
        charts = cls.env["account.chart.template"]
        return charts.with_company(company or cls.env.company).ref(name)

    @classmethod
    def make_article(cls, name, tax, **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "list_price": 100,
                "type": "service",
                "taxes_id": [Command.set(tax.ids)],
                **vals,
            }
        )

    @classmethod
    def make_customer(cls, name="Ferretería Ter S.L.", **vals):
        vals = {"country_id": cls.spain.id, "vat": cls.NIF, **SHOP, **vals}
        return super().make_customer(name, street2=False, **vals)

    @classmethod
    def make_chilean_company(cls):
        return cls.make_company("Ferretería Andes", "cl", "base.cl")

    @classmethod
    def make_company(cls, name, chart, country):
        company = cls.env["res.company"].create(
            {"name": name, "country_id": cls.env.ref(country).id}
        )
        cls.env.user.company_ids |= company
        cls.env["account.chart.template"].try_loading(
            chart, company, install_demo=False
        )
        return company

    @classmethod
    def make_quotation(cls, rate=21, customer=None, article=None, **vals):
        article = article or cls.articles[rate]
        return cls.env["sale.order"].create(
            {
                "partner_id": (customer or cls.customer).id,
                "order_line": [Command.create({"product_id": article.id})],
                **vals,
            }
        )

    @classmethod
    def make_invoice(cls, rate=21, customer=None, article=None, **vals):
        article = article or cls.articles[rate]
        line = {"product_id": article.id, "price_unit": 100, "quantity": 1}
        return cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (customer or cls.customer).id,
                "invoice_date": "2026-03-02",
                "invoice_line_ids": [Command.create(line)],
                **vals,
            }
        )

    def assertTotals(self, total, **document):
        """An order and an invoice of 100.00 without tax come to ``total``."""
        for made in (self.make_quotation(**document), self.make_invoice(**document)):
            self.assertAlmostEqual(made.amount_total, total, 2, made._name)

    def get_position(self, customer=None):
        positions = self.env["account.fiscal.position"]
        return positions._get_fiscal_position(customer or self.customer)
