from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo.addons.xpyme_contacts.tests.common import CustomerCase

from .common import sell_in_own_currency

JULY_31 = date(2026, 7, 31)


class RunCase(CustomerCase):
    """Customers whose orders are invoiced together, and runs over them alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        sell_in_own_currency(cls.env)
        cls.company.invoice_months_apart = True
        cls.company.partner_id.tz = "Europe/Madrid"
        # The customers of this test: no other shop's orders are in its runs.
        cls.customers = cls.env["res.partner"]
        cls.product = cls.make_product()
        cls.grouped = cls.make_payer("Agrupada S.A.", invoice_grouping_mode="group")
        cls.apart = cls.make_payer("Albarán S.A.", invoice_grouping_mode="per_delivery")

    def setUp(self):
        super().setUp()
        cls = type(self)
        self.addCleanup(setattr, cls, "customers", cls.customers)

    @classmethod
    def make_payer(cls, name, **vals):
        customer = cls.make_customer(name, vat=cls.RUT, company_id=False, **vals)
        cls.customers |= customer
        return customer

    @classmethod
    def make_product(cls, name="Clavos", **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [(5, 0, 0)],
                **vals,
            }
        )

    @classmethod
    def make_currency(cls):
        return cls.env["res.currency"].create({"name": "XTS", "symbol": "X"})

    @classmethod
    def make_tax(cls, **vals):
        group = cls.env["account.tax.group"].create({"name": "IVA de prueba"})
        vals = {"amount": 21, "tax_group_id": group.id, **vals}
        return cls.env["account.tax"].create({"name": f"IVA {group.id}", **vals})

    @classmethod
    def make_address(cls, customer, name):
        return cls.Partner.create(
            {"name": name, "parent_id": customer.id, "type": "delivery"}
        )

    @classmethod
    def make_sale(cls, customer, amount=100.0, day="2026-07-10", **vals):
        """A confirmed order of one line, on a day at noon."""
        product = vals.pop("product", cls.product)
        quantity = vals.pop("quantity", 1.0)
        line = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "price_unit": amount,
            "tax_ids": [(5, 0, 0)],
        }
        order = cls.env["sale.order"].create(
            {"partner_id": customer.id, "order_line": [(0, 0, line)], **vals}
        )
        order.action_confirm()
        order.date_order = f"{day} 12:00:00"
        return order

    @classmethod
    def make_return(cls, customer, back=150.0):
        """An order that was delivered and invoiced, and gets something back, where the
        law asks a credit note to name its invoice."""
        company = cls.env.company
        if company.account_fiscal_country_id.code != "CL":
            company.account_fiscal_country_id = cls.spain
        product = cls.make_product("Chapa", invoice_policy="delivery")
        order = cls.make_sale(customer, 10.0, product=product, quantity=100)
        order.order_line.qty_delivered = 100
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-07-11"
        invoice.action_post()
        order.order_line.qty_delivered = 100 - back / 10
        return order, invoice

    @classmethod
    def make_journal(cls, code):
        return cls.env["account.journal"].create(
            {
                "name": f"Serie {code}",
                "code": code,
                "type": "sale",
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def make_biller(cls):
        """Who makes the invoices of many customers at once."""
        return cls.make_user(
            "biller",
            "xpyme_contacts_billing.group_billing_run,"
            "sales_team.group_sale_salesman_all_leads",
        )

    def make_run(self, **vals):
        return self.env["xpyme.billing.run"].create(
            {
                "invoice_date": JULY_31,
                "date_to": JULY_31,
                "partner_ids": [(6, 0, self.customers.ids)],
                **vals,
            }
        )

    def prepare(self, **vals):
        run = self.make_run(**vals)
        run.action_prepare()
        return run

    def get_left_out(self, run):
        """``{customer: reason}``"""
        items = run.item_ids.filtered(lambda item: item.state == "skipped")
        return {item.partner_id: item.reason for item in items}

    @contextmanager
    def in_lanes(self):
        """Nothing is worked on in the request; ``lane()`` is one run of a lane."""
        with (
            patch("odoo.addons.xpyme_contacts_billing.models.run.run.INLINE", -1),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            worker = self.env(cr=cr)["xpyme.billing.worker"]
            yield lambda lane=0: worker._process_lane(lane)
        self.env.invalidate_all()
