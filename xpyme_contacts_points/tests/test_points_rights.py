from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..models.loyalty_card import QUIETLY
from .common import PointsCase


@tagged("post_install", "-at_install")
class TestPointsRights(PointsCase):
    """Who sells reads, administrators settle, technicians and customers do neither."""

    def test_nobody_writes_settlements_by_hand(self):
        self.make_invoice(121)
        settlement = self.settle()
        for user in (self.salesperson, self.manager):
            mine = settlement.with_user(user)
            for call in (
                lambda s=mine: s.write({"amount": 100}),
                lambda s=mine: s.copy(),
                mine.unlink,
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_a_technician_settles_nothing(self):
        self.make_invoice(121)
        technician = self.make_technician(["sales_team.group_sale_manager"])
        with self.assertRaises(AccessError):
            self.settle(user=technician)
        settlement = self.settle()
        with self.assertRaises(AccessError):
            settlement.with_user(technician).action_cancel_settlement()
        with self.assertRaises(AccessError):
            self.env["xpyme.points.settlement.run"].with_user(technician).create({})

    def test_a_voucher_is_moved_by_documents_and_administrators(self):
        voucher = self.give_voucher(10)
        line = voucher.history_ids
        technician = self.make_technician(["sales_team.group_sale_manager"])
        for user in (self.salesperson, technician):
            card, told = voucher.with_user(user), line.with_user(user)
            for attempt in (
                lambda c=card: c.write({"points": 99_900}),
                lambda c=card: c.write({"partner_id": c.env.user.partner_id.id}),
                lambda c=card: c.write({"expiration_date": "2036-01-01"}),
                lambda c=told: c.write({"issued": 99_900}),
                lambda c=told: c.create(
                    {"card_id": voucher.id, "issued": 5, "description": "X"}
                ),
                lambda c=card: c.env["loyalty.card.update.balance"]
                .create({"card_id": c.id, "new_balance": 999, "description": "X"})
                .action_update_card_point(),
            ):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    attempt()
        program = voucher.program_id.with_user(self.manager)
        for attempt in (
            lambda: program.write({"is_customer_voucher": False}),
            lambda: program.reward_ids.write({"discount": 1}),
            lambda: program.write({"reward_ids": [Command.clear()]}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        self.assertEqual(voucher.points, 1000)
        order = self.make_order(confirm=False).with_user(self.salesperson)
        order.action_use_voucher()
        order.action_confirm()
        self.assertEqual(voucher.points, 0)
        order._action_cancel()
        self.assertEqual(voucher.points, 1000)
        voucher.with_user(self.manager).points = 500
        self.assertEqual(self.get_balance(), 5)

    def test_an_order_takes_of_a_voucher_what_is_paid_with_it(self):
        """Lines of a confirmed order move it, whatever a salesperson writes there."""
        voucher = self.give_voucher(10)
        order = self.make_order(confirm=False).with_user(self.salesperson)
        order.action_use_voucher()
        order.action_confirm()
        line = order.order_line.filtered("coupon_id")
        gift = {
            "product_id": line.product_id.id,
            "name": "X",
            "price_unit": 0,
            "tax_ids": [Command.clear()],
            "coupon_id": voucher.id,
            "reward_id": line.reward_id.id,
            "points_cost": -99_900,
        }
        for attempt in (
            lambda: line.write({"points_cost": -99_900}),
            lambda: line.write({"points_cost": 0}),
            lambda: line.write({"price_unit": -60}),
            lambda: line.create({"order_id": order.id, **gift}),
            lambda: order.write({"order_line": [Command.create(gift)]}),
            lambda: order.write(
                {"order_line": [Command.update(line.id, {"points_cost": 0})]}
            ),
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                attempt()
        self.assertEqual(voucher.points, 0)
        order._action_cancel()
        self.assertEqual(voucher.points, 1000)

    def test_points_are_earned_in_documents_and_given_by_administrators(self):
        self.make_program()
        order = self.make_order().with_user(self.salesperson)
        card = order.sudo().coupon_point_ids.coupon_id
        mine = card.with_user(self.salesperson)
        for attempt in (
            lambda: mine.write({"points": 99_900}),
            lambda: mine.write({"partner_id": self.salesperson.partner_id.id}),
            lambda: mine.history_ids.write({"issued": 99_900}),
            lambda: mine.history_ids.create(
                {"card_id": card.id, "issued": 5, "description": "X"}
            ),
        ):
            with self.assertRaisesRegex(AccessError, "Points are earned"):
                attempt()
        order.order_line.product_uom_qty = 3
        self.assertAlmostEqual(card.points, 188.76)
        order.with_user(self.manager)._action_cancel()
        self.assertAlmostEqual(card.points, 0)
        card.with_user(self.manager).points = 50
        self.assertEqual(card.points, 50)

    def refuse_programs(self):
        """Nobody but the superuser may read loyalty programs any more."""
        rights = self.env["ir.model.access"].search(
            [("model_id.model", "=", "loyalty.program")]
        )
        rights.active = False
        self.env.flush_all()
        self.env.invalidate_all()
        programs = self.env["loyalty.program"].with_user(self.salesperson)
        with self.assertRaises(AccessError):
            programs.search([])

    def test_who_may_not_read_programs_is_told_of_vouchers(self):
        voucher = self.give_voucher(30)
        orders = self.make_order(confirm=False) | self.make_order(confirm=False)
        orders[1].action_use_voucher()
        self.refuse_programs()
        new, using = orders.with_user(self.salesperson)
        self.assertTold(["30.00", voucher.code], new.customer_notice)
        self.assertEqual(new.usable_voucher, 30)
        self.assertFalse(using.customer_notice)
        self.assertFalse(using.usable_voucher)

    def test_who_may_not_read_programs_writes_cards_but_no_vouchers(self):
        """Core's write asks for programs to tell of points; quietly it does not."""
        voucher = self.give_voucher(30)
        program = self.make_program(program_type="gift_card")
        gift = voucher.create({"program_id": program.id, "points": 1})
        self.refuse_programs()
        gift, voucher = (gift | voucher).with_user(self.salesperson)
        gift.with_context(**QUIETLY).points = 5
        with self.assertRaisesRegex(AccessError, "by hand"):
            voucher.with_context(**QUIETLY).points = 5
        self.assertEqual((gift.points, voucher.points), (5, 3000))

    def test_another_companys_settlement_is_not_taken_back_nor_looked_at(self):
        company = self.env["res.company"].create({"name": "Segunda"})
        self.make_invoice(121)
        settlement = self.settle()
        settlement.sudo().company_id = company
        self.env.flush_all()
        with self.assertRaises(AccessError):
            settlement.with_user(self.manager).action_cancel_settlement()
        runs = self.env["xpyme.points.settlement.run"].with_user(self.manager)
        with self.assertRaises(AccessError):
            runs.create({"company_id": company.id})

    def test_who_does_not_sell_sees_no_settlement(self):
        bare = self.make_user("bare", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["xpyme.points.settlement"].with_user(bare).search([])

    def test_a_customers_login_reads_no_figure(self):
        portal = new_test_user(self.env, "portal1", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        customer = self.customer.with_user(portal)
        for fname in ("points_period_total", "voucher_balance", "no_points"):
            with self.assertRaises(AccessError, msg=fname):
                customer.read([fname])

    def test_settlements_of_another_company_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Segunda"})
        self.make_invoice(121)
        settlement = self.settle()
        settlement.company_id = company
        seen = self.env["xpyme.points.settlement"].with_user(self.manager).search([])
        self.assertNotIn(settlement, seen)
