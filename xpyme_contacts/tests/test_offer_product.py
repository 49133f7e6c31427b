from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestInternalCost(OfferCase):
    """The margins of offers are added to the PCI: it can be typed where the cost is."""

    def test_it_is_typed_on_the_article(self):
        with Form(self.env["product.template"]) as form:
            form.name = "Barniz"
            form.pci_cost = 12.5
        article = form.record
        self.assertEqual(article.product_variant_id.pci_cost, 12.5)
        with Form(article) as form:
            form.pci_cost = 13
        self.assertEqual(article.product_variant_id.pci_cost, 13)
        with Form(article.product_variant_id) as form:
            form.pci_cost = 14
        self.assertEqual(article.pci_cost, 14)
        found = article.search([("pci_cost", "=", 14)])
        self.assertIn(article, found)

    def test_a_negative_one_is_refused_there_too(self):
        with self.assertRaises(ValidationError):
            self.paint.product_tmpl_id.pci_cost = -1

    def test_it_is_in_every_view_that_has_the_cost(self):
        for model, view in (
            ("product.template", "product.product_template_only_form_view"),
            ("product.template", "product.product_template_tree_view"),
            ("product.product", "product.product_normal_form_view"),
            ("product.product", "product.product_variant_easy_edit_view"),
            ("product.product", "product.product_product_tree_view"),
        ):
            arch = self.env[model].get_view(self.env.ref(view).id)["arch"]
            self.assertIn('name="pci_cost"', arch, view)
