import base64
import os
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, Form, tagged
from odoo.tools import mute_logger

from ..tools.offer_articles import Row, render_articles
from ..tools.offer_template import compile_template, fill_subject, fill_template
from .offer_common import OfferCase

EXAMPLES = 10_000 if os.environ.get("XPYME_LONG") else 500
BITS = (
    "$1", "$2", "$10", "$$1", "<p>", "</p>", "<b", ">", "<script>", "</script>",
    "alert(1)", "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>",
    "<svg onload=x>", "<!--", "-->", "]]>", "{{ 7*7 }}", "${7*7}", "<t t-out='1'/>",
    "&lt;", "&#0;", "\x00", "\ue001", "<style>", "<table><tr><td>", "</table>",
    "<a href='$1'>", "<p title='$1'>", "\"", "'", "ñ", "😀", "%s", "%(x)s",
    "<textarea>", "<title>", "<iframe src=//x>", "<form action=x>", "<base href=x>",
)  # fmt: skip
HTML = st.lists(st.sampled_from(BITS) | st.text(max_size=8), max_size=12).map("".join)
ACTIVE = {"script", "iframe", "object", "embed", "form", "base", "meta", "style"}
ARTICLES = '<table id="articles"><tr><td>9,00</td></tr></table>'


class Reader(HTMLParser):
    """What a mail program would see: tags, attributes and text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.words = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


class TestOfferTemplateFuzz(BaseCase):
    @given(HTML, st.text(max_size=20) | st.sampled_from(BITS))
    @settings(max_examples=EXAMPLES, deadline=None)
    def test_nothing_runs_and_nothing_breaks(self, body, name):
        with mute_logger("odoo.tools.mail"):
            pieces = compile_template(body)
        plain = Reader(fill_template(pieces, "", ""))
        seen = Reader(fill_template(pieces, name, ARTICLES))
        names, articles = pieces.count(1), pieces.count(2)
        self.assertGreaterEqual(articles, 1)
        self.assertFalse(ACTIVE & set(seen.tags))
        for key, value in seen.attributes:
            self.assertFalse(key.startswith("on"), key)
            address = "".join((value or "").split()).lower()
            if key in ("href", "src", "action", "background"):
                self.assertFalse(address.startswith(("javascript:", "vbscript:")))
        # The name brings no tag of its own, and stands where it was asked for.
        own = ["table", "tr", "td"] * articles
        self.assertCountEqual(seen.tags, plain.tags + own)
        self.assertLessEqual(names, body.count("$1"))

    @given(st.text(max_size=40), st.text(max_size=40))
    @settings(max_examples=EXAMPLES, deadline=None)
    def test_subject_is_always_one_line(self, subject, name):
        text = fill_subject(subject, name)
        self.assertEqual(len(text.splitlines() or [""]), 1)
        self.assertFalse(set(text) & set("\r\n\0"))

    @given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
    @settings(max_examples=EXAMPLES // 5, deadline=None)
    def test_article_texts_are_only_text(self, name, code, price):
        rows = [
            Row("product", name, code, "", (("", price),)),
            Row("title", name),
            Row("comment", code),
            Row("separator"),
        ]
        seen = Reader(render_articles(rows))
        expected = Reader(
            render_articles([row._replace(text="x", code="x") for row in rows])
        )
        if code and name:
            self.assertEqual(
                [tag for tag in seen.tags if tag != "br"],
                [tag for tag in expected.tags if tag != "br"],
            )


@tagged("post_install", "-at_install")
class TestOfferTemplate(OfferCase):
    def make_template(self, body, **vals):
        return self.env["xpyme.offer.template"].create(
            {"name": "Carta", "body_html": body, **vals}
        )

    def prepare_with(self, body, **vals):
        template = self.make_template(body)
        campaign = self.prepare(
            self.acme, products=[self.paint], template_id=template.id, **vals
        )
        return campaign.offer_ids

    def test_name_is_text_and_articles_stand_at_their_mark(self):
        body = self.prepare_with("<p>Hola $1: $10</p><p>$2</p><p>Adiós</p>").body_html
        self.assertIn("Hola ACME &amp; &lt;Hijos&gt;: $10", body)
        self.assertLess(body.index("Hola"), body.index("Pintura"))
        self.assertLess(body.index("Pintura"), body.index("Adiós"))
        self.assertEqual(body.count(">Pintura<"), 1)

    def test_without_the_mark_the_template_is_the_header(self):
        body = self.prepare_with("<p>Hola $1</p>").body_html
        self.assertLess(body.index("Hola"), body.index("Pintura"))

    def test_no_code_of_a_template_runs(self):
        self.acme.name = "{{ object.env }} <t t-out='1'/> $2"
        offer = self.prepare_with(
            "<p>{{ 7919*7907 }} ${7919*7907} <t t-out='7919*7907'>x</t> $1</p>"
            "<script>a()</script>"
        )
        self.assertIn("{{ 7919*7907 }} ${7919*7907}", offer.body_html)
        self.assertIn("{{ object.env }} &lt;t t-out=", offer.body_html)
        self.assertNotIn(str(7919 * 7907), offer.body_html)
        self.assertNotIn("<script", offer.body_html)
        self.assertEqual(
            offer.subject, "Ofertas para {{ object.env }} <t t-out='1'/> $2"
        )

    def test_template_loaded_from_a_file(self):
        for coding in ("utf-8", "utf-8-sig", "cp1252"):
            form = Form(self.env["xpyme.offer.template"])
            form.name = "Archivo"
            form.body_file = base64.b64encode("<p>¡Año! $2</p>".encode(coding))
            template = form.save()
            self.assertIn("¡Año! $2", template.body_html)
            self.assertTrue(template.has_articles_mark)
        with self.assertRaises(ValidationError):
            form.body_file = base64.b64encode(b"PK\0\0")

    def test_pictures_are_https_and_a_template_is_not_empty(self):
        self.make_template('<img src="https://www.acme.cl/a.png">')
        for body in (
            "",
            "<p><br></p>",
            '<p>x</p><img src="http://www.acme.cl/a.png">',
            '<img src="/web/image/1">',
            '<p style="background: url(http://x.cl/a)">x</p>',
        ):
            with self.assertRaises(ValidationError, msg=body), self.env.cr.savepoint():
                self.make_template(body)

    def test_picture_of_an_article_is_https_on_a_named_host(self):
        good = {"product_id": self.paint.id, "image_url": " https://acme.cl/p.png "}
        campaign = self.prepare(self.acme, products=[good])
        self.assertIn('src="https://acme.cl/p.png"', campaign.offer_ids.body_html)
        for url in (
            "http://acme.cl/p.png",
            "/p.png",
            "javascript:x",
            "https://10.1.1.1/p",
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.make_campaign(products=[{**good, "image_url": url}])

    def test_old_letter_keeps_its_colours_however_it_comes(self):
        letter = (
            '<body bgcolor="#ffffcc"><table><tr><td bgcolor="red">'
            '<font face="Arial" color="navy">Hola $1</font></td></tr></table></body>'
        )
        templates = self.env["xpyme.offer.template"]
        template = templates.create({"name": "Vieja", "body_html": letter})
        other = templates.create({"name": "Otra", "body_html": "<p>x</p>"})
        other.body_html = letter
        for body in (template.body_html, other.body_html):
            for style in ("#ffffcc", "background-color: red", "Arial", "color: navy"):
                self.assertIn(style, body)

    def test_style_sheet_of_a_file_is_kept_apart(self):
        plain, style = b"<p>Hola $1</p>", b"<style>p {color: red}</style>"
        for text, head in ((style + plain, style.decode()), (plain, False)):
            template = self.env["xpyme.offer.template"].new(
                {"name": "Carta", "body_file": base64.b64encode(text)}
            )
            template._onchange_body_file()
            self.assertEqual(template.head_html, head)
            self.assertIn("Hola $1", template.body_html)
