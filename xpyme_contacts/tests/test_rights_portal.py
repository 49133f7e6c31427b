import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import DocumentCase

# What a customer may read of himself by his login, and why.
MEANT_FOR_HIM = {
    "res.partner.is_document_mailbox",  # his searches leave these addresses out
}


def _is_ours(field):
    modules = field.base_field._modules
    return modules and all(name.startswith("xpyme_") for name in modules)


@tagged("post_install", "-at_install")
class TestRightsPortal(DocumentCase, HttpCase):
    """A customer's login of the portal: what is ours is not for him to read.

    The walks know all models and fields of the registry, also those of tomorrow and of
    the addons that build on this one.
    """

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"trade_name": "Tienda Sol", "document_email": "d@x.cl"})
        cls.user = new_test_user(
            cls.env,
            "portal1",
            name="Ana",
            email="ana@example.com",
            groups="base.group_portal",
        )
        cls.person = cls.user.partner_id
        cls.person.write({"parent_id": cls.customer.id, "type": "contact"})
        cls.quotation = cls.make_quotation()
        cls.order = cls.make_quotation()
        cls.order.action_confirm()
        cls.invoice = cls.make_invoice()
        cls.invoice.action_post()
        cls.documents = [cls.quotation, cls.order, cls.invoice]

    def get_readable(self):
        """The models that the portal reads, as its user."""
        models = (model.with_user(self.user) for model in self.env.values())
        return [m for m in models if not m._abstract and m.has_access("read")]

    def test_reads_no_field_of_ours(self):
        readable = {
            str(field.base_field)
            for model in self.get_readable()
            for field in model._fields.values()
            if _is_ours(field) and model._has_field_access(field, "read")
        }
        self.assertEqual(readable - MEANT_FOR_HIM, set())

    def test_whoever_becomes_a_customers_login_reads_none_from_then_on(self):
        user = new_test_user(self.env, "worker1", groups="base.group_user")
        partners = self.env["res.partner"].with_user(user)
        field = partners._fields["no_mailing"]
        self.assertTrue(partners._has_field_access(field, "read"))
        user.group_ids = self.env.ref("base.group_portal")
        self.assertTrue(user.share)
        self.assertFalse(partners._has_field_access(field, "read"))

    def test_searches_none_either(self):
        for fname in ("no_mailing", "document_no_mailing", "code_needs_review"):
            partners = self.env["res.partner"].with_user(self.user)
            with self.assertRaises(AccessError, msg=fname):
                partners.search_count([(fname, "=", True)])

    def test_reads_odoos_own_fields_as_ever(self):
        lines = [self.order.order_line, self.invoice.invoice_line_ids]
        people = [self.person, self.customer, self.env.company]
        for records in (*people, *self.documents, *lines):
            refused = self.get_refused(records.with_user(self.user))
            ours = {name for name in refused if _is_ours(records._fields[name])}
            self.assertEqual(ours, set(), records._name)

    def get_refused(self, records):
        """The fields that keep him from reading others: core has some of its own."""
        for name, field in records._fields.items():
            if records._has_field_access(field, "read"):
                try:
                    records.read([name])
                except AccessError as error:
                    named = re.findall(r'access the field "(\w+)" on', str(error))
                    yield from set(named) & set(records._fields)

    def test_finds_by_what_he_may_read(self):
        partners = self.env["res.partner"].with_user(self.user)
        for term in ("ACME", "AC", self.customer.email):
            self.assertIn(self.customer.id, dict(partners.name_search(term)), term)
        for term in ("Tienda Sol", "So"):
            self.assertFalse(partners.name_search(term), term)
        self.assertTrue(partners.search([("display_name", "not ilike", "xyz")]))

    def test_pages_of_his_documents_open(self):
        self.authenticate("portal1", "portal1")
        pages = ["/my", "/my/account", "/my/orders", "/my/quotes", "/my/invoices"]
        pages += [document.get_portal_url() for document in self.documents]
        pages.append(self.order.get_portal_url(report_type="pdf", download=True))
        for page in pages:
            response = self.url_open(page)
            self.assertEqual(response.status_code, 200, page)
            self.assertNotIn("/web/login", response.url)
