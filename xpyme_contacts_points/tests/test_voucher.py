from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import PointsCase


@tagged("post_install", "-at_install")
class TestVoucher(PointsCase):
    """One voucher for each customer of a company, spent to the cent, by them alone."""

    def test_a_voucher_pays_part_of_an_order_and_lowers_its_tax(self):
        voucher = self.give_voucher(30)
        order = self.make_order(confirm=False).with_user(self.salesperson)
        self.apply_voucher(order, voucher.with_user(self.salesperson))
        self.assertAlmostEqual(order.amount_total, 32.92, 2)
        line = order.order_line.filtered("reward_id")
        self.assertAlmostEqual(line.price_subtotal, -24.79, 2)
        self.assertAlmostEqual(order.amount_untaxed, 27.21, 2)
        order.action_confirm()
        self.assertEqual(self.get_balance(), 0)

    def test_what_an_order_does_not_need_is_left(self):
        voucher = self.give_voucher(17.90)
        self.article.list_price = 8.17 / 1.21
        order = self.make_order(confirm=False)
        self.apply_voucher(order, voucher)
        order.action_confirm()
        self.assertAlmostEqual(order.amount_total, 0, 2)
        self.assertEqual(self.get_balance(), 9.73)
        order._action_cancel()
        self.assertEqual(self.get_balance(), 17.90)

    def test_another_customers_voucher_is_refused(self):
        voucher = self.give_voucher(10)
        other = self.make_customer("Otra", vat=self.OTHER_RUT)
        order = self.make_order(other, confirm=False).with_user(self.salesperson)
        status = self.apply_voucher(order, voucher)
        self.assertIn("another customer's", status["error"])
        self.assertFalse(order.order_line.filtered("reward_id"))
        self.assertFalse(order.applied_coupon_ids)

    def test_nor_does_it_become_anothers_in_the_order(self):
        voucher = self.give_voucher(10)
        other = self.make_customer("Otra", vat=self.OTHER_RUT)
        order = self.make_order(confirm=False)
        self.apply_voucher(order, voucher)
        with self.assertRaisesRegex(ValidationError, "another customer's"):
            order.partner_id = other
        foreign = self.make_order(other, confirm=False)
        with self.assertRaisesRegex(ValidationError, "another customer's"):
            foreign.order_line.coupon_id = voucher

    def test_a_contact_uses_their_customers_voucher(self):
        voucher = self.give_voucher(10)
        order = self.make_order(self.make_contact(self.customer), confirm=False)
        self.apply_voucher(order, voucher)
        self.assertAlmostEqual(order.amount_total, 52.92, 2)

    def test_gift_cards_can_still_be_given_away(self):
        program = (
            self.env["loyalty.program"]
            .with_context(default_program_type="coupons")
            .create({"name": "Cupones"})
        )
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": self.customer.id, "points": 1}
        )
        order = self.make_order(self.make_customer("Otra", vat=False), confirm=False)
        self.assertNotIn("error", order._try_apply_code(card.code))

    def test_who_accumulates_no_points_earns_none_and_spends_their_voucher(self):
        self.make_program()
        voucher = self.give_voucher(10)
        self.customer.no_points = True
        order = self.make_order(confirm=False)
        self.apply_voucher(order, voucher)
        order.action_confirm()
        self.assertEqual(self.get_balance(), 0)
        lines = self.env["loyalty.history"].search(
            [("order_id", "=", order.id), ("order_model", "=", "sale.order")]
        )
        self.assertEqual(sum(lines.mapped("issued")), 0)
        self.assertEqual(sum(lines.mapped("used")), 1000)

    # --- one card

    def test_a_customer_has_one_voucher_in_a_company(self):
        voucher = self.give_voucher(10)
        with self.assertRaisesRegex(ValidationError, "has a voucher already"):
            voucher.copy({"code": "044x"})
        with self.assertRaisesRegex(ValidationError, "not a contact"):
            voucher.partner_id = self.make_contact(self.customer)
        with self.assertRaisesRegex(ValidationError, "must be a customer's"):
            voucher.create({"program_id": voucher.program_id.id})

    def test_each_company_has_its_own_program(self):
        voucher = self.give_voucher(10)
        programs = voucher.program_id
        self.assertEqual(programs._get_voucher_program(self.env.company), programs)
        company = self.env["res.company"].create({"name": "Segunda"})
        other = programs._get_voucher_program(company)
        self.assertNotEqual(other, programs)
        self.assertFalse(self.get_balance(self.customer.with_company(company)))

    def test_its_code_can_be_scanned_and_finds_no_customer(self):
        voucher = self.give_voucher(10)
        self.assertTrue(voucher.code.startswith("044"))
        codes = self.env["xpyme.alternative.code"]
        vals = {"partner_id": self.customer.id, "name": voucher.code}
        with self.assertRaisesRegex(ValidationError, "that of a voucher"):
            codes.create(vals)
        codes.create({**vals, "name": "0449999"})
        with self.assertRaisesRegex(ValidationError, "alternative code of ACME"):
            voucher.code = "0449999"

    def test_a_code_that_core_gives_twice_is_given_once(self):
        voucher = self.give_voucher(10)
        cards = self.env["loyalty.card"]
        given = [voucher.code, "044-1", "044-1", "044-2"]
        with patch.object(self.env.registry[cards._name], "_generate_code") as generate:
            generate.side_effect = given
            self.assertEqual(cards._generate_free_codes(2), ["044-1", "044-2"])

    def test_it_tells_money(self):
        voucher = self.give_voucher(10)
        self.assertTold(["10.00"], voucher.points_display)
        self.assertEqual(voucher.history_ids.voucher_amount, 10)
        action = self.customer.with_user(self.salesperson).action_open_vouchers()
        self.assertEqual(action["res_id"], voucher.id)
