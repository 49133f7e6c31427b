from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from .common import ADDRESS, CustomerCase


@tagged("post_install", "-at_install")
class TestContactPortal(CustomerCase, HttpCase):
    """A customer's mirror contact with a login, on *My account*."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(vat=cls.RUT, street2=False)
        cls.mirror = cls.get_mirror(cls.customer)
        new_test_user(
            cls.env,
            "acme",
            name=cls.mirror.name,
            email="acme@example.com",
            groups="base.group_portal",
            partner_id=cls.mirror.id,
        )
        cls.address = {k: v for k, v in ADDRESS.items() if k != "street2"}

    def submit(self, **typed):
        """What the page answers when the form is sent with other values."""
        self.authenticate("acme", "acme")
        shown = ("name", "email", "phone", "street", "street2", "zip", "city")
        form = {fname: self.mirror[fname] or "" for fname in shown}
        response = self.url_open(
            "/my/address/submit",
            data={
                **form,
                "country_id": self.chile.id,
                "state_id": "",
                "partner_id": self.mirror.id,
                "csrf_token": Request.csrf_token(self),
                **typed,
            },
        )
        response.raise_for_status()
        self.env.invalidate_all()
        return response.json()

    def test_mirror_saves_his_phone(self):
        self.assertIn("redirectUrl", self.submit(phone="+56 9 1234 5678"))
        self.assertEqual(self.mirror.phone, "+56 9 1234 5678")
        self.assertAddress(self.mirror, self.address)

    def test_mirror_saves_an_email_of_his_own(self):
        self.assertIn("redirectUrl", self.submit(email="mio@example.com"))
        self.assertEqual(self.mirror.email, "mio@example.com")
        self.assertEqual(self.customer.email, "acme@example.com")

    def test_address_of_the_customer_is_refused_on_the_page(self):
        answer = self.submit(street="Mi casa 1", phone="+56 9 1234 5678")
        self.assertEqual(answer["invalid_fields"], ["street"])
        self.assertIn("comes from the customer's card", answer["messages"][0])
        self.assertAddress(self.mirror, self.address)
        self.assertEqual(self.mirror.phone, "41 290 97 25")

    def test_refused_new_address_is_told_on_the_page(self):
        refusal = "No more addresses."

        def refuse(*_args):
            raise UserError(refusal)

        self.patch(type(self.env["res.partner"]), "_complete_code_vals", refuse)
        answer = self.submit(partner_id="", address_type="delivery")
        self.assertEqual(answer["messages"], [refusal])

    def test_name_typed_on_the_page_is_one_line(self):
        self.assertIn("redirectUrl", self.submit(name="ACME S.A.\nBcc: todos"))
        self.assertEqual(self.mirror.name, "ACME S.A. Bcc: todos")
