from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestContactDetail(CustomerCase):
    """The contact's extension and alternative address (seed 004: Contacto)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.works, cls.billing = cls.Partner.create(
            [
                {
                    "name": name,
                    "parent_id": cls.customer.id,
                    "type": kind,
                    "street": f"{name} 1",
                    "city": "Lota",
                }
                for name, kind in (("Obra", "delivery"), ("Cobros", "invoice"))
            ]
        )
        cls.contact = cls.make_contact(
            cls.customer, phone="41 222", street="Propia 1", city="Penco"
        )

    # --- extension

    def test_extension_is_up_to_ten_digits(self):
        self.contact.phone_extension = " 42 6 "
        self.assertEqual(self.contact.phone_extension, "426")
        for wrong in ("42a", "12345678901", "+42", "٤٢", "4-2"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.contact.phone_extension = wrong
        self.contact.phone_extension = "  "
        self.assertFalse(self.contact.phone_extension)

    def test_extension_stands_beside_the_phone_on_paper_and_in_the_vcard(self):
        self.contact.phone_extension = "426"
        sheet = self.render_sheet(self.contact)
        self.assertIn("41 222 ext. 426", sheet)
        vcard = self.contact._get_vcard_file().decode()
        self.assertIn("41 222\\,426", vcard)
        self.contact.phone = False
        self.assertNotIn("426", self.render_sheet(self.contact))
        self.assertNotIn("426", self.contact._get_vcard_file().decode())

    def render_sheet(self, contacts):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "xpyme_contacts.contact_sheet", contacts.ids
        )
        return html.fromstring(content).text_content()

    # --- alternative address

    def test_alternative_address_is_the_one_shown(self):
        self.contact.alternative_address_id = self.works
        shown = (
            self.contact._display_address(),
            self.contact.contact_address_inline,
            self.contact.with_context(show_address=True).display_name,
            self.render_sheet(self.contact),
            "\n".join(self.contact._get_label_lines()),
            self.contact._get_vcard_file().decode(),
            self.contact.map_url.replace("+", " "),
        )
        for text in shown:
            self.assertIn("Obra 1", text)
            self.assertNotIn("Propia", text)

    def test_own_address_stays_behind_the_link(self):
        self.contact.alternative_address_id = self.works
        self.works.street = "Obra 2"
        self.assertEqual(self.contact.street, "Propia 1")
        self.assertIn("Obra 2", self.contact._display_address())
        self.contact.alternative_address_id = False
        self.assertIn("Propia 1", self.contact._display_address())

    def test_only_the_customers_own_addresses(self):
        stranger = self.make_customer("Otra")
        foreign = self.works.copy({"parent_id": stranger.id, "type": "delivery"})
        sibling = self.make_contact(self.customer, "Ana")
        for wrong in (foreign, sibling, stranger, self.customer, self.contact):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.contact.alternative_address_id = wrong
        self.contact.alternative_address_id = self.billing

    def test_deleted_address_leaves_the_link_empty(self):
        self.contact.alternative_address_id = self.works
        self.works.unlink()
        self.assertFalse(self.contact.alternative_address_id)
        self.assertIn("Propia 1", self.contact._display_address())

    def test_address_that_leaves_the_customer_leaves_the_link_empty(self):
        for change in (
            {"parent_id": self.make_customer("Otra").id},
            {"parent_id": False},
            {"type": "contact"},
        ):
            self.works.write({"parent_id": self.customer.id, "type": "delivery"})
            self.contact.alternative_address_id = self.works
            self.works.write(change)
            self.assertFalse(self.contact.alternative_address_id, change)

    def test_contact_who_leaves_the_customer_leaves_the_address(self):
        self.contact.alternative_address_id = self.works
        self.contact.parent_id = self.make_customer("Otra")
        self.assertFalse(self.contact.alternative_address_id)

    def test_mirror_gets_none(self):
        mirror = self.get_mirror(self.customer)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            mirror.alternative_address_id = self.works
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.make_contact(
                self.customer,
                self.customer.name,
                alternative_address_id=self.works.id,
            )

    def test_who_becomes_a_mirror_takes_the_customers_address(self):
        self.contact.alternative_address_id = self.works
        self.contact.name = self.customer.name
        self.assertFalse(self.contact.alternative_address_id)
        self.assertIn("Freire 247", self.contact._display_address())
        other = self.make_contact(
            self.customer, "Nueva S.A.", alternative_address_id=self.works.id
        )
        self.customer.name = "Nueva S.A."
        self.assertFalse(other.alternative_address_id)
        self.assertIn("Obra 1", other.message_ids[:1].body)

    def test_mirror_renamed_away_gets_one_at_once(self):
        mirror = self.get_mirror(self.customer)
        mirror.write({"name": "Eva", "alternative_address_id": self.works.id})
        self.assertIn("Obra 1", mirror._display_address())
        self.assertEqual(mirror.street, "Freire 247")

    def test_grid_writes_it(self):
        commands = [
            Command.update(self.contact.id, {"alternative_address_id": self.works.id}),
            Command.create(
                {"name": "Luz", "alternative_address_id": self.works.id, "phone": "1"}
            ),
        ]
        self.customer.contact_ids = commands
        linked = self.customer.contact_ids.filtered("alternative_address_id")
        self.assertEqual(len(linked), 2)

    def test_technician_sees_it_and_changes_nothing(self):
        self.contact.alternative_address_id = self.works
        contact = self.contact.with_user(self.make_technician())
        self.assertIn("Obra 1", contact._display_address())
        for vals in ({"alternative_address_id": False}, {"phone_extension": "1"}):
            with self.assertRaises(AccessError):
                contact.write(vals)

    def test_merged_customers_keep_it(self):
        kept = self.make_customer("Queda", vat=False)
        self.contact.alternative_address_id = self.works
        merger = self.env["base.partner.merge.automatic.wizard"].create({})
        merger._merge((self.customer | kept).ids, kept)
        self.assertEqual(self.contact.parent_id, kept)
        self.assertEqual(self.contact.alternative_address_id, self.works)

    def test_link_costs_no_query_of_its_own(self):
        customer = self.make_customer("Muchos")
        contacts = self.Partner.create(
            [{"name": f"C{i}", "parent_id": customer.id} for i in range(20)]
        )
        address = self.works.copy({"parent_id": customer.id, "type": "other"})
        contacts.alternative_address_id = address
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        for contact in contacts:
            contact._display_address()
        self.assertLess(self.cr.sql_log_count - before, 10)

    def test_plain_partners_address_cannot_be_linked(self):
        with self.assertRaises(UserError):
            self.Partner.create({"name": "X", "alternative_address_id": self.works.id})
