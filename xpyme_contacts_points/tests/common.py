from datetime import date, datetime
from unittest.mock import patch

from odoo import Command

from odoo.addons.xpyme_contacts.tests.common import CustomerCase

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
# Where November is over, and December is not.
TODAY = date(2026, 12, 10)


def sell_in_own_currency(env):
    """Orders are in the company's currency, in whatever country it is."""
    lists = env["product.pricelist"].search([("active", "=", True)])
    lists.currency_id = env.company.currency_id


def make_program(env, **vals):
    """One point for each unit of currency, tax included, as core proposes it."""
    rule = {"reward_point_mode": "money", "reward_point_amount": 1}
    programs = env["loyalty.program"].with_context(default_program_type="loyalty")
    return programs.create(
        {
            "name": "Puntos",
            "rule_ids": [Command.clear(), Command.create(rule)],
            **vals,
        }
    )


class PointsCase(CustomerCase):
    """A shop with cents, its programs alone, and a customer who earns in November.

    Articles bear 21 % of tax. Amounts are asked for with tax.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = TODAY
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["res.company"],
                "_get_local_today",
                lambda _company: cls.today,
            )
        )
        cls.env["loyalty.program"].search([]).active = False
        sell_in_own_currency(cls.env)
        cls.env.company.partner_id.tz = "Europe/Madrid"
        cls.tax = cls.env["account.tax"].create(
            {"name": "IVA 21 %", "amount": 21, "type_tax_use": "sale"}
        )
        cls.article = cls.make_article(52.0)
        cls.type = cls.make_type()
        cls.customer = cls.make_customer(
            vat=cls.RUT, customer_type_id=cls.type.id, **cls.get_period()
        )
        cls.salesperson = cls.make_salesperson()
        cls.manager = cls.make_user("manager", "sales_team.group_sale_manager")

    @staticmethod
    def get_period(start=NOVEMBER[0], end=NOVEMBER[1]):
        return {"points_period_start": start, "points_period_end": end}

    @classmethod
    def make_type(cls, mode="percent", percent=5.0, **vals):
        return cls.env["xpyme.customer.type"].create(
            {
                "name": "Comercio",
                "voucher_mode": mode,
                "voucher_percent": percent,
                **vals,
            }
        )

    @classmethod
    def make_article(cls, price, **vals):
        return cls.env["product.product"].create(
            {
                "name": "Clavos",
                "list_price": price,
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.set(cls.tax.ids)],
                **vals,
            }
        )

    @classmethod
    def make_program(cls, **vals):
        return make_program(cls.env, **vals)

    @classmethod
    def make_invoice(cls, total, day="2026-11-10", move_type="out_invoice", **vals):
        """A posted one of ``total`` with tax."""
        line = {
            "product_id": cls.article.id,
            "price_unit": total / 1.21,
            "tax_ids": [Command.set(cls.tax.ids)],
        }
        invoice = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": cls.customer.id,
                "invoice_date": day,
                "invoice_line_ids": [Command.create(line)],
                **vals,
            }
        )
        invoice.action_post()
        return invoice

    @classmethod
    def make_order(cls, partner=None, quantity=1, day="2026-11-10", confirm=True):
        """An order of 62.92 with tax for each unit, with its rewards reckoned."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "user_id": cls.salesperson.id,
                "order_line": [
                    Command.create(
                        {"product_id": cls.article.id, "product_uom_qty": quantity}
                    )
                ],
            }
        )
        order._update_programs_and_rewards()
        if confirm:
            order.action_confirm()
            order.date_order = (
                day if isinstance(day, datetime) else datetime.fromisoformat(day)
            )
        return order

    def settle(self, customer=None, user=None):
        """The settlement of a customer's period, by a sales administrator."""
        customer = (customer or self.customer).with_user(user or self.manager)
        self.env.flush_all()
        customer.action_settle_points()
        return self.get_settlements(customer)[:1].sudo()

    def get_settlements(self, customer=None):
        return self.env["xpyme.points.settlement"].search(
            [("partner_id", "=", (customer or self.customer).id)], order="id desc"
        )

    def get_voucher(self, customer=None):
        """The customer's card of the program of vouchers."""
        return self.env["loyalty.card"].search(
            [
                ("partner_id", "=", (customer or self.customer).id),
                ("program_id.is_customer_voucher", "=", True),
            ]
        )

    def get_balance(self, customer=None):
        customer = customer or self.customer
        self.env.flush_all()
        customer.invalidate_recordset()
        return round(customer.voucher_balance, 2)

    def give_voucher(self, amount, customer=None):
        """The voucher of a settlement that gave ``amount``, whoever it is."""
        customer = customer or self.customer
        self.type.write({"voucher_mode": "percent", "voucher_percent": 100})
        self.make_invoice(amount, partner_id=customer.id)
        self.settle(customer)
        return self.get_voucher(customer)

    def apply_voucher(self, order, voucher):
        """What the window for codes does: the code, then its reward."""
        status = order._try_apply_code(voucher.code)
        if "error" not in status:
            order._apply_program_reward(voucher.program_id.reward_ids, voucher)
        return status

    def assertTold(self, words, text):
        """Each of ``words`` is in ``text``; points and commas as the user writes."""
        text = str(text).replace(",", ".")
        for word in words:
            self.assertIn(word, text)

    def get_figures(self, customer=None):
        customer = customer or self.customer
        self.env.flush_all()
        customer.invalidate_recordset()
        return (
            round(customer.points_period_total, 2),
            round(customer.points_period_sales, 2),
        )
