from odoo.tests import Form, tagged

from odoo.addons.web.controllers.export import CSVExport

from .common import DocumentCase


@tagged("post_install", "-at_install")
class TestPastedText(DocumentCase):
    """Addresses, names and numbers as they come from mails, web pages and files."""

    # === MAILBOXES ===#

    def test_address_that_odoo_sends_to_is_one(self):
        for address in ("p.o'higgins@ohiggins.example.com", "ventas@peñalolen.cl"):
            self.customer.document_email = address
            self.assertEqual(
                self.customer._get_document_mailboxes()[self.customer].email, address
            )

    def test_whoever_is_written_to_can_refuse(self):
        for address in (
            *("p.o'higgins@ohiggins.example.com", "ventas@peñalolen.cl"),
            '"juan soto"@example.com',
        ):
            self.customer.email = address
            self.customer.no_mailing = True
            self.assertTrue(self.customer.is_blacklisted, address)
            consent = self.env["xpyme.offer.consent"].create({"email": address})
            self.assertEqual(consent.kind, "withdrawn")

    def test_invisible_characters_are_not_stored(self):
        for fname in ("email", "document_email"):
            self.customer[fname] = "\ufeffventas@acme.example.cl\u200b"
            self.assertEqual(self.customer[fname], "ventas@acme.example.cl")
        contact = self.make_contact(self.customer, "Ana", email="a\u00ad@acme.cl")
        self.assertEqual(contact.email, "a@acme.cl")

    def test_offer_goes_to_a_domain_of_its_own_letters(self):
        offers = self.env["xpyme.offer"]
        self.assertTrue(offers._is_deliverable("ventas@peñalolen.cl"))
        self.assertFalse(offers._is_deliverable("ñandú@acme.cl"))

    # === FILES ===#

    def test_exported_telephone_is_loaded_as_it_was(self):
        self.customer.write({"phone": "+56 41 290 9725", "street": "-1 =2 @3"})
        names = [".id", "phone", "street", "name"]
        data = self.customer.export_data(names)["datas"]
        text = CSVExport().from_data([{"name": n} for n in names], names, data)
        text = text if isinstance(text, str) else text.decode("utf-8-sig")
        self.assertIn("'+56", text)
        row = [cell.strip('"') for cell in text.splitlines()[1].split('","')]
        stamp = self.customer.write_date
        result = self.Partner.load(names, [row])
        self.assertEqual(result["ids"], self.customer.ids, result["messages"])
        self.assertEqual(self.customer.phone, "+56 41 290 9725")
        self.assertEqual(self.customer.street, "-1 =2 @3")
        self.assertEqual(self.customer.write_date, stamp)

    def test_apostrophe_of_a_name_stays(self):
        result = self.Partner.load(["name"], [["'s-Hertogenbosch"]])
        self.assertEqual(self.Partner.browse(result["ids"]).name, "'s-Hertogenbosch")

    # === ADDRESSES OF CONTACTS ===#

    def test_new_contact_has_no_address_on_the_screen_either(self):
        with Form(
            self.Partner.with_context(default_type="contact"),
            "xpyme_contacts.xpyme_contact_view_form",
        ) as form:
            form.name = "Berta"
            form.parent_id = self.customer
        berta = form.record
        for fname in ("street", "street2", "zip", "city", "state_id", "country_id"):
            self.assertFalse(berta[fname], fname)
        berta = self.Partner.new({"parent_id": self.customer.id, "type": "contact"})
        self.assertFalse(berta.onchange_parent_id())
        other = self.Partner.create({"name": "Otra", "city": "Lota"})
        contact = self.Partner.new({"parent_id": other.id, "type": "contact"})
        self.assertEqual(contact.onchange_parent_id()["value"]["city"], "Lota")

    # === NAMES ===#

    def test_particles_belong_to_the_surname(self):
        kind = self.env["xpyme.customer.type"].create(
            {"name": "Persona", "is_natural_person": True}
        )
        person = self.make_customer(
            "Juan de la Torre Pérez", is_company=False, customer_type_id=kind.id
        )

        def parts():
            return (person.given_name, person.surname, person.second_surname)

        self.assertEqual(parts(), ("Juan", "de la Torre", "Pérez"))
        person.write({"given_name": "Juan de", "surname": "la Torre"})
        person.write({"name": person.name, "city": "Lota"})
        self.assertEqual(parts(), ("Juan de", "la Torre", "Pérez"))
        person.name = "José Luis de la Fuente y Gómez de Liaño"
        self.assertEqual(parts(), ("José Luis", "de la Fuente", "y Gómez de Liaño"))

    # === ACCOUNTS ===#

    def test_account_that_the_customer_has_is_not_made_again(self):
        iban = "ES91 2100 0418 4502 0005 1332"
        accounts = self.env["res.partner.bank"]
        own = accounts.create({"acc_number": iban, "partner_id": self.customer.id})
        self.customer.active = False
        vals = {"acc_number": iban, "partner_id": self.contact.id}
        new = {"acc_number": "1234", "partner_id": self.contact.id}
        found = accounts.create([new, vals])
        self.assertEqual(found[1], own)
        self.assertEqual(found.partner_id, self.customer)
