from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestCustomerFile(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        types = cls.env["xpyme.customer.type"]
        cls.person = types.create(
            {"code": "P", "name": "Particular", "is_natural_person": True}
        )
        cls.firm = types.create({"code": "E", "name": "Empresa"})

    # --- names

    def test_three_parts_make_the_name(self):
        customer = self.make_customer(
            "x",
            customer_type_id=self.person.id,
            given_name="Ana",
            surname="García",
            second_surname="López",
        )
        self.assertEqual(customer.name, "Ana García López")
        customer.second_surname = False
        self.assertEqual(customer.name, "Ana García")

    def test_name_typed_whole_is_split(self):
        customer = self.make_customer(
            "Ana María García López", customer_type_id=self.person.id
        )
        self.assertEqual(
            (customer.given_name, customer.surname, customer.second_surname),
            ("Ana María", "García", "López"),
        )
        customer.name = "Eva Ruiz"
        self.assertEqual((customer.given_name, customer.surname), ("Eva", "Ruiz"))
        self.assertFalse(customer.second_surname)

    def test_no_natural_person_has_no_surnames_and_keeps_his_name(self):
        customer = self.make_customer(
            "Ana García López", customer_type_id=self.person.id
        )
        customer.customer_type_id = self.firm
        self.assertEqual(customer.name, "Ana García López")
        self.assertFalse(customer.given_name or customer.surname)

    def test_many_made_natural_persons_get_each_his_parts(self):
        customers = self.make_customer("Ana Ruiz") | self.make_customer("Eva Soto")
        customers.write({"customer_type_id": self.person.id})
        self.assertEqual(customers.mapped("surname"), ["Ruiz", "Soto"])

    def test_parts_and_type_reach_the_mirror_by_name(self):
        customer = self.make_customer(
            "Ana García López", customer_type_id=self.person.id
        )
        customer.surname = "Gil"
        self.assertEqual(customer.name, "Ana Gil López")

    def test_blank_name_is_refused_and_spaces_are_cut(self):
        self.assertEqual(self.make_customer("  ACME ").name, "ACME")
        for name in ("   ", "\u00a0"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.make_customer(name)

    def test_trade_name_finds_the_customer(self):
        customer = self.make_customer(trade_name="La Esquina")
        found = self.env["res.partner"].name_search("esquina")
        self.assertIn(customer.id, [partner_id for partner_id, _name in found])

    def test_used_type_is_not_deleted(self):
        self.make_customer(customer_type_id=self.firm.id)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.firm.unlink()

    def test_contacts_share_type_route_and_region(self):
        route = self.env["xpyme.customer.route"].create({"name": "Norte"})
        customer = self.make_customer(customer_type_id=self.firm.id)
        customer.customer_route_id = route
        contact = self.make_contact(customer)
        self.assertEqual(contact.customer_type_id, self.firm)
        self.assertEqual(contact.customer_route_id, route)

    # --- dates

    def test_registered_today_unless_typed(self):
        self.assertEqual(self.make_customer().registration_date, date.today())
        old = self.make_customer(registration_date="2004-01-02")
        self.assertEqual(old.registration_date, date(2004, 1, 2))
        self.assertFalse(self.Partner.create({"name": "Otro"}).registration_date)

    def test_deregistered_before_registered_is_refused(self):
        with self.assertRaises(ValidationError):
            self.make_customer(
                registration_date="2004-01-02", deregistration_date="2004-01-01"
            )

    # --- postal code

    def make_zip(self, code, town, country=None):
        city = self.env["res.city"].create(
            {"name": town, "country_id": (country or self.spain).id}
        )
        return self.env["res.city.zip"].create({"name": code, "city_id": city.id})

    def test_typed_code_fills_the_town(self):
        vic = self.make_zip("08500", "Vic")
        customer = self.make_customer(zip="08500", city=False, country_id=self.spain.id)
        self.assertEqual((customer.city, customer.zip_id), ("Vic", vic))
        self.assertEqual(self.get_mirror(customer).city, "Vic")

    def test_unknown_code_is_left_alone(self):
        customer = self.make_customer(zip="99999", city=False)
        self.assertEqual((customer.zip, customer.city), ("99999", False))

    def test_code_of_several_towns_is_left_to_choose(self):
        self.make_zip("08500", "Vic")
        self.make_zip("08500", "Calldetenes")
        customer = self.make_customer(zip="08500", city=False, country_id=self.spain.id)
        self.assertFalse(customer.city)

    def test_code_of_another_country_is_not_taken(self):
        self.make_zip("08500", "Vic")
        customer = self.make_customer(zip="08500", city=False)
        self.assertFalse(customer.city)

    def test_town_typed_over_one_from_the_list_stays(self):
        self.make_zip("08500", "Vic")
        customer = self.make_customer(zip="08500", city=False, country_id=self.spain.id)
        customer.city = "Vic (Osona)"
        self.assertFalse(customer.zip_id)
        self.assertEqual((customer.zip, customer.city), ("08500", "Vic (Osona)"))
        customer.write({"zip": "17001", "city": "Girona"})
        self.assertEqual(customer.city, "Girona")


@tagged("post_install", "-at_install")
class TestBlockedCustomer(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(vat=cls.RUT)
        cls.contact = cls.make_contact(cls.customer)
        cls.product = cls.env["product.product"].create(
            {"name": "Clavos", "list_price": 10, "type": "service"}
        )
        cls.salesperson = cls.make_salesperson()

    def make_quotation(self, partner=None, user=None):
        return (
            self.env["sale.order"]
            .with_user(user or self.env.user)
            .create(
                {
                    "partner_id": (partner or self.customer).id,
                    "order_line": [(0, 0, {"product_id": self.product.id})],
                }
            )
        )

    def make_invoice(self, move_type="out_invoice", **vals):
        return self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.customer.id,
                "invoice_date": "2026-01-31",
                "invoice_line_ids": [
                    (0, 0, {"product_id": self.product.id, "price_unit": 100})
                ],
                **vals,
            }
        )

    def assertRefused(self, make):
        with self.assertRaisesRegex(UserError, "Baja"), self.env.cr.savepoint():
            make()

    def test_no_new_document_by_any_path(self):
        self.customer.is_blocked = True
        other = self.make_quotation(self.make_customer("Otra"))
        for make in (
            self.make_quotation,
            lambda: self.make_quotation(self.contact),
            lambda: self.make_quotation(user=self.salesperson),
            lambda: other.write({"partner_id": self.customer.id}),
            self.make_invoice,
            lambda: self.make_invoice("out_receipt"),
            lambda: self.make_invoice("out_refund"),
        ):
            self.assertRefused(make)

    def test_drafts_from_before_are_neither_confirmed_nor_posted(self):
        quotation, invoice = self.make_quotation(), self.make_invoice()
        self.customer.is_blocked = True
        self.assertRefused(quotation.action_confirm)
        self.assertRefused(quotation.copy)
        self.assertRefused(invoice.action_post)
        quotation.action_cancel()

    def test_what_was_ordered_before_is_invoiced(self):
        order = self.make_quotation()
        order.action_confirm()
        self.customer.is_blocked = True
        order.order_line.qty_delivered = 1
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_line_added_by_hand_to_that_invoice_is_judged(self):
        order = self.make_quotation()
        order.action_confirm()
        order.order_line.qty_delivered = 1
        self.customer.is_blocked = True
        invoice = order._create_invoices()
        invoice.invoice_line_ids = [(0, 0, {"product_id": self.product.id})]
        self.assertRefused(invoice.action_post)

    def test_correction_of_an_invoice_goes_on(self):
        invoice = self.make_invoice()
        invoice.action_post()
        self.customer.is_blocked = True
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create({"journal_id": invoice.journal_id.id})
        refund = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        refund.action_post()
        self.assertEqual(refund.state, "posted")

    def test_purchases_are_not_concerned(self):
        self.customer.is_blocked = True
        self.assertTrue(self.make_invoice("in_invoice"))

    def test_deregistered_customer_is_told_of_and_not_refused(self):
        self.customer.registration_date = "2004-01-01"
        self.customer.deregistration_date = "2026-01-15"
        quotation = self.make_quotation(self.contact, self.salesperson)
        self.assertIn("01/15/2026", quotation.customer_notice)
        invoice = self.make_invoice()
        self.assertIn("deregistered since", invoice.customer_notice)
        quotation.action_confirm()
        self.customer.deregistration_date = "2999-01-01"
        self.assertIn("from 01/01/2999", self.make_quotation().customer_notice)

    # --- contact of the document

    def test_contact_of_the_order_reaches_its_invoice(self):
        order = self.make_quotation()
        order.contact_id = self.contact
        order.action_confirm()
        order.order_line.qty_delivered = 1
        self.assertEqual(order._create_invoices().contact_id, self.contact)
        self.assertEqual(order.partner_id, self.customer)

    def test_contact_of_another_customer_is_refused_on_documents(self):
        stranger = self.make_contact(self.make_customer("Otra"), "Ajena")
        for document in (self.make_quotation(), self.make_invoice()):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                document.contact_id = stranger

    # --- sales

    def test_total_is_invoices_less_credit_notes_without_tax(self):
        for move_type, day in (
            ("out_invoice", "2026-01-31"),
            ("out_invoice", "2026-02-10"),
            ("out_refund", "2026-03-01"),
        ):
            self.make_invoice(move_type, invoice_date=day).action_post()
        self.make_invoice()
        self.make_invoice("in_invoice")
        customer = self.customer.with_user(self.salesperson)
        self.assertEqual(customer.total_sales, 100)
        self.assertEqual(customer.last_sale_date, date(2026, 2, 10))
        self.assertEqual(self.contact.total_sales, 100)

    def test_breakdown_adds_up_to_the_total(self):
        self.make_invoice().action_post()
        self.make_invoice("out_refund", invoice_date="2026-02-28").action_post()
        self.env.flush_all()
        action = self.customer.action_open_customer_sales()
        rows = self.env["account.invoice.report"]._read_group(
            action["domain"], ["invoice_date:month"], ["price_subtotal:sum"]
        )
        self.assertEqual([amount for _month, amount in rows], [100, -100])
        self.assertEqual(self.customer.total_sales, 0)

    def test_nothing_sold_is_zero_and_no_date(self):
        self.assertEqual(self.customer.total_sales, 0)
        self.assertFalse(self.customer.last_sale_date)

    def test_analyses_group_by_type_route_and_region(self):
        route = self.env["xpyme.customer.route"].create({"name": "Norte"})
        self.customer.customer_route_id = route
        self.make_invoice().action_post()
        self.make_quotation().action_confirm()
        self.env.flush_all()
        for report in ("account.invoice.report", "sale.report"):
            groups = self.env[report]._read_group(
                [("customer_route_id", "=", route.id)],
                ["customer_route_id", "customer_type_id", "sales_region_id"],
                ["__count"],
            )
            self.assertEqual(len(groups), 1, report)


@tagged("post_install", "-at_install")
class TestCustomerFollowup(CustomerCase):
    def test_shows_the_familys_activities_and_those_done(self):
        customer = self.make_customer()
        contact = self.make_contact(customer)
        order = self.make_order(customer)
        visit = "xpyme_contacts.activity_type_visit"
        done = customer.activity_schedule(visit, contact_id=contact.id)
        others = (
            contact.activity_schedule(visit),
            order.activity_schedule(visit),
            self.make_customer("Otra").activity_schedule(visit),
        )
        done.action_feedback("Quiere otra caldera")
        action = customer.action_open_followup()
        shown = self.env["mail.activity"].with_context(**action["context"])
        self.assertEqual(shown.search(action["domain"]), done | others[0] | others[1])

    def test_is_open_to_who_has_no_rights_on_service_orders(self):
        customer = self.make_customer()
        self.make_order(customer)
        salesperson = self.make_salesperson()
        self.assertTrue(customer.with_user(salesperson).action_open_followup())

    def test_follow_up_is_not_cleared_with_age(self):
        self.env["ir.config_parameter"].set_param(
            "mail.activity.gc.delete_overdue_years", "3"
        )
        visit = "xpyme_contacts.activity_type_visit"
        kept = self.make_customer().activity_schedule(
            visit, date_deadline=date(2001, 1, 1)
        )
        loose = self.Partner.create({"name": "X"}).activity_schedule(
            visit, date_deadline=date(2001, 1, 1)
        )
        loose.write({"res_model_id": False, "res_id": False, "user_id": self.env.uid})
        self.env["mail.activity"]._gc_delete_old_overdue_activities()
        self.assertTrue(kept.exists())
        self.assertFalse(loose.exists())
