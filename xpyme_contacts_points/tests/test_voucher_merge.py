from odoo.tests import tagged

from .common import PointsCase


@tagged("post_install", "-at_install")
class TestVoucherMerge(PointsCase):
    """Merged customers: both amounts are kept, on one voucher."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_customer(
            "Otra", vat=cls.OTHER_RUT, customer_type_id=cls.type.id, **cls.get_period()
        )

    def merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | self.other).ids, self.customer)
        self.env.invalidate_all()

    def test_settlements_of_one_period_and_vouchers_add_up(self):
        voucher = self.give_voucher(10)
        theirs = self.give_voucher(20, self.other)
        self.merge()
        self.assertEqual(self.get_balance(), 30)
        self.assertEqual(self.get_voucher(), voucher)
        settlement = self.get_settlements()
        self.assertEqual((settlement.amount, settlement.base), (30, 30))
        self.assertEqual(len(voucher.history_ids), 2)
        self.assertFalse(theirs.active)

    def test_the_voucher_of_the_one_that_goes_is_the_survivors(self):
        theirs = self.give_voucher(20, self.other)
        order = self.make_order(self.other, confirm=False)
        self.apply_voucher(order, theirs)
        self.merge()
        self.assertEqual(self.get_voucher(), theirs)
        self.assertEqual(self.get_balance(), 20)
        order.action_confirm()
        self.assertEqual(self.get_balance(), 0)

    def test_an_order_with_a_voucher_that_went_goes_on(self):
        self.give_voucher(10)
        theirs = self.give_voucher(20, self.other)
        order = self.make_order(self.other, confirm=False)
        self.apply_voucher(order, theirs)
        self.merge()
        order.action_confirm()
        self.assertAlmostEqual(order.amount_total, 32.92, 2)
        self.assertEqual(self.get_balance(), 0)

    def test_what_is_merged_into_a_contact_is_its_customers(self):
        voucher = self.give_voucher(10)
        theirs = self.give_voucher(20, self.other)
        contact = self.make_contact(self.customer, "Ana")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.other | contact).ids, contact)
        self.env.invalidate_all()
        self.assertEqual(self.get_balance(), 30)
        self.assertEqual((self.get_voucher(), theirs.active), (voucher, False))
        settlement = self.get_settlements()
        self.assertEqual((len(settlement), settlement.amount), (1, 30))

    def test_a_customer_who_becomes_a_contact_takes_the_voucher_along(self):
        person = self.make_customer(
            "Eva",
            is_company=False,
            vat=self.RUT,
            customer_type_id=self.type.id,
            **self.get_period(),
        )
        voucher = self.give_voucher(20, person)
        person.parent_id = self.customer
        self.assertEqual(self.get_balance(), 20)
        self.assertEqual(voucher.partner_id, self.customer)
        self.assertEqual(self.get_settlements().amount, 20)

    def test_points_of_both_go_with_their_history_and_their_orders(self):
        """Whose goods come back afterwards."""
        program = self.make_program()
        self.make_order()
        order = self.make_order(self.other, quantity=4)
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-11-20"
        invoice.action_post()
        self.merge()
        card = self.env["loyalty.card"].search([("program_id", "=", program.id)])
        self.assertAlmostEqual(card.points, 314.6)
        self.assertAlmostEqual(sum(card.history_ids.mapped("issued")), 314.6)
        note = self.reverse(invoice)
        note.invoice_line_ids.quantity = 1
        note.action_post()
        self.assertAlmostEqual(card.points, 251.68)
        order._action_cancel()
        self.assertAlmostEqual(card.points, 62.92)
        self.assertAlmostEqual(sum(card.history_ids.mapped("issued")), 62.92)
        self.assertEqual(self.get_figures()[0], 62.92)
