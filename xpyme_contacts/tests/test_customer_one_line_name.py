from odoo.tests import Form, tagged

from .common import CARD, CustomerCase

BREAKS = ("\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029")


@tagged("post_install", "-at_install")
class TestOneLineName(CustomerCase):
    """A name is one line, whoever has it and whatever door it comes through.

    It stands in the headers of mails, which a line break ends.
    """

    def assertOneLine(self, partner, name="Malo Bcc: todos"):
        self.assertEqual(partner.name, name)

    def test_every_line_break_is_a_space(self):
        for mark in BREAKS:
            customer = self.make_customer(f" Malo {mark}{mark} Bcc: todos{mark}")
            self.assertOneLine(customer)
            customer.name = "Bueno"
            customer.name = f"Malo{mark}Bcc: todos"
            self.assertOneLine(customer)

    def test_who_is_no_customer_has_a_name_of_one_line_too(self):
        name = "Malo\nBcc: todos"
        customer = self.make_customer()
        company = self.env["res.company"].create({"name": name})
        user = self.make_user("malo", "base.group_portal")
        user.with_user(user).write({"name": name})
        partners = self.env["res.partner"]
        for partner in (
            partners.create({"name": name}),
            partners.browse(partners.name_create(name)[0]),
            partners.with_context(default_name=name).create({}),
            self.make_contact(customer, name),
            self.make_contact(customer, name, type="delivery"),
            self.make_customer(contact_name=name).contact_ids,
            company.partner_id,
            user.partner_id,
        ):
            self.assertOneLine(partner)
        company.name = name
        self.assertOneLine(company)

    def test_parts_of_a_name_make_one_line(self):
        kind = self.env["xpyme.customer.type"].create(
            {"name": "Física", "is_natural_person": True}
        )
        person = self.make_customer(
            "x",
            customer_type_id=kind.id,
            is_company=False,
            given_name="Ana\nBcc: todos",
            surname="Soto\r",
        )
        self.assertOneLine(person, "Ana Bcc: todos Soto")

    def test_a_cell_of_a_file_and_a_default_are_folded(self):
        rows = [["Malo\nBcc: todos", "malo@example.com"]]
        loaded = self.env["res.partner"].load(["name", "email"], rows)
        self.assertOneLine(self.env["res.partner"].browse(loaded["ids"]))
        self.env["ir.default"].set("res.partner", "name", "Malo\nBcc: todos", True)
        self.assertOneLine(self.env["res.partner"].create({"email": "a@example.com"}))
        with Form(self.env["res.partner"], CARD) as form:
            form.email = "b@example.com"
        self.assertOneLine(form.record)

    def test_a_name_of_one_line_stays_as_it_is_typed(self):
        supplier = self.env["res.partner"].create({"name": "Dos  espacios "})
        self.assertOneLine(supplier, "Dos  espacios ")
