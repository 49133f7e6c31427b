from lxml import html

from odoo.tests import tagged
from odoo.tools.rendering_tools import parse_inline_template

from .test_customer_document_mailbox import DocumentMailboxCase

LANGS = ("es_ES", "es_CL")


@tagged("post_install", "-at_install")
class TestMailTranslations(DocumentMailboxCase):
    """What is sent in the languages that the family is sold in can be sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in LANGS:
            cls.env["res.lang"]._activate_lang(lang)
        cls.templates = cls.env["mail.template"].with_context(active_test=False)
        names = cls.templates.search([]).get_external_id().values()
        cls.load(sorted({name.partition(".")[0] for name in names if name}))
        cls.quotation_mail = cls.env.ref("sale.email_template_edi_sale")

    @classmethod
    def load(cls, modules):
        cls.env["ir.module.module"]._load_module_terms(modules, [*LANGS])
        cls.env.invalidate_all()

    def read_expressions(self, template):
        """What a template evaluates, in its language: pairs of field and expression."""
        for fname, field in template._fields.items():
            if field.type in ("char", "text") and "{{" in (template[fname] or ""):
                for _text, expression, _default in parse_inline_template(
                    template[fname]
                ):
                    yield fname, expression

    def test_every_expression_can_be_read_in_each_language(self):
        for lang in LANGS:
            for template in self.templates.with_context(lang=lang).search([]):
                name = (lang, template.get_external_id()[template.id] or template.name)
                for fname, expression in self.read_expressions(template):
                    with self.subTest(name, field=fname, expression=expression):
                        if expression:
                            compile(expression.strip(), "expression", "eval")
                if template.body_html:
                    with self.subTest(name, field="body_html"):
                        self.env["ir.qweb"]._compile(
                            html.fragment_fromstring(
                                str(template.body_html), create_parent="div"
                            )
                        )

    def test_what_a_language_brings_is_mended_and_own_words_stay(self):
        subject = "Nuestro {{ object.state in ('draft, 'sent') and 'A' or 'B' }}"
        for lang in LANGS:
            self.quotation_mail.with_context(lang=lang).subject = subject
        self.load(["sale"])
        for lang in LANGS:
            self.assertEqual(
                self.quotation_mail.with_context(lang=lang).subject,
                "Nuestro {{ object.state in ('draft', 'sent') and 'A' or 'B' }}",
            )

    def test_quotation_and_invoice_are_sent_in_each_language(self):
        for lang, word in zip(LANGS, ("Presupuesto", "Cotización"), strict=True):
            with self.subTest(lang):
                self.customer.lang = lang
                quotation = self.make_quotation(self.customer)
                self.compose(quotation, None)
                mail = self.get_mails(quotation)
                self.assertEqual(mail.recipient_ids, self.get_mailbox(self.customer))
                self.assertIn(word, mail.subject)
                invoice = self.make_invoice(self.customer)
                wizard = self.env["account.move.send.wizard"]
                wizard = wizard.with_context(
                    active_model="account.move", active_ids=invoice.ids
                ).create({"sending_methods": ["email"]})
                wizard.action_send_and_print()
                self.assertIn("Factura", self.get_mails(invoice).subject)
