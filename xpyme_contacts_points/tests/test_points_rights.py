from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

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
