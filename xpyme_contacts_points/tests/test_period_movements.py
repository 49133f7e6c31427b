from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged

from .common import PointsCase


@tagged("post_install", "-at_install")
class TestPeriodMovements(PointsCase):
    """The lists behind *Acumulado* and *Ventas en Periodo* come to the numbers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_program()

    def get_rows(self, figure):
        """What a salesperson sees behind a number, as the screen opens it."""
        self.env.flush_all()
        customer = self.customer.with_user(self.salesperson)
        action = getattr(customer, f"action_open_period_{figure}")()
        movements = customer.env[action["res_model"]]
        self.assertTrue(action["context"][f"search_default_{figure}"])
        shown = Domain([(f"is_of_{figure}", "=", True), (figure, "!=", 0)])
        return movements.search(Domain(action["domain"]) & shown, order="date, id")

    def assertListed(self, points, sales):
        """Amounts of the lines, which come to the numbers of the card."""
        self.assertEqual(self.get_figures(), (round(sum(points), 2), sum(sales)))
        for figure, amounts in (("points", points), ("sales", sales)):
            found = self.get_rows(figure).mapped(figure)
            self.assertEqual(
                [round(amount, 2) for amount in found], list(amounts), figure
            )

    def test_of_the_running_period(self):
        self.assertListed([], [])
        self.make_invoice(121)
        self.make_invoice(21, day="2026-11-12", move_type="out_refund")
        self.make_invoice(60.5, day="2026-10-31")
        self.make_order()
        self.make_order(self.make_contact(self.customer), day="2026-11-11")
        self.assertListed([62.92, 62.92], [121, -21])
        self.customer.points_period_end = False
        self.assertListed([], [])

    def test_what_has_changed_since_a_period_was_settled_stands_beside_it(self):
        """With all of that period, and what was settled of it."""
        self.make_invoice(121)
        order = self.make_order()
        self.settle()
        self.make_invoice(10, day="2026-12-05")
        self.assertListed([], [10])
        self.make_invoice(60.5, day="2026-11-20")
        self.assertListed([], [121, 60.5, -121, 10])
        order._action_cancel()
        self.assertListed([-62.92], [121, 60.5, -121, 10])
        late = self.make_order(day="2026-11-30")
        self.assertListed([], [121, 60.5, -121, 10])
        late._action_cancel()
        settled = self.get_rows("sales").filtered(lambda row: row.sales == -121)
        self.assertEqual(settled.settlement_id, self.get_settlements())
        self.assertEqual(settled.action_open_document()["res_id"], settled.document_id)

    def test_of_a_period_in_which_there_was_nothing(self):
        run = self.env["xpyme.points.settlement.run"].create(
            {"partner_ids": self.customer.ids}
        )
        run.action_settle()
        self.make_invoice(60.5, day="2026-11-20")
        self.make_order(day="2026-11-30")
        self.assertListed([62.92], [60.5])

    def test_the_others_are_found_without_the_filter(self):
        self.make_invoice(121, day="2026-10-31")
        self.make_invoice(121)
        self.settle()
        action = self.customer.action_open_period_sales()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sorted(rows.mapped("sales")), [-121, 121, 121])
        self.assertEqual(len(rows.settlement_id), 1)
        self.assertFalse(rows.filtered("is_of_sales"))

    def test_a_line_opens_its_document(self):
        invoice, order = self.make_invoice(121), self.make_order()
        for figure, document in (("sales", invoice), ("points", order)):
            row = self.get_rows(figure).sudo()
            action = row.action_open_document()
            self.assertEqual(
                (action["res_model"], action["res_id"]), (document._name, document.id)
            )
        with self.assertRaisesRegex(UserError, invoice.name):
            self.get_rows("sales").action_open_document()
        card = self.env["loyalty.card"].search([("partner_id", "=", self.customer.id)])
        card.history_ids.unlink()
        card.history_ids.create({"card_id": card.id, "issued": 5, "description": "R"})
        self.customer.points_period_end = "2099-12-31"
        [row] = self.get_rows("points").sudo()
        self.assertEqual(row.action_open_document()["res_id"], card.id)

    def test_each_company_has_its_own(self):
        self.make_invoice(121)
        other = self.env["res.company"].create({"name": "Segunda"})
        movements = self.env["xpyme.points.movement"]
        own = [("partner_id", "=", self.customer.id)]
        self.assertEqual(movements.search(own).company_id, self.env.company)
        self.assertFalse(movements.with_company(other).search(own))
