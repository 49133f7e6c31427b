from datetime import date

from odoo import Command

from odoo.addons.xpyme_contacts.tests.common import CustomerCase

AUGUST = (date(2026, 8, 1), date(2026, 8, 31))


def sell_in_own_currency(env):
    """Orders are in the company's currency, in whatever country it is."""
    lists = env["product.pricelist"].search([("active", "=", True)])
    lists.currency_id = env.company.currency_id


class BillingCase(CustomerCase):
    """A customer who pays on the 5th and the 20th, an article and payment terms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.USD").active = cls.env.ref("base.EUR").active = True
        sell_in_own_currency(cls.env)
        cls.article = cls.env["product.product"].create(
            {"name": "Clavos", "list_price": 121, "type": "service"}
        )
        cls.article.taxes_id = False
        cls.month = cls.make_term([(100, 30)])
        cls.thirds = cls.make_term([(33, 7), (33, 14), (34, 28)])
        cls.customer = cls.make_customer(
            vat=cls.RUT, payment_days="5, 20", property_payment_term_id=cls.month.id
        )

    @classmethod
    def make_term(cls, parts, **vals):
        """:param parts: pairs of percent and days"""
        return cls.env["account.payment.term"].create(
            {
                "name": "A plazo",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": percent, "nb_days": days}
                    )
                    for percent, days in parts
                ],
                **vals,
            }
        )

    @classmethod
    def make_leave(cls, start=AUGUST[0], end=AUGUST[1], customer=None, **vals):
        return cls.env["xpyme.customer.leave"].create(
            {
                "partner_id": (customer or cls.customer).id,
                "date_from": start,
                "date_to": end,
                **vals,
            }
        )

    @classmethod
    def make_invoice(cls, day="2026-07-10", move_type="out_invoice", **vals):
        line = {"product_id": cls.article.id, "price_unit": 121, "tax_ids": False}
        return cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": cls.customer.id,
                "invoice_date": day,
                "invoice_line_ids": [Command.create(line)],
                **vals,
            }
        )

    @classmethod
    def make_order(cls, customer=None, **vals):
        return cls.env["sale.order"].create(
            {
                "partner_id": (customer or cls.customer).id,
                "order_line": [
                    Command.create({"product_id": cls.article.id, "price_unit": 121})
                ],
                **vals,
            }
        )

    @classmethod
    def make_journal(cls, code, **vals):
        """A sales journal that numbers by itself, in Chile too."""
        journals = cls.env["account.journal"]
        if "l10n_latam_use_documents" in journals._fields:
            vals.setdefault("l10n_latam_use_documents", False)
        return journals.create(
            {"name": f"Serie {code}", "code": code, "type": "sale", **vals}
        )

    @classmethod
    def pay(cls, invoice, amount):
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create({"amount": amount})._create_payments()

    def get_instalments(self, move):
        lines = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        return {
            line.date_maturity: round(line.amount_currency, 2)
            for line in lines.sorted("date_maturity")
        }

    def assertDue(self, move, *days):
        """The lines are due on ``days``, and the header on the last of them."""
        days = [date.fromisoformat(day) for day in days]
        self.assertEqual(list(self.get_instalments(move)), days)
        self.assertEqual(move.invoice_date_due, days[-1])
