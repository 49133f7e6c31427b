from odoo.tests import Form, tagged

from .common import CARD, CustomerCase


@tagged("post_install", "-at_install")
class TestSameTaxId(CustomerCase):
    """Two cards of one RUT or NIF are told of and allowed (seed 004: *Por CIF*)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.make_customer("Casa matriz", vat=cls.RUT)

    def find_others(self, customer):
        others = customer.same_tax_id_customer_ids
        action = customer.action_open_same_tax_id_customers()
        opened = self.env["res.partner"].with_context(**action["context"])
        self.assertEqual(opened.search(action["domain"]), others)
        return others

    def test_second_card_is_saved_and_told_of(self):
        second = self.make_customer("Sucursal", vat=self.RUT)
        self.assertEqual(second.same_vat_partner_id, self.first)

    def test_told_while_typing_however_it_is_typed(self):
        for typed in ("76.086.428-5", "760864285", " 76086428-5 ", "CL76086428-5"):
            for country in (self.chile, self.env["res.country"]):
                partners = self.env["res.partner"].with_context(
                    res_partner_search_mode="customer", default_country_id=country.id
                )
                form = Form(partners, CARD)
                form.vat = typed
                self.assertEqual(form.same_tax_id_customer_ids[:], self.first, typed)
                form.vat = self.OTHER_RUT
                self.assertFalse(form.same_tax_id_customer_ids[:])

    def test_all_the_others_are_one_click_away(self):
        second = self.make_customer("Sucursal", vat=self.RUT)
        self.make_contact(second, "Ana")
        archived = self.make_customer("Cerrada", vat=self.RUT, active=False)
        self.make_customer("Otra", vat=self.OTHER_RUT)
        self.assertEqual(self.find_others(self.first), second | archived)
        self.assertEqual(self.find_others(second), self.first | archived)

    def test_letters_of_the_country_are_the_same_number(self):
        bare = self.make_customer("Uno", vat="A12345674", country_id=self.spain.id)
        prefixed = self.make_customer(
            "Dos", vat="ESA12345674", country_id=self.spain.id
        )
        self.assertEqual(self.find_others(bare), prefixed)
        self.assertEqual(self.find_others(prefixed), bare)

    def test_without_a_number_there_are_no_others(self):
        self.make_customer("Uno", vat="/")
        for number in ("/", False):
            self.assertFalse(self.find_others(self.make_customer("Dos", vat=number)))

    def test_card_of_another_company_is_not_opened(self):
        other = self.env["res.company"].create({"name": "Segunda"})
        self.make_customer("Suya", vat=self.RUT, company_id=other.id)
        customer = self.first.with_user(self.make_salesperson())
        self.assertFalse(customer.same_tax_id_customer_ids)
