import base64
import csv
import io
import logging
import tracemalloc
from io import BytesIO
from unittest.mock import patch

import openpyxl
import xlrd
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.address_files import (
    MAX_ROWS,
    MIME_TYPES,
    clean_cell,
    defuse_cell,
    safe_file_name,
    write_file,
)
from ..wizard.customer import email_export
from .common import CustomerCase

FORMATS = ("txt", "xml", "xlsx", "xls")
FILLED = st.text(max_size=20).map("a".__add__)


def read_file(file_format, data):
    """Rows of a file, its heading included where it has one."""
    if file_format == "txt":
        text = data.decode("utf-8-sig")
        assert data.startswith(b"\xef\xbb\xbf")
        lines = io.StringIO(text, newline="")
        return [tuple(row) or ("",) for row in csv.reader(lines, "excel-tab")]
    if file_format == "xml":
        root = etree.fromstring(data)
        return [tuple(cell.text or "" for cell in row) for row in root]
    if file_format == "xlsx":
        book = openpyxl.load_workbook(BytesIO(data))
        rows = []
        for sheet in book.worksheets:
            for cells in sheet.iter_rows():
                assert all(cell.data_type in ("s", "inlineStr", "n") for cell in cells)
                rows.append(tuple(str(cell.value or "") for cell in cells))
        return rows
    book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO())
    return [
        tuple(sheet.cell_value(line, column) for column in range(sheet.ncols))
        for sheet in book.sheets()
        for line in range(sheet.nrows)
    ]


def has_heading(file_format, source="contact"):
    return file_format.startswith("xls") or (file_format, source) == ("txt", "contact")


class EmailExportCase(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_user(
            "exporter",
            "sales_team.group_sale_salesman,base.group_partner_manager,"
            "base.group_allow_export",
        )
        cls.acme = cls.make_customer(
            "ACME & <Hijos>",
            ref="7",
            email="Ana <ANA@acme.example.com>; ventas@acme.example.com",
        )
        cls.beta = cls.make_customer("=1+1", ref="8", email="ventas@acme.example.com")
        cls.empty = cls.make_customer("Sin correo", email=False)
        cls.wrong = cls.make_customer("Mala", email="no tiene")
        cls.all = cls.acme | cls.beta | cls.empty | cls.wrong

    def make_export(self, partners=None, user=None, **vals):
        wizards = self.env["xpyme.email.export"].with_user(user or self.salesperson)
        if partners is not None:
            wizards = wizards.with_context(
                active_model="res.partner", active_ids=partners.ids
            )
        return wizards.create(vals)

    def export(self, partners=None, **vals):
        export = self.make_export(partners, **vals)
        export.action_export()
        return export

    def get_rows(self, export):
        rows = read_file(export.file_format, base64.b64decode(export.file_data))
        return rows[1:] if has_heading(export.file_format, export.source) else rows


@tagged("post_install", "-at_install")
class TestEmailExport(EmailExportCase):
    def test_text_has_each_valid_address_once_and_counts_the_rest(self):
        export = self.export(self.all)
        self.assertEqual(
            self.get_rows(export),
            [("ana@acme.example.com",), ("ventas@acme.example.com",)],
        )
        self.assertEqual(
            (
                export.exported_count,
                export.no_address_count,
                export.invalid_count,
                export.duplicate_count,
                export.no_mailing_count,
            ),
            (2, 1, 1, 1, 0),
        )

    def test_every_format_reads_back_the_same_rows(self):
        for file_format in FORMATS[1:]:
            export = self.export(self.all, file_format=file_format)
            name = "ACME & <Hijos>"
            self.assertEqual(
                self.get_rows(export),
                [
                    ("ana@acme.example.com", self.acme.ref, name),
                    ("ventas@acme.example.com", self.acme.ref, name),
                ],
                file_format,
            )

    def test_no_cell_is_a_formula(self):
        """A workbook says that a cell is text; what opens a plain file guesses."""
        self.acme.email = False
        for file_format in ("xlsx", "xls"):
            export = self.export(self.beta, file_format=file_format)
            self.assertEqual(self.get_rows(export)[0][2], "=1+1")
        self.make_contact(self.beta, "+Luis", email="luis@example.com")
        export = self.export(self.beta, source="contact")
        self.assertIn("'=1+1", str(self.get_rows(export)))
        self.assertIn("'+Luis", str(self.get_rows(export)))

    def test_columns_of_a_text_file_have_a_heading(self):
        export = self.export(self.acme, source="contact")
        data = base64.b64decode(export.file_data)
        self.assertEqual(
            read_file("txt", data)[0],
            ("E-mail", "Customer's code", "Customer", "Contact"),
        )
        # A bare list of addresses has none: it is pasted elsewhere.
        data = base64.b64decode(self.export(self.acme).file_data)
        self.assertEqual(read_file("txt", data)[0], ("ana@acme.example.com",))

    def test_address_that_no_offer_goes_to_is_in_no_file(self):
        self.empty.email = "ÁCENTO25@acme.example.com"
        with self.assertRaisesRegex(UserError, "1 not valid"):
            self.export(self.empty)
        self.empty.email = "ventas@peñalolen.example.com"
        self.assertEqual(self.export(self.empty).exported_count, 1)

    def test_workbook_is_read_without_widening_a_column(self):
        export = self.export(self.acme, source="contact", file_format="xlsx")
        book = openpyxl.load_workbook(BytesIO(base64.b64decode(export.file_data)))
        # Columns of one width are written as one.
        wide = book.active.column_dimensions["A"]
        self.assertEqual((wide.min, wide.max), (1, 4))
        self.assertGreater(wide.width, 30)

    def test_contacts_have_a_row_each_with_their_customer(self):
        self.make_contact(self.acme, "Luis", email="luis@example.com")
        export = self.export(self.acme, source="contact", file_format="xlsx")
        rows = self.get_rows(export)
        self.assertIn(("luis@example.com", self.acme.ref, self.acme.name, "Luis"), rows)
        self.assertEqual(len(rows), 3)
        text = self.export(self.acme, source="contact")
        self.assertEqual(len(self.get_rows(text)[0]), 4)

    def test_selected_contacts_are_exported_alone(self):
        luis = self.make_contact(self.acme, "Luis", email="luis@example.com")
        self.make_contact(self.acme, "Eva", email="eva@example.com")
        export = self.export(luis, source="contact", file_format="xml")
        self.assertEqual([row[0] for row in self.get_rows(export)], [luis.email])

    def test_nothing_selected_means_all_customers(self):
        export = self.export()
        addresses = [row[0] for row in self.get_rows(export)]
        self.assertIn("ana@acme.example.com", addresses)
        self.assertNotIn(self.salesperson.email, addresses)
        self.assertEqual(len(set(addresses)), len(addresses))

    def test_address_is_left_out_whoever_refused(self):
        contact = self.make_contact(self.acme, "Luis", email="Ventas@acme.example.com")
        contact.no_mailing = True
        self.env["mail.blacklist"].create({"email": "ana@acme.example.com"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.export(self.acme | self.beta)
        export = self.export(self.all, skip_no_mailing=False)
        self.assertEqual(export.exported_count, 2)
        self.empty.email = "nuevo@example.com"
        export = self.export(self.all)
        self.assertEqual(self.get_rows(export), [("nuevo@example.com",)])
        self.assertEqual(export.no_mailing_count, 3)

    def test_document_mailbox_comes_with_its_own_tick_only(self):
        self.acme.document_email = "doc@example.com"
        for source in ("customer", "contact"):
            export = self.export(self.acme, source=source)
            self.assertNotIn("doc@example.com", str(self.get_rows(export)))
        export = self.export(self.acme, include_document_email=True)
        self.assertIn(("doc@example.com",), self.get_rows(export))
        self.acme.document_no_mailing = True
        export = self.export(self.acme, include_document_email=True)
        self.assertNotIn(("doc@example.com",), self.get_rows(export))

    def test_who_is_no_customer_any_more_is_left_out_and_counted(self):
        today = fields.Date.context_today(self.env["res.partner"])
        gone = self.make_customer("Ido", email="ido@example.com")
        gone.deregistration_date = today
        baja = self.make_customer("Baja", email="baja@example.com", is_blocked=True)
        leaving = self.make_customer("Se va", email="seva@example.com")
        leaving.deregistration_date = "2999-01-01"
        chosen = gone | baja | leaving
        for source in ("customer", "contact"):
            export = self.export(chosen, source=source)
            self.assertEqual(export.exported_count, 1, source)
            self.assertEqual(self.get_rows(export)[0][0], "seva@example.com")
            self.assertEqual(export.gone_count, 2, source)
        every = self.export(chosen, skip_no_mailing=False)
        self.assertEqual((every.exported_count, every.gone_count), (3, 0))

    def test_who_wants_no_more_offers_is_left_out(self):
        consents = self.env["xpyme.offer.consent"]
        consents.create({"email": "ana@acme.example.com", "kind": "withdrawn"})
        export = self.export(self.acme)
        self.assertEqual(self.get_rows(export), [("ventas@acme.example.com",)])
        self.assertEqual(export.no_mailing_count, 1)
        consents.create(
            {"email": "ana@acme.example.com", "kind": "granted", "text": "Llamó"}
        )
        self.assertEqual(self.export(self.acme).exported_count, 2)

    def test_who_took_which_file_is_in_the_log_as_odoos_own_exports_are(self):
        with self.assertLogs(email_export.__name__, logging.INFO) as log:
            self.export(self.acme, source="contact", file_format="xlsx")
            self.export(self.all, skip_no_mailing=False)
        user = self.salesperson.id
        self.assertIn(
            f"User {user} took a file (xlsx) of 2 addresses of contacts, without those"
            " who refuse advertising",
            log.output[0],
        )
        self.assertIn("also of those who refuse advertising", log.output[1])

    def test_the_window_is_told_that_there_is_a_result(self):
        """Odoo reloads it after an address that is opened, not after a download."""
        action = self.make_export(self.acme).action_export()
        self.assertEqual(action["target"], "new")

    def test_nothing_to_write_says_why(self):
        export = self.make_export(self.empty | self.wrong)
        with self.assertRaises(UserError) as refusal:
            export.action_export()
        self.assertIn("1 without an address", str(refusal.exception))

    def test_customers_of_other_companies_are_left_out(self):
        other = self.env["res.company"].create({"name": "Otra"})
        foreign = self.make_customer("F", email="f@example.com", company_id=other.id)
        export = self.export(self.acme | foreign)
        self.assertEqual(export.exported_count, 2)

    def test_technicians_and_users_without_the_right_are_refused(self):
        groups = ["base.group_allow_export", "base.group_partner_manager"]
        technician = self.make_technician(groups)
        bare = self.make_user("bare", "base.group_user")
        if bare.has_group("base.group_allow_export"):
            bare.group_ids -= self.env.ref("base.group_allow_export")
        for user in (technician, bare):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.make_export(self.acme, user)
        export = self.make_export(self.acme)
        for user in (technician, bare):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                export.with_user(user).sudo(False).action_export()

    def test_another_users_export_is_not_readable(self):
        export = self.export(self.acme)
        other = self.make_user("other", "base.group_user,base.group_allow_export")
        with self.assertRaises(AccessError):
            export.with_user(other).read(["file_data"])

    def test_large_file_is_made_in_batches_and_is_no_field(self):
        customers = self.Partner.create(
            [
                {"name": f"C{i}", "customer_rank": 1, "email": f"c{i}@big.example.com"}
                for i in range(60)
            ]
        )
        export = self.make_export(customers)
        self.env.flush_all()
        with patch.multiple(email_export, _BATCH=25, _MAX_ROWS_IN_FIELD=50):
            before = self.cr.sql_log_count
            export.action_export()
            self.assertLess(self.cr.sql_log_count - before, 30)
        self.assertFalse(export.file_data)
        self.assertEqual(export.exported_count, 60)
        rows = read_file("txt", export._get_file().raw)
        self.assertEqual(len(rows), export.exported_count)


@tagged("post_install", "-at_install")
class TestEmailExportDownload(EmailExportCase, HttpCase):
    def test_file_is_sent_to_its_owner_under_a_safe_name(self):
        for file_format in FORMATS:
            export = self.export(
                self.all, file_format=file_format, file_name="../../Año x"
            )
            self.authenticate("exporter", "exporter")
            answer = self.url_open(f"/xpyme_contacts/email_export/{export.id}")
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.content, base64.b64decode(export.file_data))
            kind, _semicolon, charset = answer.headers["Content-Type"].partition("; ")
            self.assertEqual(kind, MIME_TYPES[file_format])
            self.assertIn(charset, ("", "charset=utf-8"))
            self.assertFalse(export._get_file().index_content)
            name = answer.headers["Content-Disposition"]
            self.assertIn(f"A%C3%B1o%20x.{file_format}", name)
            self.assertNotIn("..", name)

    @mute_logger("odoo.http")
    def test_nobody_elses_file_is_sent(self):
        export = self.export(self.all)
        self.make_user("other", "base.group_user,base.group_allow_export")
        self.authenticate("other", "other")
        answer = self.url_open(f"/xpyme_contacts/email_export/{export.id}")
        self.assertEqual(answer.status_code, 404)
        self.authenticate("exporter", "exporter")
        missing = self.url_open("/xpyme_contacts/email_export/999999999")
        self.assertEqual(missing.status_code, 404)

    @mute_logger("odoo.http")
    def test_right_taken_away_before_the_download_counts(self):
        export = self.export(self.all)
        self.salesperson.group_ids += self.env.ref(
            "xpyme_contacts.group_service_technician"
        )
        self.authenticate("exporter", "exporter")
        answer = self.url_open(f"/xpyme_contacts/email_export/{export.id}")
        self.assertNotEqual(answer.status_code, 200)
        self.assertNotIn(b"acme.example.com", answer.content)


@tagged("post_install", "-at_install")
class TestAddressFiles(CustomerCase):
    COLUMNS = [("email", "E-mail"), ("customer", "Customer")]

    @given(st.lists(st.tuples(FILLED, st.text(max_size=20)), max_size=5))
    @settings(max_examples=100, deadline=None)
    def test_any_text_is_read_back_from_every_format(self, rows):
        for file_format in FORMATS:
            output = BytesIO()
            write_file(file_format, output, self.COLUMNS, rows)
            found = read_file(file_format, output.getvalue())
            if has_heading(file_format):
                found = found[1:]
            clean = defuse_cell if file_format == "txt" else clean_cell
            expected = [tuple(map(clean, row)) for row in rows]
            self.assertEqual(found, expected, file_format)

    def test_quotation_marks_break_no_row_and_hide_no_formula(self):
        names = ['"=HYPERLINK("http://x","y")', '"Bar Pepe', "Last"]
        output = BytesIO()
        write_file("txt", output, self.COLUMNS, [("a@b.es", name) for name in names])
        found = [row[1] for row in read_file("txt", output.getvalue())[1:]]
        self.assertEqual(found, ["'" + names[0], *names[1:]])

    def test_old_format_goes_on_in_another_sheet(self):
        output = BytesIO()
        rows = ((f"a{i}@example.com",) for i in range(MAX_ROWS["xls"] + 2))
        write_file("xls", output, self.COLUMNS[:1], rows)
        book = xlrd.open_workbook(file_contents=output.getvalue())
        self.assertEqual([sheet.nrows for sheet in book.sheets()], [65_001, 3])
        self.assertEqual(book.sheets()[1].cell_value(1, 0), "a65000@example.com")

    def test_memory_stays_flat(self):
        for file_format in ("txt", "xml", "xlsx"):
            with open("/dev/null", "wb") as output:
                sink = BytesIO() if file_format == "xlsx" else output
                tracemalloc.start()
                rows = ((f"a{i}@example.com", "ACME") for i in range(20_000))
                write_file(file_format, sink, self.COLUMNS, rows)
                peak = tracemalloc.get_traced_memory()[1]
                tracemalloc.stop()
            self.assertLess(peak, 8_000_000, file_format)

    @given(st.text(max_size=150))
    @settings(max_examples=2000, deadline=None)
    def test_any_name_gives_a_safe_file_name(self, text):
        name = safe_file_name(text, "txt", "e-mails")
        self.assertTrue(name.endswith(".txt"))
        self.assertFalse(set(name) & set('/\\<>:"|?*\n\0'))
        self.assertFalse(name.startswith("."))
        self.assertEqual(safe_file_name(name, "txt", "e-mails"), name)
