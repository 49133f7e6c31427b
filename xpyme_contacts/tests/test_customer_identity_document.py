from datetime import timedelta

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import format_date

from .common import CustomerCase

PERSONAL = "xpyme_contacts.group_customer_documents"


@tagged("post_install", "-at_install")
class TestIdentityDocument(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.Partner)
        cls.salesperson = cls.make_salesperson()
        cls.salesperson.group_ids += cls.env.ref("base.group_allow_export")
        cls.reader = cls.make_user("reader", f"base.group_user,{PERSONAL}")
        cls.keeper = cls.make_user(
            "keeper", f"base.group_user,base.group_partner_manager,{PERSONAL}"
        )
        cls.bare = cls.make_user("bare", "base.group_user,base.group_allow_export")
        cls.licence = cls.env.ref("xpyme_contacts.id_category_driving_licence")
        cls.customer = cls.make_customer(
            "Ana Soto", is_company=False, birthdate_date="1980-05-05", gender="female"
        )
        cls.customer.ip_address = "10.0.0.1"
        cls.document = cls.make_document(name="12345678-Z")

    @classmethod
    def make_document(cls, **vals):
        return cls.env["res.partner.id_number"].create(
            {
                "partner_id": cls.customer.id,
                "category_id": cls.licence.id,
                "name": "1",
                **vals,
            }
        )

    # --- what they hold

    def test_the_three_kinds_have_their_codes(self):
        for name, code in (
            ("id_category_driving_licence", "driving_licence"),
            ("id_category_passport", "passport"),
            ("id_category_cae", "cae"),
        ):
            self.assertEqual(self.env.ref(f"xpyme_contacts.{name}").code, code)

    def test_licence_has_class_dates_and_place(self):
        self.document.with_user(self.keeper).write(
            {
                "licence_class": "B",
                "date_issued": "2020-01-01",
                "valid_until": "2030-01-01",
                "place_issuance": "Vic",
            }
        )
        self.assertEqual(self.document.category_code, "driving_licence")

    def test_expiry_before_issue_is_refused(self):
        for vals in (
            {"date_issued": "2020-01-02", "valid_until": "2020-01-01"},
            {"valid_from": "2020-01-02", "valid_until": "2020-01-01"},
        ):
            with self.assertRaises(ValidationError) as refusal, self.env.cr.savepoint():
                self.make_document(**vals)
            for day in vals.values():
                self.assertIn(format_date(self.env, day), str(refusal.exception))
                self.assertNotIn(day, str(refusal.exception))
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.document.write(vals)
        self.document.write({"date_issued": "2020-01-01", "valid_until": "2020-01-01"})

    def test_expired_ones_are_found(self):
        yesterday = self.today - timedelta(days=1)
        old = self.make_document(name="2", valid_until=yesterday)
        last_day = self.make_document(name="3", valid_until=self.today)
        ours = [("partner_id", "=", self.customer.id)]
        documents = self.env["res.partner.id_number"].with_user(self.reader)
        expired = documents.search([("is_expired", "=", True), *ours])
        self.assertEqual(expired, old)
        self.assertTrue(expired.is_expired)
        valid = documents.search([("is_expired", "=", False), *ours])
        self.assertEqual(valid, last_day | self.document)
        found = self.Partner.with_user(self.reader).search(
            [("id_numbers.is_expired", "=", True)]
        )
        self.assertIn(self.customer, found)

    def test_birth_date_to_come_is_refused(self):
        tomorrow = self.today + timedelta(days=1)
        with self.assertRaises(ValidationError) as refusal, self.env.cr.savepoint():
            self.customer.birthdate_date = tomorrow
        self.assertIn(format_date(self.env, tomorrow), str(refusal.exception))
        self.customer.birthdate_date = self.today

    def test_dates_of_no_customer_are_as_oca_keeps_them(self):
        someone = self.Partner.create(
            {"name": "Eva", "birthdate_date": self.today + timedelta(days=1)}
        )
        dates = {"date_issued": "2020-01-02", "valid_until": "2020-01-01"}
        document = self.make_document(partner_id=someone.id, **dates)
        self.assertEqual(document.partner_id, someone)

    def test_stated_age_is_a_number_from_0_to_150_and_stays(self):
        for age in (-1, 151):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.customer.stated_age = age
        self.customer.stated_age = 40
        self.customer.birthdate_date = "1950-01-01"
        self.assertEqual(self.customer.stated_age, 40)

    # --- who sees them

    def test_only_the_group_reads_documents(self):
        self.assertEqual(self.document.with_user(self.reader).name, "12345678-Z")
        for user in (self.bare, self.salesperson):
            document = self.document.with_user(user)
            documents = document.browse()
            for leak in (
                lambda d=document: d.name,
                lambda d=document: d.read(["name"]),
                lambda d=document: d.web_read({"name": {}}),
                lambda d=document: d.export_data(["name"]),
                lambda d=document: d.copy(),
                lambda d=document: d.write({"name": "X"}),
                lambda d=document: d.unlink(),
                lambda d=document: d.message_post(body="X"),
                lambda d=documents: d.search([]),
                lambda d=documents: d.search_count([("name", "ilike", "1")]),
                lambda d=documents: d.name_search("1"),
                lambda d=documents: d.web_search_read([], {"name": {}}),
                lambda d=documents: d.formatted_read_group([], ["name"], ["__count"]),
                lambda d=documents: d._read_group([], ["name"]),
                lambda d=documents: d.create(
                    {
                        "partner_id": self.customer.id,
                        "category_id": self.licence.id,
                        "name": "9",
                    }
                ),
            ):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    leak()

    def test_nothing_leaks_through_the_customer(self):
        for user in (self.bare, self.salesperson):
            customer = self.customer.with_user(user)
            for leak in (
                lambda c=customer: c.read(["birthdate_date"]),
                lambda c=customer: c.read(["age"]),
                lambda c=customer: c.read(["ip_address"]),
                lambda c=customer: c.read(["id_numbers"]),
                lambda c=customer: c.export_data(["id_numbers/name"]),
                lambda c=customer: c.export_data(["birthdate_date"]),
                lambda c=customer: c.search([("id_numbers.name", "=", "12345678-Z")]),
                lambda c=customer: c.search([("id_numbers", "!=", False)]),
                lambda c=customer: c.search([("birthdate_date", "<", "2000-01-01")]),
                lambda c=customer: c.search([], order="ip_address"),
                lambda c=customer: c._read_group([], ["birthdate_date:year"]),
                lambda c=customer: c.mapped("id_numbers.name"),
            ):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    leak()
        self.assertEqual(
            self.customer.with_user(self.reader).read(["age", "ip_address"])[0][
                "ip_address"
            ],
            "10.0.0.1",
        )

    def test_messages_of_a_document_are_not_read_by_others(self):
        self.document.message_post(body="secreto")
        messages = self.env["mail.message"]
        domain = [("model", "=", self.document._name), ("body", "ilike", "secreto")]
        self.assertTrue(messages.with_user(self.reader).search(domain))
        self.assertFalse(messages.with_user(self.bare).search(domain))

    def test_every_partner_form_opens_for_a_bare_user(self):
        for user in (self.bare, self.salesperson, self.keeper):
            partner = self.customer.with_user(user)
            views = self.env["ir.ui.view"].search(
                [
                    ("model", "=", "res.partner"),
                    ("type", "in", ("form", "list", "kanban")),
                    ("mode", "=", "primary"),
                ]
            )
            for view in views:
                views = partner.get_views([(view.id, view.type)])["views"]
                arch = etree.fromstring(views[view.type]["arch"])
                spec = self.get_spec(arch)
                partner.web_read(spec)
                shown = {"id_numbers", "birthdate_date", "ip_address"} & spec.keys()
                self.assertFalse(user != self.keeper and shown, view.xml_id)

    def get_spec(self, node):
        """What the web client reads for a view: its fields, and those inside them."""
        spec = {}
        for child in node:
            if child.tag == "field":
                inner = self.get_spec(child)
                spec[child.get("name")] = {"fields": inner} if inner else {}
            else:
                spec.update(self.get_spec(child))
        return spec

    def test_salesperson_copies_and_creates_customers(self):
        customer = self.customer.with_user(self.salesperson)
        copy = customer.copy()
        self.assertFalse(copy.sudo().birthdate_date)
        customer.create({"name": "X", "customer_flag": True})

    def test_technician_of_the_group_reads_and_changes_nothing(self):
        technician = self.make_technician(
            ["base.group_partner_manager", "base.group_allow_export", PERSONAL]
        )
        document = self.document.with_user(technician)
        self.assertEqual(document.name, "12345678-Z")
        for change in (
            lambda: document.write({"name": "X"}),
            lambda: document.unlink(),
            lambda: document.export_data(["name"]),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_one2many_of_the_card_writes_them_for_the_group(self):
        self.customer.with_user(self.keeper).write(
            {
                "id_numbers": [
                    Command.create(
                        {
                            "category_id": self.env.ref(
                                "xpyme_contacts.id_category_passport"
                            ).id,
                            "name": "AAA000",
                        }
                    )
                ]
            }
        )
        self.assertEqual(len(self.customer.id_numbers), 2)

    def test_merge_keeps_documents_and_personal_data(self):
        kept = self.make_customer("Ana", is_company=False, email=self.customer.email)
        merger = self.env["base.partner.merge.automatic.wizard"]
        merger = merger.with_user(self.salesperson).create({})
        kept = kept.with_user(self.salesperson)
        merger._merge((self.customer | kept).ids, kept)
        kept = kept.with_user(self.keeper)
        self.assertEqual(kept.id_numbers, self.document)
        self.assertEqual(str(kept.birthdate_date), "1980-05-05")
        self.assertEqual(kept.ip_address, "10.0.0.1")
