import base64
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses

from odoo.tests import tagged

from .offer_common import OfferCase

PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
        "AABJRU5ErkJggg=="
    )
)
PAGE = """<!DOCTYPE html><html><head><title>x</title>
<style>@import 'x.css'; @media (max-width: 480px) {.w {width: 100% !important}}
.b {background: url(http://x.example.com/a.png)}</style>
<!--[if mso]><style>td {font-family: Arial}</style><![endif]-->
<script>alert(1)</script></head>
<body bgcolor="#eeeeee">
<!--[if mso]><table width="600"><tr><td><![endif]-->
<!--[if mso]><script>x</script><![endif]--><!-- secret -->
<table class="w" width="600" bgcolor="#ffffff"><tr><td>Hola $1</td></tr>
<tr><td>$2</td></tr></table>
<!--[if mso]></td></tr></table><![endif]-->
</body></html>"""


@tagged("post_install", "-at_install")
class TestOfferMail(OfferCase):
    """The mail as its reader gets it."""

    def send(self, customer=None, **vals):
        campaign = self.prepare(customer or self.acme, products=[self.paint], **vals)
        campaign.action_approve()
        with self.outbox() as server:
            server.run()
        self.offer = campaign.offer_ids
        self.assertEqual(self.offer.state, "sent", self.offer.error)
        [(self.address, self.content)] = server.mails
        return message_from_bytes(self.content, policy=policy.default)

    def read_header(self, name):
        """A header as RFC 2047 has it read, without Python's newer parser."""
        return message_from_bytes(self.content)[name].replace("\r\n", "")

    def test_subject_is_what_was_approved(self):
        for text in (
            "Promoción válida sólo hasta el sábado próximo: todo con descuento",
            "Ofertas de la semana para Constructora Los Copihues SpA: últimos días",
            "Talleres 😀Ñoño: núm. 23– Escala, «l·l», Barça i més",
            "=?utf-8?q?no_es_nuestro?= ?= =?",
            "Plain words only, but so many that one line does not hold them all",
            "x" * 300,
        ):
            self.send(subject=text)
            got = str(make_header(decode_header(self.read_header("Subject"))))
            self.assertEqual(got, self.offer.subject)
            self.assertEqual(got, text)
            self.assertLessEqual(max(map(len, self.content.split(b"\r\n"))), 998)

    def test_names_are_what_they_are(self):
        for name in (
            "Señor Núñez, S.L.",
            'Ana "La Ñ" (de Soto)',
            "núm. 23– Escala",
            "A",
        ):
            self.acme.name = self.company.name = name
            self.send(email_from=f'"{name}" <o@example.com>'.replace('"La Ñ"', "La Ñ"))
            [(to, address)] = getaddresses([self.read_header("To")])
            self.assertEqual(str(make_header(decode_header(to))), name)
            self.assertEqual(address, "acme@example.com")
            [(sender, _address)] = getaddresses([self.read_header("From")])
            self.assertEqual(
                str(make_header(decode_header(sender))), name.replace('"', "")
            )

    def test_domains_of_other_letters_travel_as_mail_servers_know_them(self):
        self.acme.email = "info@peñíscola.example"
        mail = self.send(email_from="Tienda <ofertas@ferretería.example>")
        self.assertEqual(self.address, "info@xn--pescola-8ya9a.example")
        self.assertIn(b"<info@xn--pescola-8ya9a.example>", self.content)
        self.assertIn("xn--", mail["From"].addresses[0].domain)

    def test_headers_of_a_list(self):
        domain = self.env["mail.alias.domain"].create(
            {"name": "ferreteria.example.com"}
        )
        self.company.alias_domain_id = domain
        mail = self.send()
        campaign = self.offer.campaign_id
        self.assertIn(f"<offers-{self.company.id}.ferreteria", mail["List-Id"])
        self.assertEqual(mail["Precedence"], "bulk")
        self.assertEqual(
            mail["Feedback-ID"],
            f"{campaign.id}:{self.company.id}:offers:ferreteria.example.com",
        )
        web, by_mail = self.read_header("List-Unsubscribe").split(", ")
        self.assertTrue(web.startswith("<http"))
        word = self.offer._get_leave_word("acme@example.com")
        self.assertEqual(
            by_mail, f"<mailto:{self.company.catchall_email}?subject={word}>"
        )
        self.assertNotIn("Return-Path", mail)

    def test_text_is_as_somebody_would_type_it(self):
        text = self.send(preheader="Sólo hoy").get_body(("plain",)).get_content()
        lines = text.splitlines()
        typed = [line.replace("\xa0", " ") for line in lines]
        price = self.company.currency_id.format(20).replace("\N{NO-BREAK SPACE}", " ")
        self.assertIn(f"Pintura, P1: {price}", typed)
        self.assertFalse({"None", "[1]", "*"} & set(text.split()))
        self.assertNotIn("Sólo hoy", text)
        self.assertIn("", lines)

    def test_page_is_in_the_customers_language_or_the_shops(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.company.partner_id.lang = "es_ES"
        self.acme.lang = False
        html = self.send().get_body(("html",)).get_content()
        self.assertIn('<html lang="es-ES">', html)
        self.acme.lang = "en_US"
        html = self.send().get_body(("html",)).get_content()
        self.assertIn('<html lang="en-US">', html)

    def test_line_below_the_subject(self):
        html = self.send(preheader="Sólo <hoy>").get_body(("html",)).get_content()
        before, _name, _rest = html.partition("Pintura")
        self.assertIn("Sólo &lt;hoy&gt;", before)
        self.assertIn("display:none", before)

    def test_letter_keeps_its_head_and_loses_what_is_active(self):
        template = self.env["xpyme.offer.template"].create(
            {"name": "Carta", "body_html": PAGE}
        )
        html = self.send(template_id=template.id).get_body(("html",)).get_content()
        head = html.partition("</head>")[0]
        self.assertIn("@media (max-width: 480px)", head)
        self.assertIn("<!--[if mso]><style>td {font-family: Arial}</style>", head)
        self.assertIn('<!--[if mso]><table width="600"><tr><td><![endif]-->', html)
        self.assertIn("background-color: #eeeeee", html)
        self.assertIn('class="w"', html)
        self.assertIn("Hola ACME &amp; &lt;Hijos&gt;", html)
        for bad in ("@import", "http://x.example.com", "script", "secret", "alert"):
            self.assertNotIn(bad, html)
        text = message_from_bytes(self.content, policy=policy.default)
        self.assertNotIn("max-width", text.get_body(("plain",)).get_content())

    def test_letter_loaded_from_a_file_keeps_its_style(self):
        template = self.env["xpyme.offer.template"].new({"name": "Carta"})
        template.body_file = base64.b64encode(PAGE.encode())
        self.assertFalse(template._onchange_body_file())
        self.assertIn("@media", template.head_html)
        self.assertNotIn("<style>@media", str(template.body_html))

    def test_article_shows_its_own_picture_to_whoever_has_the_mail(self):
        base = "https://tienda.ferreteria.example.com"
        self.set_base(base)
        self.paint.image_1920 = PIXEL
        html = self.send().get_body(("html",)).get_content()
        picture = html.partition(f'<img src="{base}/web/image/')[2].partition('"')[0]
        number, _mark, token = picture.partition("?access_token=")
        attachment = self.env["ir.attachment"].browse(int(number))
        self.assertEqual(attachment.access_token, token)
        self.assertEqual(attachment.res_model, "product.template")
        self.set_base("http://localhost")
        offer = self.prepare(self.acme, products=[self.paint]).offer_ids
        self.assertNotIn("/web/image/", offer.body_html)
