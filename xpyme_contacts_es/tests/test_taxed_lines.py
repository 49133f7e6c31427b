from odoo import Command
from odoo.tests import tagged

from .common import SpanishCase


@tagged("post_install", "-at_install")
class TestTaxedLines(SpanishCase):
    """Documents are judged line by line, by what the line would have if it were new."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.irpf, cls.recargo = cls.get_tax("s_irpf15"), cls.get_tax("s_req52")
        # the chart's own name is a code: 15% WHI
        cls.irpf_told = "Retenciones a cuenta IRPF 15%"
        cls.irpf.description = cls.irpf_told
        cls.advice = cls.make_article("Asesoría", cls.vat[21] | cls.irpf)
        cls.shop = cls.make_article("Tienda", cls.vat[21] | cls.recargo)

    def make_both(self, **document):
        return [self.make_quotation(**document), self.make_invoice(**document)]

    def get_lines(self, document):
        if document._name == "sale.order":
            return document.order_line
        return document.invoice_line_ids

    def add_line(self, document, **vals):
        """One more line, like the first one but for the values."""
        lines = self.get_lines(document)
        parent = "order_id" if document._name == "sale.order" else "move_id"
        return lines.copy({parent: document.id, **vals})

    def test_what_an_article_carries_is_no_change(self):
        for article, total in ((self.advice, 106.00), (self.shop, 126.20)):
            for document in self.make_both(article=article):
                self.assertFalse(document.customer_taxes_changed)
                self.assertAlmostEqual(document.amount_total, total)

    def test_what_an_article_carries_stays(self):
        documents = self.make_both(article=self.advice)
        self.customer.equivalence_surcharge = True
        for document in documents:
            self.assertTrue(document.customer_taxes_changed)
            self.assertFalse(document.taxes_taken_off)
            document.action_update_customer_taxes()
            self.assertAlmostEqual(document.amount_total, 111.20)
            self.assertFalse(document.customer_taxes_changed)

    def test_each_line_is_judged(self):
        self.customer.equivalence_surcharge = True
        for document in self.make_both():
            self.add_line(document).tax_ids = self.vat[10]
            self.assertTrue(document.customer_taxes_changed)
            self.assertFalse(document.taxes_taken_off)
            document.action_update_customer_taxes()
            self.assertFalse(document.customer_taxes_changed)
            self.assertAlmostEqual(document.amount_total, 126.20 + 111.40)

    def test_what_somebody_typed_is_not_taken_off_silently(self):
        for document in self.make_both():
            self.get_lines(document).tax_ids |= self.irpf
            self.assertEqual(document.taxes_taken_off, self.irpf_told)
            document.action_update_customer_taxes()
            self.assertAlmostEqual(document.amount_total, 121.00)
            self.assertIn(self.irpf_told, document.message_ids[:1].body)

    def test_vat_that_somebody_typed_stays(self):
        documents = self.make_both()
        for document in documents:
            self.get_lines(document).tax_ids = self.vat[10]
        self.customer.equivalence_surcharge = True
        for document in documents:
            document.action_update_customer_taxes()
            self.assertAlmostEqual(document.amount_total, 111.40)
            self.assertFalse(document.customer_taxes_changed)
            self.assertFalse(document.taxes_taken_off)

    def test_lines_of_text_have_what_was_agreed_too(self):
        texts = [
            {"name": "Portes", "price_unit": 100, "tax_ids": self.vat[21].ids},
            {"name": "Fianza", "price_unit": 50, "tax_ids": False},
        ]
        invoice = self.make_invoice(
            invoice_line_ids=[Command.create(vals) for vals in texts]
        )
        self.assertFalse(invoice.customer_taxes_changed)
        self.customer.equivalence_surcharge = True
        invoice.action_update_customer_taxes()
        self.assertAlmostEqual(invoice.amount_total, 126.20 + 50)
        self.assertFalse(invoice.customer_taxes_changed)
        self.customer.equivalence_surcharge = False
        invoice.action_update_customer_taxes()
        self.assertAlmostEqual(invoice.amount_total, 121.00 + 50)

    def test_a_text_without_recargo_beside_articles_is_told(self):
        self.customer.equivalence_surcharge = True
        invoice = self.make_invoice()
        text = {"name": "Portes", "price_unit": 100, "tax_ids": self.vat[21].ids}
        invoice.invoice_line_ids = [Command.create(text)]
        self.assertTrue(invoice.customer_taxes_changed)

    def test_prices_stay_as_they_were_agreed(self):
        documents = self.make_both()
        for document in documents:
            self.get_lines(document).price_unit = 90
            self.add_line(document).price_unit = 0
        self.customer.equivalence_surcharge = True
        for document in documents:
            document.action_update_customer_taxes()
            self.assertEqual(self.get_lines(document).mapped("price_unit"), [90.0, 0.0])
            self.assertAlmostEqual(document.amount_untaxed, 90)

    def test_irpf_of_another_customer_is_replaced(self):
        seven = self.make_customer("Siete", vat=False, irpf_percent=7)
        self.customer.irpf_percent = 15
        for document in self.make_both():
            document.partner_id = seven
            self.assertEqual(document.taxes_taken_off, self.irpf_told)
            document.action_update_customer_taxes()
            self.assertAlmostEqual(document.amount_total, 114.00)

    def test_a_fixed_vat_that_lines_have_not_is_told(self):
        fixed = self.make_customer("Fijo", vat=False, forced_tax_id=self.vat[10].id)
        for document in self.make_both():
            document.partner_id = fixed
            self.assertTrue(document.customer_taxes_changed)
            document.action_update_customer_taxes()
            self.assertAlmostEqual(document.amount_total, 110.00)

    def test_a_position_that_somebody_chooses_is_not_taken_back(self):
        for document in self.make_both():
            document.fiscal_position_id = self.ref("fp_irpf7")
            self.assertFalse(document.customer_taxes_changed)
