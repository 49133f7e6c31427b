from ast import literal_eval

from odoo import Command, fields
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ADDRESS, CustomerCase


@tagged("post_install", "-at_install")
class TestServiceOrder(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(vat=cls.RUT)
        cls.dispatcher = cls.make_user(
            "dispatcher", "fieldservice.group_fsm_dispatcher"
        )

    # --- customer and location

    def test_location_is_made_when_saving_for_a_customer_without_one(self):
        before = self.customer.read(["type", "street", "parent_id"])
        order = self.make_order(self.customer)
        location = order.location_id
        self.assertEqual(location.owner_id, self.customer)
        self.assertNotEqual(location.partner_id, self.customer)
        self.assertEqual(location.partner_id.type, "fsm_location")
        self.assertAddress(location, ADDRESS)
        self.assertEqual(self.customer.read(["type", "street", "parent_id"]), before)
        self.assertEqual(self.make_order(self.customer).location_id, location)

    def test_location_is_no_contact(self):
        self.make_order(self.customer)
        self.assertEqual(self.customer.contact_count, 1)
        self.assertEqual(self.customer.contact_ids.type, "contact")

    def test_onchange_makes_no_location(self):
        before = self.env["fsm.location"].search_count([])
        with Form(self.env["fsm.order"]) as form:
            form.service_customer_id = self.customer
            self.env.flush_all()
            self.assertEqual(self.env["fsm.location"].search_count([]), before)
        self.assertEqual(form.record.location_id.owner_id, self.customer)

    def test_location_chosen_first_brings_its_owner(self):
        location = self.make_order(self.customer).location_id
        order = self.env["fsm.order"].create({"location_id": location.id})
        self.assertEqual(order.service_customer_id, self.customer)

    def test_form_wants_a_customer_or_a_location(self):
        plant = self.Partner.create({"name": "Planta"})
        location = self.env["fsm.location"].create({"name": "P", "owner_id": plant.id})
        form = Form(self.env["fsm.order"])
        with self.assertRaisesRegex(AssertionError, "service_customer_id is a req"):
            form.save()
        form.location_id = location
        self.assertFalse(form.save().service_customer_id)

    def test_changed_customer_takes_his_location_over_rpc_too(self):
        order = self.make_order(self.customer)
        other = self.make_customer("Otra", vat=self.OTHER_RUT)
        order.write({"service_customer_id": other.id})
        self.assertEqual(order.location_id.owner_id, other)
        self.assertEqual(order.service_customer_id, other)

    def test_order_for_a_contact_is_his_customers(self):
        contact = self.make_contact(self.customer)
        order = self.make_order(contact)
        self.assertEqual(order.location_id.owner_id, self.customer)
        self.assertEqual(order._get_service_customer(), self.customer)

    def test_order_without_customer_is_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "Choose the customer"):
            self.env["fsm.order"].create({})

    def test_location_follows_its_customers_address_until_it_has_its_own(self):
        location = self.make_order(self.customer).location_id
        self.customer.write({"street": "Nueva 1", "city": "Lota"})
        self.assertEqual((location.street, location.city), ("Nueva 1", "Lota"))
        location.street = "Obra 7"
        self.customer.street = "Nueva 2"
        self.assertEqual(location.street, "Obra 7")

    def test_location_follows_its_customers_name_until_it_has_its_own(self):
        location = self.make_order(self.customer).location_id
        customer = self.customer.with_user(self.make_salesperson())
        customer.name = "ACME Dos"
        self.assertEqual(location.name, "ACME Dos")
        location.name = "Planta norte"
        customer.name = "ACME Tres"
        self.assertEqual(location.name, "Planta norte")

    def test_location_with_another_owner_follows_nobody(self):
        location = self.make_order(self.customer).location_id
        other = self.make_customer("Otra", vat=self.OTHER_RUT)
        location.with_user(self.dispatcher).write({"owner_id": other.id})
        self.assertFalse(location.follows_customer)
        other.street = "Nueva 1"
        self.assertEqual(location.street, "Freire 247")

    def test_location_saved_as_it_was_follows_its_customer_still(self):
        location = self.make_order(self.customer).location_id
        location.write({"owner_id": self.customer.id, "street": location.street})
        self.assertTrue(location.follows_customer)

    def test_location_is_linked_to_nobody_whom_its_writer_may_not_read(self):
        location = self.make_order(self.customer).location_id
        foreign = self.env["res.company"].create({"name": "Otra"})
        private = self.make_customer("Privado", company_id=foreign.id)
        locations = location.with_user(self.dispatcher)
        for name in ("owner_id", "contact_id", "partner_id"):
            vals = {"name": "X", name: private.id}
            for call in (locations.write, locations.create):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    call(vals if call == locations.create else {name: private.id})
        self.assertEqual(location.owner_id, self.customer)

    def test_dispatcher_without_rights_on_partners_makes_orders(self):
        order = (
            self.env["fsm.order"]
            .with_user(self.dispatcher)
            .create({"service_customer_id": self.customer.id})
        )
        self.assertEqual(order.location_id.owner_id, self.customer)

    def test_converting_a_customer_leaves_him_and_his_addresses_alone(self):
        invoice = self.Partner.create(
            {"parent_id": self.customer.id, "type": "invoice", "name": "Facturas"}
        )
        self.customer.action_fsm_convert_to_location()
        self.assertEqual(self.customer.type, "contact")
        self.assertEqual(invoice.type, "invoice")
        self.assertTrue(self.customer.owned_location_count)

    def test_batch_of_orders_takes_no_query_per_customer_location(self):
        customers = self.Partner.create(
            [{"name": f"C{i}", "customer_flag": True} for i in range(6)]
        )
        orders = self.env["fsm.order"].create(
            [{"service_customer_id": c.id} for c in customers for _twice in "ab"]
        )
        self.assertEqual(len(orders.location_id), 6)
        self.assertEqual(orders.location_id.owner_id, customers)

    # --- the notice

    def test_without_rut_a_notice_and_no_window(self):
        for number in (False, "", "/"):
            customer = self.make_customer("Sin RUT", vat=number)
            order = self.make_order(customer)
            for user in (self.dispatcher, self.make_technician_once()):
                with self.assertRaisesRegex(UserError, "no tax ID"):
                    order.with_user(user).action_open_contacts()
                with self.assertRaisesRegex(UserError, "no tax ID"):
                    order.with_user(user).action_print_contacts()
            with self.assertRaises(RedirectWarning) as warning:
                order.action_open_contacts()
            action = warning.exception.args[1]
            self.assertEqual(action["res_id"], customer.id)

    def make_technician_once(self):
        return (
            self.env["res.users"].search([("login", "=", "technician")])
            or self.make_technician()
        )

    def test_without_customer_a_notice(self):
        location = self.env["fsm.location"].create({"name": "Calle"})
        order = self.env["fsm.order"].create({"location_id": location.id})
        with self.assertRaisesRegex(UserError, "no customer"):
            order.action_open_contacts()

    def test_contacts_window_shows_the_customers_contacts_only(self):
        contact = self.make_contact(self.customer)
        self.make_contact(self.make_customer("Otra"), "Ajena")
        self.Partner.create(
            {"parent_id": self.customer.id, "type": "invoice", "name": "Facturas"}
        )
        order = self.make_order(contact)
        action = order.with_context(
            default_name="no", default_type="other"
        ).action_open_contacts()
        found = self.env["res.partner"].search(action["domain"])
        self.assertEqual(found, self.get_mirror(self.customer) | contact)
        self.assertEqual(
            action["context"],
            {
                "default_parent_id": self.customer.id,
                "default_type": "contact",
                "default_company_id": False,
                "res_partner_search_mode": False,
            },
        )

    def test_rut_is_shown_and_found_with_dots(self):
        order = self.make_order(self.customer)
        self.assertEqual(order.customer_vat, "76.086.428-5")
        found = self.env["fsm.order"].search([("customer_vat", "ilike", "76.086.428")])
        self.assertIn(order, found)

    # --- follow-up

    def test_follow_up_keeps_what_was_done_with_its_contact(self):
        order = self.make_order(self.customer)
        contact = self.make_contact(self.customer)
        order.followup_ids = [
            Command.create(
                {
                    "summary": "Llamada",
                    "contact_id": contact.id,
                    "user_id": self.env.uid,
                    "res_model_id": self.env["ir.model"]._get_id("fsm.order"),
                }
            )
        ]
        activity = order.followup_ids
        activity.action_feedback(feedback="Abren a las nueve")
        self.env.invalidate_all()
        self.assertEqual(order.followup_ids, activity)
        self.assertEqual(activity.feedback, "Abren a las nueve")
        self.assertEqual(activity.state, "done")

    def test_every_customer_card_can_be_chosen_and_nobody_else(self):
        """A subsidiary is a card of its own; the lists of customers agree."""
        cards = self.customer | self.make_customer(
            "ACME Sur", parent_id=self.customer.id
        )
        contact = self.make_contact(self.customer, customer_rank=1)
        location = self.make_order(self.customer).location_id.partner_id
        location.customer_rank = 1
        known = cards | contact | location
        domains = [
            self.env["fsm.order"]._fields["service_customer_id"].domain,
            self.env["xpyme.service.order.search"]._fields["customer_id"].domain,
            *(
                literal_eval(self.env.ref(f"xpyme_contacts.{action}").domain)
                for action in (
                    "xpyme_customer_action",
                    "xpyme_customer_over_limit_action",
                )
            ),
        ]
        for domain in domains:
            self.assertEqual(known.filtered_domain(domain), cards, domain)
        with Form(self.env["fsm.order"]) as form:
            form.service_customer_id = cards[1]
        self.assertEqual(form.record.location_id.owner_id, cards[1])

    def test_contact_of_another_customer_is_refused(self):
        order = self.make_order(self.customer)
        stranger = self.make_contact(self.make_customer("Otra"), "Ajena")
        with self.assertRaises(ValidationError):
            order.activity_schedule(
                "mail.mail_activity_data_call", contact_id=stranger.id
            )

    # --- Buscar ODS

    def test_search_lists_all_orders_one_may_see(self):
        mine = self.make_order(self.customer)
        foreign_company = self.env["res.company"].create({"name": "Otra"})
        foreign = self.make_order(
            self.make_customer("Ajena"), company_id=foreign_company.id
        )
        search = self.env["xpyme.service.order.search"].with_user(self.dispatcher)
        found = search.create({}).order_ids
        self.assertIn(mine, found.sudo())
        self.assertNotIn(foreign, found.sudo())

    def test_search_by_everything_one_remembers(self):
        worker = self.env["fsm.person"].create({"name": "Pedro"})
        order = self.make_order(
            self.customer,
            description="<p>Caldera sin presión</p>",
            person_id=worker.id,
            request_early="2026-03-05 15:00:00",
        )
        self.make_order(self.make_customer("Otra", vat=self.OTHER_RUT))
        for typed in (
            {"order_id": order.id},
            {"customer_id": self.customer.id},
            {"vat": "76.086.428-5"},
            {"person_id": worker.id},
            {"date_from": "2026-03-05", "date_to": "2026-03-05"},
            {"text": "caldera acme"},
            {"stage_id": order.stage_id.id, "text": order.name},
        ):
            search = self.env["xpyme.service.order.search"].create(typed)
            self.assertEqual(search.order_ids, order, typed)
            self.assertEqual(search.order_count, 1)
            self.assertEqual(search.action_search()["res_id"], order.id)
        empty = self.env["xpyme.service.order.search"].create({"text": "nada de eso"})
        self.assertFalse(empty.order_ids)
        with self.assertRaisesRegex(UserError, "No service order"):
            empty.action_search()

    def test_search_that_finds_many_opens_their_list(self):
        orders = self.make_order(self.customer) | self.make_order(self.customer)
        search = self.env["xpyme.service.order.search"].create(
            {"customer_id": self.customer.id, "date_from": fields.Date.today()}
        )
        action = search.action_search()
        self.assertEqual(self.env["fsm.order"].search(action["domain"]), orders)

    def test_search_is_for_the_field_service(self):
        user = self.make_user("nobody", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["xpyme.service.order.search"].with_user(user).create({})
