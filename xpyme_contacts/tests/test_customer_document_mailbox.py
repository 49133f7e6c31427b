from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import email_normalize

from ..tools.mailboxes import normalise_mailbox
from .common import CustomerCase

DOCUMENTS = "facturas@acme.example.com"


class DocumentMailboxCase(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_salesperson()
        cls.customer = cls.make_customer(document_email=DOCUMENTS, vat=cls.RUT)
        cls.product = cls.env["product.product"].create(
            {"name": "Escoba", "list_price": 10.0}
        )

    @classmethod
    def get_mailbox(cls, customer):
        return cls.Partner.with_context(active_test=False).search(
            [("parent_id", "=", customer.id), ("is_document_mailbox", "=", True)]
        )

    @classmethod
    def make_quotation(cls, customer, **vals):
        line = Command.create({"product_id": cls.product.id})
        return cls.env["sale.order"].create(
            {"partner_id": customer.id, "order_line": [line], **vals}
        )

    @classmethod
    def make_invoice(cls, customer, **vals):
        line = Command.create({"product_id": cls.product.id, "price_unit": 10})
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_line_ids": [line],
                **vals,
            }
        )
        invoice.action_post()
        return invoice

    def compose(self, documents, template):
        """The composer that *Send* opens on quotations, filled in and sent."""
        action = documents.action_quotation_send()
        composer = self.env["mail.compose.message"].with_context(**action["context"])
        if len(documents) > 1:
            composer = composer.with_context(default_template_id=template.id)
        form = Form(composer)
        composer = form.save()
        composer._action_send_mail()
        return composer

    def get_mails(self, documents):
        return self.env["mail.mail"].search(
            [("model", "=", documents._name), ("res_id", "in", documents.ids)]
        )


@tagged("post_install", "-at_install")
class TestDocumentMailbox(DocumentMailboxCase):
    # --- the hidden child

    def test_is_kept_as_a_child_with_the_address(self):
        mailbox = self.get_mailbox(self.customer)
        self.assertEqual(mailbox.email, DOCUMENTS)
        self.assertEqual(mailbox.type, "contact")
        self.assertFalse(mailbox.is_company)
        self.assertFalse(mailbox.customer_rank)
        self.assertFalse(mailbox.street)
        self.assertEqual(mailbox.name, "ACME S.A. (documents)")

    def test_is_named_in_the_customers_language_whoever_saves(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.customer.lang = "es_ES"
        self.customer.name = "Azulejos"
        mailbox = self.get_mailbox(self.customer)
        self.assertEqual(mailbox.name, "Azulejos (documentos)")

    def test_is_no_contact(self):
        mailbox = self.get_mailbox(self.customer)
        self.assertEqual(self.customer.contact_count, 1)
        self.assertNotIn(mailbox, self.customer.contact_ids)
        self.assertEqual(self.customer.contact_name, "ACME S.A.")
        self.assertNotIn(mailbox, self.customer._get_printed_contacts())
        action = self.customer.action_open_contacts()
        self.assertNotIn(mailbox, self.Partner.search(action["domain"]))
        window = self.env.ref("xpyme_contacts.xpyme_contact_action")
        domain = window._get_action_dict()["domain"]
        self.assertIn("is_document_mailbox", domain)
        self.assertFalse(mailbox.is_mirror_contact)

    def test_is_not_found_by_who_searches_a_partner(self):
        mailbox = self.get_mailbox(self.customer)
        for domain in (None, [], [("parent_id", "=", self.customer.id)]):
            found = dict(self.Partner.name_search("ACME", domain))
            self.assertNotIn(mailbox.id, found)
        listed = self.Partner.web_search_read(
            [("parent_id", "=", self.customer.id)], {"name": {}}
        )
        self.assertNotIn(mailbox.id, [row["id"] for row in listed["records"]])
        groups = self.Partner.web_read_group(
            [("parent_id", "=", self.customer.id)], ["parent_id"], ["__count"]
        )
        self.assertEqual(groups["groups"][0]["__count"], 1)
        self.assertIn(
            mailbox.id, dict(self.Partner.name_search("", [("id", "=", mailbox.id)]))
        )

    def test_customer_without_contacts_is_listed_as_missing_one(self):
        self.customer.contact_ids.unlink()
        wizard = (
            self.env["xpyme.contact.creation"]
            .with_context(active_ids=self.customer.ids)
            .create({})
        )
        self.assertEqual(wizard.line_ids.partner_id, self.customer)

    def test_customer_named_like_his_mailbox_makes_it_no_mirror(self):
        self.customer.name = "ACME"
        mailbox = self.get_mailbox(self.customer)
        mailbox.name = "ACME"
        self.assertFalse(mailbox.is_mirror_contact)
        self.customer.email = "otro@example.com"
        self.assertEqual(mailbox.email, DOCUMENTS)

    def test_follows_name_and_address(self):
        self.customer.write(
            {"name": "Nueva", "document_email": "Otra <OTRA@acme.example.com>"}
        )
        mailbox = self.get_mailbox(self.customer)
        self.assertEqual(mailbox.name, "Nueva (documents)")
        self.assertEqual(mailbox.email, "otra@acme.example.com")

    def test_emptied_it_is_archived_and_taken_up_again(self):
        mailbox = self.get_mailbox(self.customer)
        self.customer.document_email = "  "
        self.assertFalse(mailbox.active)
        self.assertFalse(self.customer.document_email)
        self.customer.document_email = "b@example.com"
        self.assertEqual(self.get_mailbox(self.customer), mailbox)
        self.assertTrue(mailbox.active)
        self.assertEqual(mailbox.email, "b@example.com")

    def test_follows_an_archived_customer(self):
        mailbox = self.get_mailbox(self.customer)
        self.customer.action_archive()
        self.assertFalse(mailbox.active)
        self.customer.action_unarchive()
        self.assertTrue(mailbox.active)

    def test_goes_with_a_deleted_customer(self):
        customers = self.make_customer("Uno", document_email="a@example.com")
        customers |= self.make_customer("Dos", document_email="b@example.com")
        customers[0].document_email = False
        mailboxes = self.get_mailbox(customers[0]) | self.get_mailbox(customers[1])
        self.assertEqual(len(mailboxes), 2)
        customers.unlink()
        self.assertFalse(mailboxes.exists())

    def test_duplicate_gets_its_own(self):
        copy = self.customer.copy()
        self.assertEqual(self.get_mailbox(copy).email, DOCUMENTS)
        self.assertNotEqual(self.get_mailbox(copy), self.get_mailbox(self.customer))

    def test_several_customers_may_share_one_address(self):
        other = self.make_customer("Otra", document_email=DOCUMENTS)
        self.assertEqual(self.get_mailbox(other).email, DOCUMENTS)
        self.assertEqual(len(self.get_mailbox(self.customer)), 1)

    def test_customer_below_a_company_gets_his_documents_there(self):
        customer = self.make_customer(
            "Ana", is_company=False, document_email="ana@example.com"
        )
        mailbox = self.get_mailbox(customer)
        customer.parent_id = self.customer
        self.assertFalse(mailbox.active)
        customer.parent_id = False
        self.assertTrue(mailbox.active)

    def test_many_at_once_take_no_query_for_each(self):
        def write(count):
            customers = self.Partner.create(
                [
                    {
                        "name": f"C{i}",
                        "customer_flag": True,
                        "document_email": f"c{i}@example.com",
                    }
                    for i in range(count)
                ]
            )
            self.env.flush_all()
            before = self.cr.sql_log_count
            customers.write({"document_email": "todos@example.com"})
            self.env.flush_all()
            return self.cr.sql_log_count - before

        write(1)
        self.assertLessEqual(write(20), write(2) + 4)

    # --- what is refused

    def test_wrong_address_is_refused(self):
        for text in ("no mail", "a@b", "a@b.cl; c@", "@example.com", "a b@c.d e"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.customer.document_email = text
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.make_customer("Mala", document_email=text)
        self.assertEqual(self.get_mailbox(self.customer).email, DOCUMENTS)

    def test_several_addresses_are_sent_to_together(self):
        self.customer.document_email = "a@example.com; Luis <b@example.com>"
        self.assertEqual(
            self.get_mailbox(self.customer).email, "a@example.com, b@example.com"
        )

    def test_contact_has_none_of_his_own(self):
        with self.assertRaises(ValidationError):
            self.make_contact(self.customer, document_email="x@example.com")

    def test_is_changed_and_deleted_on_the_card_only(self):
        mailbox = self.get_mailbox(self.customer)
        for change in (
            lambda: mailbox.write({"email": "x@example.com"}),
            lambda: mailbox.write({"parent_id": False}),
            lambda: mailbox.unlink(),
            lambda: self.get_mirror(self.customer).write({"is_document_mailbox": True}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        self.assertTrue(mailbox.exists())

    def test_salesperson_may_set_it_and_a_bare_user_may_not(self):
        customer = self.customer.with_user(self.salesperson)
        customer.document_email = "nuevo@example.com"
        self.assertEqual(self.get_mailbox(self.customer).email, "nuevo@example.com")
        created = customer.create(
            {"name": "N", "customer_flag": True, "document_email": "n@example.com"}
        )
        self.assertEqual(self.get_mailbox(created).email, "n@example.com")
        bare = self.make_user("bare", "base.group_user")
        with self.assertRaises(AccessError):
            self.customer.with_user(bare).document_email = "x@example.com"

    # --- merging

    def merge(self, partners, into):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            partners.ids, into
        )

    def test_merged_customers_keep_one_mailbox(self):
        gone = self.make_customer("Otra", document_email="otra@example.com")
        self.merge(self.customer | gone, self.customer)
        mailboxes = self.get_mailbox(self.customer)
        self.assertEqual(len(mailboxes), 2)
        active = mailboxes.filtered("active")
        self.assertEqual(active.email, DOCUMENTS)

    def test_mailbox_of_the_one_gone_is_not_lost(self):
        kept = self.make_customer("Sin")
        self.merge(self.customer | kept, kept)
        self.assertEqual(kept.document_email, DOCUMENTS)
        mailbox = self.get_mailbox(kept).filtered("active")
        self.assertEqual(mailbox.email, DOCUMENTS)
        self.assertEqual(mailbox.name, "Sin (documents)")

    def test_is_no_duplicate_of_its_customer(self):
        self.customer.document_email = self.customer.email
        other = self.make_customer("Dos", email=self.customer.email)
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"group_by_email": True}
        )
        wizard.action_start_manual_process()
        mailbox = self.get_mailbox(self.customer)
        groups = ",".join(wizard.line_ids.mapped("aggr_ids"))
        self.assertIn(str(other.id), groups)
        self.assertNotIn(str(mailbox.id), groups)


@tagged("post_install", "-at_install")
class TestMailboxText(CustomerCase):
    @given(st.text(max_size=60))
    @settings(max_examples=500, deadline=None)
    def test_any_text_normalises_to_an_address_of_odoos_or_nothing(self, text):
        address = normalise_mailbox(text)
        self.assertEqual(normalise_mailbox(address), address)
        if address:
            self.assertEqual(email_normalize(address), address)
