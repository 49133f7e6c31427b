import os
from contextlib import contextmanager, suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CustomerCase

LONG = os.environ.get("XPYME_LONG")
# Written to the database, and judged without being written.
WRITES, CHECKS = (1_000, 10_000) if LONG else (15, 300)
# What JSON carries and PostgreSQL does not store.
UNSTORABLE = ("\0", "7\x005", "\ud800x")
NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def typed(alphabet, right):
    """Any text, one of likely characters, or what is right with something changed."""
    return st.one_of(
        st.text(st.characters(), max_size=30),
        st.text(alphabet=alphabet, max_size=30),
        st.builds(
            lambda text, place, put: text[:place] + put + text[place + len(put) :],
            right,
            st.integers(0, 20),
            st.text(alphabet=alphabet, max_size=1),
        ),
    )


@st.composite
def nifs(draw):
    number = draw(st.integers(0, 99_999_999))
    before = draw(st.sampled_from(["", "ES", "es ", "EU", "FR", "CL"]))
    first = draw(st.sampled_from(["", "A", "B", "X", "Y", "K"]))
    if first in ("A", "B"):
        return f"{before}{first}{number:08}"
    return f"{before}{first}{number:08}{NIF_LETTERS[number % 23]}"


NIFS = typed("0123456789ABXYZes.- /", nifs())
RUTS = typed("0123456789kK.-CL ", st.integers(1, 99_999_999).map(lambda n: f"{n}-5"))
IBANS = typed(
    "ESGBesgb0123456789 -IBAN",
    st.sampled_from(["ES91 2100 0418 4502 0005 1332", "GB82 WEST 1234 5698 7654 32"]),
)
BICS = typed("CAIXESBcaixesb019 ", st.sampled_from(["CAIXESBB", "BCHICLRMXXX"]))
CODES = typed("0123456789-+.aE ", st.integers(-1, 1_000_001).map(str))
IPS = typed(
    "0123456789abcdef.:%/ ",
    st.one_of(st.ip_addresses().map(str), st.sampled_from(["fe80::1%eth0", "::1"])),
)
BOXES = typed('ab@.,;<> "', st.emails())


@tagged("post_install", "-at_install")
class TestAnyText(CustomerCase):
    """Whatever is typed is stored or refused in words, and stored it stays the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.bank = cls.env["res.bank"].create({"name": "Caixa"})
        cls.account = cls.env["res.partner.bank"].create(
            {"partner_id": cls.customer.id, "acc_number": "12345678"}
        )
        cls.env.flush_all()

    def test_a_number_for_a_text_is_its_digits(self):
        """As Odoo converts what a program sends."""
        for fname in (
            *("name", "zip", "vat", "street", "phone", "email", "comment"),
            *("document_email", "trade_name", "given_name", "phone_extension"),
        ):
            for write in (
                lambda vals: self.customer.write(vals),
                lambda vals: self.Partner.create({"name": "Prov", **vals}),
                lambda vals: self.make_customer(**vals),
            ):
                # What no digits can be is refused in words.
                with suppress(UserError), self.undone():
                    write({fname: 28001})
        supplier = self.Partner.create({"name": 5, "zip": 28001, "color": 3})
        self.assertEqual(
            (supplier.name, supplier.zip, supplier.color), ("5", "28001", 3)
        )
        customer = self.make_customer(7, contact_name=8, contact_phone=9.5)
        contact = customer.contact_ids
        self.assertEqual((contact.name, contact.phone), ("8", "9.5"))
        self.account.acc_number = 12345
        self.assertEqual(self.account.acc_number, "12345")
        with self.assertRaises(UserError), self.undone():
            self.bank.bic = 5

    def test_a_number_is_searched_as_its_digits(self):
        customer = self.make_customer("Bar 360360")
        for operator in ("ilike", "like", "=", "=ilike"):
            with self.undone():
                found = self.Partner.name_search(360360, operator=operator)
                self.assertEqual(bool(found), "ilike" == operator or operator == "like")
        self.assertEqual(self.Partner.name_search(int(customer.ref))[0][0], customer.id)

    def check_write(self, record, fname, text):
        """Write ``text``, and again what it has become."""
        with self.undone():
            try:
                record[fname] = text
                self.env.flush_all()
            except UserError as refusal:
                self.assertTrue(str(refusal))
                return
            stored = record[fname]
            record[fname] = stored
            self.env.flush_all()
            self.assertEqual(record[fname], stored)

    @contextmanager
    def undone(self):
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)

    def check_any(self, texts, check, examples=WRITES):
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(texts)
        def run(text):
            check(text)

        for text in UNSTORABLE:
            check(text)
        run()

    def test_rut(self):
        self.check_any(RUTS, lambda t: self.check_write(self.customer, "vat", t))

    def test_nif(self):
        for country in (self.spain, self.env["res.country"]):
            self.env.company.partner_id.country_id = self.spain
            self.customer.country_id = country
            self.env.flush_all()
            self.check_any(NIFS, lambda t: self.check_write(self.customer, "vat", t))

    def test_nif_and_rut_are_judged_the_same_twice(self):
        partners = self.env["res.partner"]

        def judge(text):
            for country in (self.spain, self.chile):
                vals = {"vat": text, "country_id": country.id}
                partners._normalise_tax_id_vals(vals)
                once = dict(vals)
                partners._normalise_tax_id_vals(vals)
                self.assertEqual(vals, once)
                try:
                    stored, _code = partners._run_vat_checks(country, vals["vat"])
                except UserError:
                    continue
                again, _code = partners._run_vat_checks(country, stored)
                self.assertEqual(again, stored)

        self.check_any(st.one_of(NIFS, RUTS), judge, CHECKS)

    def test_iban(self):
        self.check_any(IBANS, lambda t: self.check_write(self.account, "acc_number", t))

    def test_bic(self):
        self.check_any(BICS, lambda t: self.check_write(self.bank, "bic", t))

    def test_code(self):
        self.check_any(CODES, lambda t: self.check_write(self.customer, "ref", t))

    def test_alternative_code(self):
        code = self.env["xpyme.alternative.code"].create(
            {"partner_id": self.customer.id, "name": "x"}
        )
        self.check_any(CODES, lambda t: self.check_write(code, "name", t))

    def test_contact_code(self):
        contact = self.make_contact(self.customer)
        self.check_any(CODES, lambda t: self.check_write(contact, "contact_code", t))

    def test_new_partner(self):
        """Inserting comes before most checks: no character may stop it."""
        fields = ("name", "vat", "ip_address", "document_email", "ref", "phone")

        def create(text):
            for fname in fields:
                with self.undone():
                    try:
                        self.make_customer(**{fname: text})
                        self.env.flush_all()
                    except UserError as refusal:
                        self.assertTrue(str(refusal))

        self.check_any(st.text(st.characters(), max_size=10), create)

    def test_ip(self):
        self.check_any(IPS, lambda t: self.check_write(self.customer, "ip_address", t))

    def test_mailboxes(self):
        for fname in ("email", "document_email"):
            self.check_any(
                BOXES, lambda t, f=fname: self.check_write(self.customer, f, t)
            )
