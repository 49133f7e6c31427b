from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import CustomerCase

VISIT = "xpyme_contacts.activity_type_visit"


@tagged("post_install", "-at_install")
class TestVisit(CustomerCase):
    """What technicians see of an order before they are there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(vat=cls.RUT, phone="+56 41 290 0000")
        cls.technician = cls.make_technician()
        cls.technician.tz = "UTC"
        cls.worker = cls.env["fsm.person"].create(
            {"partner_id": cls.technician.partner_id.id}
        )

    def as_technician(self, order):
        return order.with_user(self.technician).with_context(tz="UTC", lang="en_US")

    def make_visit(self, **vals):
        return self.make_order(self.customer, person_id=self.worker.id, **vals)

    def test_order_tells_whom_where_and_what_to_the_technician(self):
        order = self.as_technician(
            self.make_visit(description="<p>Caldera sin <b>presión</b></p>")
        )
        self.assertEqual(order.visit_summary, "Caldera sin presión")
        self.assertEqual(order.visit_address, "Freire 247, Local 2, 4030000 Concepción")
        self.assertEqual(order.visit_phone, self.customer.phone)
        self.assertIn("Freire", order.map_url)
        self.assertEqual(order.display_name, f"{order.name} · {self.customer.name}")

    def test_long_description_is_shortened_at_a_word(self):
        order = self.make_visit(description=f"<p>{'palabra ' * 40}</p>")
        self.assertLessEqual(len(order.visit_summary), 121)
        self.assertTrue(order.visit_summary.endswith("palabra…"))

    def test_hour_of_today_and_day_of_another(self):
        today = datetime.combine(fields.Date.today(), datetime.min.time())
        order = self.make_visit(scheduled_date_start=today + timedelta(hours=9))
        self.assertEqual(self.as_technician(order).visit_when, "09:00")
        other = self.make_visit(scheduled_date_start="2026-03-05 15:30:00")
        self.assertEqual(self.as_technician(other).visit_when, "Thu 5 Mar, 15:30")
        self.assertFalse(self.make_visit().visit_when)

    def test_number_to_call_is_the_customers_of_today(self):
        order = self.make_visit()
        self.customer.phone = "+56 41 290 1111"
        self.assertEqual(order.visit_phone, self.customer.phone)
        order.location_id.write({"street": "Obra 7", "phone": "+56 9 1234 5678"})
        self.assertEqual(order.visit_phone, "+56 9 1234 5678")

    def test_customer_without_number_is_called_at_the_first_contact(self):
        customer = self.make_customer("Sin Teléfono", phone=False)
        order = self.make_order(customer)
        self.assertFalse(order.visit_phone)
        self.get_mirror(customer).mobile = "+56 9 8765 4321"
        order.invalidate_recordset()
        self.assertEqual(order.visit_phone, "+56 9 8765 4321")

    def test_orders_of_one_list_take_no_query_each(self):
        orders = self.env["fsm.order"]
        for number in range(8):
            customer = self.make_customer(f"C{number}", phone=f"+56 41 290 100{number}")
            orders |= self.make_order(customer)
        names = ["visit_when", "visit_summary", "visit_phone", "map_url"]
        names += ["visit_address", "display_name"]

        def count(chosen):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            chosen.read(names)
            return self.env.cr.sql_log_count - before

        count(orders)
        self.assertLessEqual(count(orders), count(orders[:2]) + 1)

    def test_each_screen_of_an_order_calls_and_tells_the_way(self):
        orders = self.as_technician(self.env["fsm.order"])
        for kind, name in (
            ("form", "fieldservice.fsm_order_form"),
            ("kanban", "xpyme_contacts.xpyme_service_order_view_kanban"),
            ("list", "xpyme_contacts.xpyme_my_orders_view_list"),
        ):
            arch = orders.get_view(self.env.ref(name).id, kind)["arch"]
            for part in ("visit_when", "visit_address", "visit_phone", "map_url"):
                self.assertIn(f'name="{part}"', arch, (name, part))
        arch = orders.get_view(view_type="calendar")["arch"]
        for part in ("visit_summary", "visit_address", "visit_phone"):
            self.assertIn(f'name="{part}"', arch, part)

    # --- my orders of today

    def get_my_orders(self):
        """As the page filters them: by the names in the action's context."""
        action = self.env.ref("xpyme_contacts.xpyme_my_orders_action")
        view = self.env["fsm.order"].get_view(view_type="search")["arch"]
        orders = self.env["fsm.order"].with_user(self.technician)
        found = orders.with_context(tz="UTC").search([])
        for name in ("my_orders", "until_today"):
            self.assertIn(f"'search_default_{name}': 1", action.context)
            self.assertIn(f'name="{name}"', view)
        scope = {"uid": self.technician.id}
        for node in self.get_filters(view, ("my_orders", "until_today")):
            domain = safe_eval(node, scope)
            found &= orders.with_context(tz="UTC").search(domain)
        return found

    @staticmethod
    def get_filters(view, names):
        from lxml import etree

        tree = etree.fromstring(view)
        return [tree.find(f".//filter[@name='{name}']").get("domain") for name in names]

    def test_my_orders_of_today_are_late_ones_and_unscheduled_ones_too(self):
        now = fields.Datetime.now().replace(hour=12)
        today = self.make_visit(scheduled_date_start=now)
        late = self.make_visit(scheduled_date_start=now - timedelta(days=2))
        unscheduled = self.make_visit()
        tomorrow = self.make_visit(scheduled_date_start=now + timedelta(days=1))
        done = self.make_visit(scheduled_date_start=now)
        done.action_complete()
        others = self.make_order(self.customer, scheduled_date_start=now)
        found = self.get_my_orders()
        self.assertEqual(found, today | late | unscheduled)
        self.assertFalse(found & (tomorrow | done | others))

    # --- done today

    def test_done_today_is_one_line_with_its_result(self):
        order = self.as_technician(self.make_visit())
        action = order.action_note_done()
        entries = self.env["mail.activity"].with_user(self.technician)
        with Form(
            entries.with_context(**action["context"]), view=action["views"][0][0]
        ) as form:
            self.assertEqual(form.date_deadline, fields.Date.today())
            self.assertEqual(form.activity_type_id, self.env.ref(VISIT))
            form.feedback = "Cambiada la válvula"
        entry = form.record
        entry.action_followup_done()
        self.assertEqual(order.followup_ids, entry)
        self.assertEqual((entry.state, entry.user_id), ("done", self.technician))
        self.assertEqual(entry.feedback, "Cambiada la válvula")
        self.assertIn("Cambiada la válvula", order.message_ids[0].body)

    def test_done_today_works_without_the_kind_visit(self):
        order = self.make_visit()
        self.env.ref(VISIT).unlink()
        action = order.action_note_done()
        self.assertFalse(action["context"]["default_activity_type_id"])

    def test_notice_without_rut_sends_a_technician_to_the_office(self):
        order = self.make_order(self.make_customer("Sin RUT", vat=False))
        with self.assertRaisesRegex(Exception, "no tax ID.*Ask the office"):
            self.as_technician(order).action_open_contacts()

    # --- words

    def test_tax_id_is_called_as_in_the_country(self):
        for country, label in (("base.cl", "RUT"), ("base.es", "NIF")):
            company = self.env["res.company"].create(
                {"name": label, "country_id": self.env.ref(country).id}
            )
            for model, kinds in (
                ("fsm.order", ("form", "list", "search")),
                ("xpyme.service.order.search", ("form",)),
            ):
                views = self.env[model].with_company(company)
                for kind in kinds:
                    arch = views.get_view(view_type=kind)["arch"]
                    self.assertIn(f'string="{label}"', arch, (model, kind))

    def test_search_finds_by_rut_technician_and_place_in_one_box(self):
        order = self.make_visit()
        self.worker.partner_id.name = "Yasna Prueba"
        self.make_order(
            self.make_customer("Otra", vat=self.OTHER_RUT, street="A 1", city="Lota")
        )
        for words in ("76.086.428", "yasna", "freire 247", "yasna concepción"):
            search = self.env["xpyme.service.order.search"].create({"text": words})
            self.assertEqual(search.order_ids, order, words)


@tagged("post_install", "-at_install")
class TestStartPage(CustomerCase):
    """What is opened first: orders for technicians, customers for all others."""

    def get_start(self, user):
        return self.env["res.users"].with_user(user).action_open_start_page()

    def test_start_page_is_orders_for_technicians_and_customers_for_others(self):
        for user, name in (
            (self.make_technician(), "xpyme_my_orders_action"),
            (self.make_salesperson(), "xpyme_customer_action"),
        ):
            action = self.env.ref(f"xpyme_contacts.{name}")
            self.assertEqual(self.get_start(user)["id"], action.id)

    def test_start_page_is_the_one_that_the_user_has_chosen(self):
        technician = self.make_technician()
        chosen = self.env.ref("xpyme_contacts.xpyme_contact_action")
        technician.action_id = chosen.id
        self.assertEqual(self.get_start(technician)["id"], chosen.id)
        self.assertEqual(technician._get_home_action_id(), chosen.id)

    def test_technician_without_field_service_starts_with_customers(self):
        technician = self.make_user(
            "other", "base.group_user,xpyme_contacts.group_service_technician"
        )
        groups = self.env.ref("fieldservice.group_fsm_user_own")
        technician.group_ids -= groups
        with patch.object(
            self.registry["fsm.order"], "has_access", lambda self, operation: False
        ):
            action = self.env.ref("xpyme_contacts.xpyme_customer_action")
            self.assertEqual(self.get_start(technician)["id"], action.id)
