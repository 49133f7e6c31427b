import io
import json
from unittest.mock import patch
from urllib.parse import urlencode

from reportlab.pdfgen import canvas

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from odoo.addons.base.models import ir_actions_report
from odoo.addons.xpyme_contacts.tools.inner import inner

from ..models.documents import printed_copies
from .common import BillingCase

ON_PAPER = inner("xpyme_on_paper")
REPORT = "account.report_invoice_with_payments"


def make_pdf(words):
    """A file with a page for each word."""
    file = io.BytesIO()
    sheet = canvas.Canvas(file)
    for word in words:
        sheet.drawString(100, 700, word)
        sheet.showPage()
    sheet.save()
    return file.getvalue()


@tagged("post_install", "-at_install")
class TestCopies(HttpCase, BillingCase):
    """On paper an original and the copies of it; everywhere else the original."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_customer("Otra", vat=cls.OTHER_RUT)
        cls.one = cls.make_invoice()
        cls.two = cls.make_invoice(partner_id=cls.other.id)
        (cls.one | cls.two).action_post()
        cls.customer.invoice_copies = 2
        cls.calls = []

    def setUp(self):
        super().setUp()
        self.calls.clear()
        calls = self.calls

        def run(report, bodies, **_options):
            calls.append(len(bodies))
            return make_pdf([f"call {len(calls)} {n}" for n in range(len(bodies))])

        name = "_run_wkhtmltopdf"
        self.startPatcher(patch.object(ir_actions_report.IrActionsReport, name, run))

    def print_on_paper(self, moves, context=ON_PAPER):
        report = self.env["ir.actions.report"].with_context(
            force_report_rendering=True, **context
        )
        content = report._render_qweb_pdf(REPORT, moves.ids)[0]
        return self.get_pages(content)

    def get_pages(self, content):
        """What stands on each page, and whether it says that it is a copy."""
        pages = []
        for page in PdfFileReader(io.BytesIO(content)).pages:
            text = page.extract_text()
            pages.append("copy" if "COPY" in text else "original")
        return pages

    def test_an_original_and_its_copies_from_one_rendering(self):
        printed = self.print_on_paper(self.one)
        self.assertEqual(printed, ["original", "copy", "copy"])
        self.assertEqual(self.calls, [1])

    def set_build(self, is_patched):
        info = ir_actions_report._wkhtml()._replace(is_patched_qt=is_patched)
        for module in (printed_copies, ir_actions_report):
            self.startPatcher(patch.object(module, "_wkhtml", lambda: info))

    def test_several_customers_in_their_order(self):
        printed = self.print_on_paper(self.one | self.two | self.one.copy())
        self.assertEqual(printed, ["original", "copy", "copy", "original", "original"])

    def test_one_call_for_each_where_the_program_takes_no_more(self):
        self.set_build(is_patched=False)
        printed = self.print_on_paper(self.two | self.one)
        self.assertEqual(printed, ["original", "original", "copy", "copy"])
        self.assertEqual(self.calls, [1, 1])

    def test_several_at_once_where_one_call_takes_them(self):
        self.set_build(is_patched=True)
        printed = self.print_on_paper(self.two | self.one)
        self.assertEqual(printed, ["original", "original", "copy", "copy"])
        self.assertEqual(self.calls, [2])

    def test_what_is_mailed_or_stored_is_the_original(self):
        self.assertEqual(self.print_on_paper(self.one, {}), ["original"])
        typed = {"xpyme_on_paper": True}
        self.assertEqual(self.print_on_paper(self.one, typed), ["original"])

    def test_what_is_sent_and_what_the_portal_gives_is_the_original(self):
        """Whatever the context of whoever sends it."""
        self.customer.email = "cliente@example.com"
        send = self.env["account.move.send"].with_context(
            force_report_rendering=True, **ON_PAPER
        )
        send._generate_and_send_invoices(self.one, sending_methods=["email"])
        mailed = self.one.message_ids.attachment_ids
        for file in (self.one.invoice_pdf_report_id, mailed):
            self.assertEqual(self.get_pages(file.raw), ["original"])
        login = self.make_user("cliente", "base.group_portal")
        login.password = "cliente" * 2
        login.partner_id.parent_id = self.customer
        link = self.one.get_portal_url(report_type="pdf", download=True)
        self.assertEqual(self.get_pages(self.url_open(link).content), ["original"])
        self.authenticate("cliente", "cliente" * 2)
        page = f"/my/invoices/{self.one.id}?report_type=pdf&download=true"
        self.assertEqual(self.get_pages(self.url_open(page).content), ["original"])

    def test_copies_are_for_invoices_that_are_posted(self):
        self.one.button_draft()
        self.assertEqual(self.print_on_paper(self.one), ["original"])
        bill = self.make_invoice(move_type="in_invoice")
        self.assertEqual(bill._get_paper_copies(), 0)

    def test_the_print_route_prints_them_and_the_download_of_the_web_client(self):
        user = self.make_user("contable", "account.group_account_manager")
        user.write({"password": "contable" * 2})
        self.authenticate("contable", "contable" * 2)
        forced = {"force_report_rendering": True}
        url = f"/report/pdf/{REPORT}/{self.one.id}"
        answer = self.url_open(f"{url}?context={json.dumps(forced)}")
        self.assertEqual(self.get_pages(answer.content), ["original", "copy", "copy"])
        query = urlencode(
            {"data": json.dumps([url, "qweb-pdf"]), "context": json.dumps(forced)}
        )
        answer = self.url_open(f"/report/download?{query}")
        self.assertEqual(self.get_pages(answer.content), ["original", "copy", "copy"])

    def test_a_number_that_no_printer_should_print_is_refused(self):
        for number in (-1, 100):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.customer.invoice_copies = number
