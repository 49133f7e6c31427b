from unittest.mock import patch

from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTillOrders(TillCase):
    """What a till takes of an order is no debt any more, or that of the ticket."""

    def setUp(self):
        super().setUp()
        self.seller = self.make_user(
            "tillseller",
            "point_of_sale.group_pos_user,sales_team.group_sale_salesman_all_leads",
        )

    def make_quotation(self, quantity=1):
        order = self.make_sale(self.goods)
        order.order_line.product_uom_qty = quantity
        return order

    def take(self, order, quantity=1, **vals):
        line = {
            "sale_order_origin_id": order.id,
            "sale_order_line_id": order.order_line[:1].id,
        }
        return self.sell(user=self.seller, quantity=quantity, line=line, **vals)

    def get_amounts(self):
        self.env.flush_all()
        amounts = self.customer._get_risk_amounts(self.company)[self.customer.id]
        names = ("order", "till", "debt")
        return tuple(round(amounts[name], 2) for name in names)

    def test_what_was_taken_of_an_order_is_owed_once(self):
        order = self.make_quotation(2)
        order.action_confirm()
        self.assertEqual(self.get_amounts(), (125.84, 0.0, 125.84))
        self.take(order)
        self.assertEqual(self.get_amounts(), (62.92, 0.0, 62.92))
        self.take(order, method=self.later)
        self.assertEqual(self.get_amounts(), (0.0, 62.92, 62.92))

    def test_an_advance_lowers_the_debt(self):
        order = self.make_quotation(2)
        order.action_confirm()
        advance = self.make_article("Anticipo", 52, self.net_tax, type="service")
        self.config.down_payment_product_id = advance
        line = {"sale_order_origin_id": order.id, "product_id": advance.id}
        self.sell(user=self.seller, line=line)
        self.assertEqual(self.get_amounts(), (62.92, 0.0, 62.92))
        self.sell(user=self.seller, line=line, method=self.later)
        self.assertEqual(self.get_amounts(), (0.0, 62.92, 62.92))

    def test_a_quotation_that_is_paid_is_confirmed_whatever_the_limit(self):
        self.customer.internal_credit_limit = 10
        self.company.risk_order_action = "block"
        order = self.make_quotation()
        self.assertEqual(self.take(order).state, "paid")
        self.assertEqual(order.state, "sale")

    def test_what_is_not_paid_of_it_is_judged_and_the_ticket_is_kept(self):
        manager = self.make_user(
            "riskboss",
            "xpyme_contacts.group_risk_manager,sales_team.group_sale_manager",
        )
        self.customer.internal_credit_limit = 100
        self.company.risk_order_action = "block"
        order = self.make_quotation(9)
        self.assertEqual(self.take(order).state, "paid")
        self.assertEqual(order.state, "draft")
        self.assertTrue(manager)

    def test_sold_offline_to_one_who_was_blocked_it_stays_a_quotation(self):
        order = self.make_quotation()
        self.customer.is_blocked = True
        ticket = self.take(order, paid_offline=True)
        self.assertEqual((ticket.state, order.state), ("paid", "draft"))
        self.assertTrue(ticket.sold_to_blocked)

    def test_what_cannot_be_confirmed_stays_a_quotation_and_the_ticket_is_kept(self):
        """A voucher of it that was spent or lapsed meanwhile, whatever else refuses."""
        bosses = self.make_bosses()
        error = {"_confirmation_error_message": lambda _self: "The voucher is spent."}
        for offline in (False, True):
            order = self.make_quotation()
            with patch.multiple(self.registry["sale.order"], **error):
                ticket = self.take(order, paid_offline=offline)
            self.assertEqual((ticket.state, order.state), ("paid", "draft"))
            self.assertEqual(order.order_line.pos_order_line_ids, ticket.lines)
            self.assertToldInOwn(bosses, "stays a quotation", "sigue en presupuesto")
            self.assertToldInOwn(bosses, order.name, "The voucher is spent.")
            self.get_activities().unlink()
