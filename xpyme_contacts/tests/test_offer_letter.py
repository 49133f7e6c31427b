from email import message_from_bytes, policy

from odoo.tests import tagged

from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferLetter(OfferCase):
    """What a mail says of the shop and of its prices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "name": "Ferretería Onyar",
                "phone": "+34 972 99 01 01",
                "street": "Calle de Prueba 4",
                "street2": False,
                "zip": "17001",
                "city": "Girona",
                "country_id": cls.env.ref("base.es").id,
                "offer_basis_required": False,
            }
        )
        cls.tax = cls.make_tax("IVA")

    @classmethod
    def make_tax(cls, name, **vals):
        group = cls.env["account.tax.group"].create(
            {"name": name, "company_id": cls.company.id}
        )
        return cls.env["account.tax"].create(
            {
                "name": f"{name} de prueba",
                "amount": 21,
                "type_tax_use": "sale",
                "tax_group_id": group.id,
                "country_id": cls.company.account_fiscal_country_id.id,
                "company_id": cls.company.id,
                **vals,
            }
        )

    def get_letter(self, products, **vals):
        campaign = self.prepare(self.acme, products=products, **vals)
        [offer] = campaign.offer_ids
        self.assertEqual(offer.state, "ready")
        return offer.body_html

    def test_mail_says_whether_prices_include_the_taxes(self):
        self.paint.taxes_id = self.tax
        self.assertIn("Prices without VAT.", self.get_letter(self.paint))
        self.tax.price_include_override = "tax_included"
        self.assertIn("Prices include taxes.", self.get_letter(self.paint))
        self.paint.taxes_id = False
        self.assertIn("Prices include taxes.", self.get_letter(self.paint))

    def test_a_tax_that_is_held_back_adds_nothing_to_the_price(self):
        self.paint.taxes_id = self.make_tax("IRPF", amount=-15)
        self.assertIn("Prices include taxes.", self.get_letter(self.paint))

    def test_customer_who_pays_no_tax_is_told_so(self):
        self.paint.taxes_id = self.tax
        position = self.env["account.fiscal.position"].create({"name": "Exento"})
        exempt = self.make_tax(
            "Exento",
            amount=0,
            fiscal_position_ids=position.ids,
            original_tax_ids=self.tax.ids,
        )
        self.assertEqual(position.map_tax(self.tax), exempt)
        self.acme.property_account_position_id = position
        self.assertIn("Prices include taxes.", self.get_letter(self.paint))

    def test_articles_of_both_kinds_say_it_one_by_one(self):
        self.paint.taxes_id = self.tax
        body = self.get_letter([self.paint, self.brush])
        self.assertIn("without VAT", body)
        self.assertIn("taxes included", body)
        self.assertNotIn("Prices include taxes.", body)

    def test_mail_says_who_writes_and_how_to_answer(self):
        body = self.get_letter(self.paint)
        self.assertLess(body.index("Ferretería Onyar"), body.index("Pintura"))
        self.assertIn('href="tel:+34972990101"', body)
        self.assertIn('href="mailto:ofertas@ferreteria.example.com?subject=', body)

    def test_logo_is_shown_where_mail_programs_load_it(self):
        parameters = self.env["ir.config_parameter"].sudo()
        self.company.logo = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
            "hgGAWjR9awAAAABJRU5ErkJggg=="
        )
        for base, is_shown in (
            ("http://127.0.0.1:8069", False),
            ("https://tienda.example.com", True),
        ):
            parameters.set_param("web.base.url", base)
            self.assertEqual("/logo.png" in self.get_letter(self.paint), is_shown)

    def test_address_is_one_a_postman_reads(self):
        line = "Advertising by Ferretería Onyar · Calle de Prueba 4, 17001 Girona"
        self.acme.country_id = self.env.ref("base.es")
        self.assertIn(f"{line}<br>", self.get_letter(self.paint))
        self.acme.country_id = self.env.ref("base.fr")
        self.assertIn(f"{line}, Spain<br>", self.get_letter(self.paint))

    def test_plain_text_has_no_marks(self):
        self.paint.default_code = "P1"
        campaign = self.prepare(self.acme, products=[self.paint])
        campaign.action_approve()
        with self.outbox() as server:
            server.run()
        [(_address, content)] = server.mails
        mail = message_from_bytes(content, policy=policy.default)
        text = "\n".join(mail.get_body(["plain"]).get_content().splitlines())
        self.assertNotIn("*", text)
        self.assertIn("\nPintura, P1: ", text)
        self.assertIn("/xpyme/offers/", text)
        self.assertNotIn("only-in-the-mail", text)
