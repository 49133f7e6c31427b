from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestAgreement(BillingCase):
    """What can be agreed with a customer, and who sees and changes it."""

    def test_a_day_that_no_month_has_is_refused_by_its_name(self):
        for typed in ("0", "32", "a", "５"):
            with self.assertRaisesRegex(ValidationError, f"“{typed}”"):
                self.customer.payment_days = f"20 {typed}"
        self.customer.payment_days = "20;5"
        self.assertEqual(self.customer.payment_days, "5, 20")

    def test_a_leave_ends_after_it_begins(self):
        with self.assertRaises(ValidationError):
            self.make_leave("2026-08-31", "2026-08-01")

    def test_a_leave_of_a_contact_is_the_customers(self):
        leave = self.make_leave(customer=self.make_contact(self.customer))
        self.assertEqual(leave.partner_id, self.customer)
        self.assertEqual(self.customer.leave_ids, leave)

    def test_technicians_see_none_of_it(self):
        leave = self.make_leave()
        technician = self.make_technician()
        for method in ("read", "write", "create", "unlink"):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                call = getattr(leave.with_user(technician), method)
                arguments = {
                    "read": [["name"]],
                    "write": [{"name": "X"}],
                    "create": [{"partner_id": self.customer.id, "name": "X"}],
                    "unlink": [],
                }
                call(*arguments[method])

    def test_a_salesperson_keeps_the_leaves_of_their_customers(self):
        salesperson = self.make_salesperson()
        leaves = self.env["xpyme.customer.leave"].with_user(salesperson)
        leave = leaves.create(
            {
                "partner_id": self.customer.id,
                "date_from": "2026-08-01",
                "date_to": "2026-08-31",
            }
        )
        leave.name = "Vacaciones"
        leave.unlink()

    def test_another_companys_customers_stay_apart(self):
        company = self.env["res.company"].create({"name": "Segunda"})
        foreign = self.make_customer("Otra", vat=False, company_id=company.id)
        leave = self.make_leave(customer=foreign)
        group = self.env["xpyme.invoicing.group"].create(
            {"name": "Norte", "company_id": company.id}
        )
        salesperson = self.make_salesperson()
        for record in (leave, group):
            seen = record.with_user(salesperson).search([("id", "=", record.id)])
            self.assertFalse(seen)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.customer.write(
                {"company_id": self.env.company.id, "invoicing_group_id": group.id}
            )

    def test_a_group_or_a_route_that_is_used_stays(self):
        group = self.env["xpyme.invoicing.group"].create({"name": "Norte"})
        route = self.env["xpyme.customer.route"].create({"name": "Costa"})
        for record, fname in (
            (group, "invoicing_group_id"),
            (route, "customer_route_id"),
        ):
            self.customer[fname] = record
            self.make_contact(self.customer)
            with self.assertRaisesRegex(UserError, f"{record.name}.*customers: 1"):
                record.unlink()
            record.active = False
            self.customer[fname] = False
            record.unlink()

    def test_what_a_run_asks_for_stays(self):
        group = self.env["xpyme.invoicing.group"].create({"name": "Norte"})
        route = self.env["xpyme.customer.route"].create({"name": "Costa"})
        runs = self.env["xpyme.billing.run"]
        runs.create(
            {
                "invoicing_group_ids": [(6, 0, group.ids)],
                "customer_route_ids": [(6, 0, route.ids)],
            }
        )
        for record in (group, route):
            with self.assertRaisesRegex(UserError, "billing runs: 1"):
                record.unlink()
        runs.search([]).unlink()
        group.unlink()
        route.unlink()
