from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import Form, tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestCustomerCard(CustomerCase):
    """The figures on a customer's card, and what they cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_salesperson()
        cls.customer = cls.make_customer(vat=cls.RUT)
        cls.contact = cls.make_contact(cls.customer)
        cls.today = fields.Date.context_today(cls.customer)

    def note(self, record, days=0, kind="incident", **vals):
        return self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
                "activity_type_id": self.env.ref(
                    f"xpyme_contacts.activity_type_{kind}"
                ).id,
                "date_deadline": self.today + relativedelta(days=days),
                "user_id": self.salesperson.id,
                **vals,
            }
        )

    # --- follow-up

    def test_followup_has_the_family_and_the_orders_open_and_done(self):
        order = self.make_order(self.customer)
        noted = self.note(self.customer) | self.note(self.contact, 2) | self.note(order)
        stranger = self.note(self.make_customer("Otra"))
        done = self.note(self.customer, -5)
        done.action_feedback("Resuelto")
        followup = self.customer.followup_ids
        self.assertEqual(followup, noted | done)
        self.assertEqual(followup[-1], done)
        self.assertNotIn(stranger, followup)

    def test_next_followup_is_the_first_open_one(self):
        self.assertFalse(self.customer.next_followup_date)
        first = self.note(self.contact, 3)
        self.note(self.customer, 9)
        self.note(self.customer, -30).action_feedback("Hecho")
        self.env.invalidate_all()
        self.assertEqual(self.customer.next_followup_date, first.date_deadline)

    def test_followup_hides_what_the_user_may_not_read(self):
        seen = self.note(self.customer, user_id=self.env.uid)
        hidden = self.note(self.make_order(self.customer), user_id=self.env.uid)
        self.assertEqual(self.customer.followup_ids, seen | hidden)
        customer = self.customer.with_user(self.salesperson)
        orders = self.env["fsm.order"].with_user(self.salesperson)
        self.assertFalse(orders.has_access("read"))
        self.assertEqual(customer.followup_ids, seen)

    def test_contact_has_no_followup_of_his_customers(self):
        self.note(self.customer)
        self.assertFalse(self.contact.followup_ids)

    def test_new_card_has_an_empty_one(self):
        self.assertFalse(self.Partner.new({"name": "X"}).followup_ids)

    # --- service orders

    def test_open_orders_are_counted(self):
        orders = self.make_order(self.customer) | self.make_order(self.customer)
        self.make_order(self.make_customer("Otra"))
        orders[0].action_cancel()
        technician = self.make_technician()
        customer = self.customer.with_user(technician)
        self.assertEqual(customer.open_service_order_count, 1)
        action = customer.action_open_service_orders()
        self.assertEqual(self.env["fsm.order"].search(action["domain"]), orders)

    # --- other cards with the tax id

    def test_other_cards_with_the_tax_id_are_named(self):
        other = self.make_customer("Sucursal", vat="76.086.428-5")
        archived = self.make_customer("Vieja", vat=self.RUT, active=False)
        self.make_customer("Otra", vat=self.OTHER_RUT)
        self.Partner.create({"name": "Proveedor", "vat": self.RUT})
        same = self.customer.same_tax_id_customer_ids
        self.assertEqual(same, other | archived)
        typed = self.Partner.new(
            {"name": "Nueva", "customer_flag": True, "vat": self.RUT}
        )
        named = typed.same_tax_id_customer_ids._origin
        self.assertEqual(named, other | archived | self.customer)

    def test_prefix_of_the_country_makes_no_difference(self):
        one = self.make_customer("Uno", vat="A12345674", country_id=self.spain.id)
        two = self.make_customer("Dos", vat="ESA12345674", country_id=self.spain.id)
        self.assertEqual(one.same_tax_id_customer_ids, two)
        self.assertEqual(two.same_tax_id_customer_ids, one)

    def test_no_tax_id_is_nobodys(self):
        cards = self.make_customer("A", vat="/") | self.make_customer("B", vat="/")
        cards |= self.make_customer("C", vat=False)
        self.assertFalse(cards.same_tax_id_customer_ids)
        self.assertFalse(self.get_mirror(self.customer).same_tax_id_customer_ids)

    def test_button_opens_the_one_or_the_list(self):
        other = self.make_customer("Sucursal", vat=self.RUT)
        action = self.customer.action_open_same_tax_id_customers()
        self.assertEqual(action["res_id"], other.id)
        self.make_customer("Tercera", vat=self.RUT)
        self.env.invalidate_all()
        action = self.customer.action_open_same_tax_id_customers()
        self.assertEqual(action["views"][0][1], "list")

    # --- what is begun from it

    def test_a_telephone_dials_the_first_number_there_is(self):
        self.assertEqual(
            self.customer.action_call()["url"], f"tel:{self.customer.phone}"
        )
        self.customer.write({"phone": False, "mobile": "+56 9 8765 4321"})
        self.assertIn("8765", self.customer.action_call()["url"])
        self.assertIn("Freire", self.customer.action_open_map()["url"])

    def test_a_document_is_begun_for_the_customer(self):
        seller = self.customer.with_user(self.salesperson)
        action = seller.action_new_quotation()
        orders = seller.env["sale.order"].with_context(**action["context"])
        self.assertEqual(Form(orders).partner_id, self.customer)
        action = self.customer.action_new_invoice()
        invoices = self.env["account.move"].with_context(**action["context"])
        invoice = Form(invoices)
        self.assertEqual(invoice.partner_id, self.customer)
        self.assertEqual(invoice.move_type, "out_invoice")

    # --- what it costs

    def test_figures_cost_the_same_whatever_the_rows_behind_them(self):
        def cost(customer):
            card = customer.with_user(self.salesperson)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            card.web_read(
                {
                    "followup_ids": {
                        "fields": {"summary": {}, "state": {}},
                        "limit": 40,
                        "context": {"active_test": False},
                    },
                    "next_followup_date": {},
                    "recent_sales": {},
                    "last_sale_date": {},
                    "same_tax_id_customer_ids": {"fields": {"display_name": {}}},
                }
            )
            return self.cr.sql_log_count - before

        self.note(self.customer)
        self.make_customer("Gemela", vat=self.RUT)
        cost(self.customer)
        few = cost(self.customer)
        for number in range(100):
            self.note(self.customer, -number)
        for number in range(20):
            self.make_customer(f"Gemela {number}", vat=self.RUT)
        self.assertEqual(cost(self.customer), few)
        self.assertEqual(len(self.customer.followup_ids), 20)
