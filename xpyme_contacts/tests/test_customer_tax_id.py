import importlib

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, tagged

from ..tools import tax_id
from .common import CustomerCase

PASSPORT = "l10n_latam_base.it_pass"


@tagged("post_install", "-at_install")
class TestTaxId(CustomerCase):
    def test_rut_is_stored_one_way_however_typed(self):
        for typed in (
            "76.086.428-5",
            " 760864285 ",
            "CL76086428-5",
            "76086428–5",
            "７６０８６４２８-５",
            "76\u00a0086\u00a0428-5",
        ):
            self.assertEqual(self.make_customer(vat=typed).vat, self.RUT, typed)

    def test_leading_zeros_and_small_k_are_the_same_rut(self):
        self.assertEqual(self.make_customer(vat="010.000.013-k").vat, "10000013-K")

    def test_wrong_rut_is_refused_with_country_or_without(self):
        for vals in (
            {"country_id": self.chile.id},
            {"country_id": False},
        ):
            for number in (self.BAD_RUT, "1-9", "EU123", "12.345", "K", "ABC", "-"):
                with self.assertRaises(ValidationError), self.env.cr.savepoint():
                    self.make_customer(vat=number, **vals)

    def test_no_context_switches_the_check_off(self):
        customer = self.make_customer()
        for record in (customer, customer.sudo()):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                record.with_context(no_vat_validation=True).vat = self.BAD_RUT
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.make_customer().with_context(no_vat_validation=True).write(
                {"vat": "ES99999999A", "country_id": self.spain.id}
            )

    def test_without_country_the_companys_decides(self):
        self.env.company.partner_id.country_id = self.spain
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.make_customer(vat="A12345675", country_id=False)
        self.assertEqual(
            self.make_customer(vat="A12345674", country_id=False).vat, "A12345674"
        )

    def test_nif_is_checked_by_base_vat(self):
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.make_customer(vat="12345678A", country_id=self.spain.id)
        self.make_customer(vat="12345678Z", country_id=self.spain.id)

    def test_nif_is_stored_one_way_however_typed(self):
        self.env.company.partner_id.country_id = self.spain
        for country in (self.spain, self.env["res.country"]):
            for typed, stored in (
                ("12.345.678-Z", "12345678Z"),
                (" b-58.378.431 ", "B58378431"),
                ("ES B58.378.431", "ESB58378431"),
            ):
                customer = self.make_customer(vat=typed, country_id=country.id)
                self.assertEqual(customer.vat, stored, typed)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.make_customer(vat="-", country_id=self.spain.id)

    def test_wrong_number_is_told_on_leaving_the_field(self):
        """Who is a new customer has no name to be called by yet."""
        for country, word, right, wrong in (
            (self.chile, "RUT", "76.086.428-5", self.BAD_RUT),
            (self.spain, "NIF", "12.345.678-Z", "12345678A"),
        ):
            card = self.Partner.new(
                {"customer_flag": True, "country_id": country.id, "vat": right}
            )
            self.assertFalse(card._onchange_customer_tax_id())
            card.vat = wrong
            warning = card._onchange_customer_tax_id()["warning"]
            self.assertIn(wrong, warning["message"])
            self.assertIn("a new customer", warning["message"])
            self.assertEqual(warning["title"], word)
        supplier = self.Partner.new({"country_id": self.chile.id, "vat": "1"})
        self.assertFalse(supplier._onchange_customer_tax_id())

    def test_slash_and_blank_are_no_tax_id(self):
        self.assertEqual(self.make_customer(vat="/").vat, "/")
        self.assertFalse(self.make_customer(vat="  ", country_id=False).vat)

    def test_number_of_no_customer_is_as_odoo_keeps_it(self):
        supplier = self.Partner.create({"name": "Prov", "vat": "76086428â5"})
        self.assertEqual(supplier.vat, "76086428â5")
        supplier.vat = " "
        self.assertEqual(supplier.vat, " ")

    def test_foreign_customer_keeps_his_countrys_rule(self):
        france = self.env.ref("base.fr")
        customer = self.make_customer(vat="FR23334175221", country_id=france.id)
        self.assertEqual(customer.vat, "FR23334175221")

    def test_country_taken_away_makes_the_number_be_judged_again(self):
        customer = self.make_customer(vat="12345678Z", country_id=self.spain.id)
        with self.assertRaises(ValidationError):
            customer.country_id = False

    def test_shown_with_dots(self):
        self.assertEqual(
            self.make_customer(vat=self.RUT)._format_tax_id(), "76.086.428-5"
        )

    def test_passport_is_none_of_the_ruts_business(self):
        passport = self.env.ref(PASSPORT, raise_if_not_found=False)
        if not passport:
            self.skipTest("l10n_latam_base is not installed")
        customer = self.make_customer(
            vat="AB 123", l10n_latam_identification_type_id=passport.id
        )
        self.assertEqual(customer.vat, "AB 123")

    def test_run_follows_the_ruts_rule(self):
        run = self.env.ref("l10n_cl.it_RUN", raise_if_not_found=False)
        if not run:
            self.skipTest("l10n_cl is not installed")
        vals = {"l10n_latam_identification_type_id": run.id}
        self.assertEqual(
            self.make_customer(vat="12.345.678-5", **vals).vat, "12345678-5"
        )
        for country in (self.chile.id, False):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.make_customer(vat="12345678-4", country_id=country, **vals)


class TestTaxIdTools(BaseCase):
    def test_stdnum_agrees(self):
        rut = importlib.import_module("stdnum.cl.rut")
        for body in range(7_000_000, 99_000_000, 1_234_567):
            digit = tax_id.rut_check_digit(str(body))
            self.assertTrue(rut.is_valid(f"{body}{digit}"))
