import io
import zipfile
from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError

from .common import HEADINGS, MoveinCase
from .files import (
    FACTUSOL,
    as_csv,
    as_dbf,
    as_ods,
    as_xls,
    as_xlsx,
    as_zip,
    make_factusol_row,
)

ROW = ("15", "Peña Muñoz S.L.", "B58378431", "C/ Núñez 3", "28921", "Alcorcón")
_LONG = b"".join(b"%d;Bar %d\n" % (n, n * 7919) for n in range(5000))
_ENTITY = b"""<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<x><c><codigo>1</codigo><nombre>&e;</nombre></c></x>"""


class TestMoveinReading(MoveinCase):
    """A file is read whatever program wrote it, and nothing of it is believed."""

    def assertRead(self, job):
        job.action_judge()
        (row,) = job.row_ids
        self.assertEqual(row.verdict, "create", row.reason)
        self.assertEqual(row.name, "Peña Muñoz S.L.")
        self.assertEqual(row.vals["city"], "Alcorcón")
        self.assertEqual(row.code, "15")

    def assertRefused(self, text, data, file_name="x.csv"):
        with self.assertRaisesRegex(UserError, text):
            self.make_file(data, file_name)

    # === LAYOUTS ===#

    def test_factusol_sheet_is_known_without_a_column_by_hand(self):
        rows = [make_factusol_row(str(code)) for code in range(1, 501)]
        job = self.make_file(as_xls([FACTUSOL, *rows]), "CLI.xls", source="other")
        self.assertEqual(job.source, "factusol")
        self.assertEqual(
            job.layout_id, self.env.ref("xpyme_contacts_movein.layout_factusol")
        )
        job.action_judge()
        self.assertEqual(job.pending_count, 500)

    def test_file_that_nobody_has_named_is_called_as_it_is(self):
        unnamed = self.env["xpyme.movein"].default_get(["name"])["name"]
        data = as_csv([HEADINGS, ROW])
        for name, called in ((unnamed, "F_CLI.csv"), ("Mayo", "Mayo")):
            job = self.make_file(data, "F_CLI.csv", name=name)
            self.assertEqual(job.name, called)

    def test_each_layout_is_recognised_by_its_own_headings(self):
        for layout in self.env["xpyme.movein.layout"].search([]):
            headings = list(layout.columns)
            job = self.make_file(as_csv([headings, ["1"] * len(headings)]))
            self.assertEqual(job.layout_id, layout)

    def test_program_that_somebody_has_typed_stays(self):
        data = as_csv([FACTUSOL, make_factusol_row("701")])
        job = self.make_file(data, source="factusol_b", codes="new")
        self.assertEqual((job.source, job.codes), ("factusol_b", "new"))
        self.assertTrue(job.layout_id)

    def test_heading_that_denies_is_left_to_a_person(self):
        headings = ("Código", "Nombre", "No acepta publicidad", "No bloqueado")
        headings += ("Sin consentimiento", "No autoriza publicidad")
        job = self.make_table(("1", "Peña", "S", "S", "S", "S"), headings=headings)
        self.assertEqual(
            [*self.get_targets(job).values()], ["code", "name", *[False] * 4]
        )

    def test_words_of_the_card_are_known_in_spanish(self):
        job = self.make_table(ROW)
        self.assertEqual(
            [*self.get_targets(job).values()],
            ["code", "name", "vat", "street", "zip", "city"],
        )

    def test_columns_named_once_are_known_again(self):
        headings = ("Ident", "Quien", "Dnde")
        job = self.make_table(("15", "Peña", "Alcorcón"), headings=headings)
        self.assertEqual({*self.get_targets(job).values()}, {False})
        for column, target in zip(
            job.column_ids, ("code", "name", "city"), strict=True
        ):
            column.target = target
        job.action_save_layout()
        again = self.make_table(("15", "Peña", "Alcorcón"), headings=headings)
        self.assertEqual([*self.get_targets(again).values()], ["code", "name", "city"])

    # === FORMATS ===#

    def test_text_is_read_in_any_encoding(self):
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "cp850", "utf-16"):
            with self.subTest(encoding):
                self.assertRead(self.make_file(as_csv([HEADINGS, ROW], encoding)))

    def test_sheets_and_tables_are_read(self):
        names = ["CODIGO", "NOMBRE", "CIF", "DIRECCION", "CP", "POBLACION"]
        files = {
            "a.xlsx": as_xlsx([HEADINGS, ROW]),
            "a.xls": as_xls([HEADINGS, ROW]),
            "a.ods": as_ods([HEADINGS, ROW]),
            "a.dbf": as_dbf(names, [ROW]),
            "a.zip": as_zip({"copia/CLIENTES.CSV": as_csv([HEADINGS, ROW])}),
            "a.xml": (
                "<r><c><codigo>15</codigo><nombre>Peña Muñoz S.L.</nombre>"
                "<poblacion>Alcorcón</poblacion></c></r>"
            ).encode(),
        }
        for name, data in files.items():
            with self.subTest(name):
                self.assertRead(self.make_file(data, name))

    def test_backup_of_contaplus_is_an_archive_in_an_archive(self):
        table = as_dbf(["COD", "TITULO", "NIF"], [["43000001", "Peña", "B58378431"]])
        inner = as_zip({"SubCta.DBF": table})
        data = as_zip({"Emp01/SubCta.DAT": inner})
        job = self.make_file(data, "copia.zip", source="other")
        self.assertEqual(job.source, "contaplus")
        job.action_judge()
        self.assertEqual(job.row_ids.vals["name"], "Peña")

    def test_of_several_companies_in_a_backup_one_is_asked_for(self):
        table = as_dbf(["COD", "TITULO", "NIF"], [["1", "Peña", "B58378431"]])
        data = as_zip({"Emp01/SubCta.dbf": table, "Emp02/SubCta.dbf": table})
        job = self.make_file(data, "copia.zip")
        self.assertFalse(job.part)
        with self.assertRaisesRegex(UserError, "Choose a file first|several tables"):
            job.action_judge()
        job.part = "Emp02/SubCta.dbf"
        job.action_judge()
        self.assertEqual(len(job.row_ids), 1)

    def test_dates_are_read_as_texts_and_as_numbers_of_a_sheet(self):
        headings = ["Código", "Nombre", "Fecha alta"]
        rows = [
            ["1", "Uno", "31/07/2020"],
            ["2", "Dos", 44043],
            ["3", "Tres", date(2020, 7, 31)],
            ["4", "Cuatro", "20200731"],
        ]
        job = self.make_file(as_xlsx([headings, *rows]), "a.xlsx")
        job.action_judge()
        dates = {row.vals["registration_date"] for row in job.row_ids}
        self.assertEqual(dates, {"2020-07-31"})

    def test_numbers_of_a_sheet_and_of_xml_have_no_thousands(self):
        headings = ("Código", "Nombre", "Riesgo")
        sheet = self.make_file(as_xlsx([headings, ["1", "Uno", 12.375]]), "a.xlsx")
        xml = (
            "<r><c><codigo>1</codigo><nombre>Uno</nombre>"
            "<riesgo>12.375</riesgo></c></r>"
        )
        jobs = sheet | self.make_file(xml.encode(), "a.xml")
        for job in jobs:
            job.action_judge()
            self.assertEqual(job.row_ids.vals["credit_limit"], 12.375)
            again = self.judge(job.row_ids.raw, headings=headings)
            self.assertEqual(again.row_ids.vals["credit_limit"], 12.375)

    def test_number_that_nothing_stores_costs_its_row_alone(self):
        job = self.judge(
            ("1", "Uno", "9" * 400, ""),
            ("2", "Dos", "", "99999999999"),
            ("3", "Tres", "5", "40"),
            headings=("Código", "Nombre", "Riesgo", "Edad"),
        )
        self.assertEqual(self.get_verdicts(job), ["reject", "reject", "create"])
        self.assertIn("cannot be read", job.row_ids[0].reason)

    def test_headings_stand_below_titles_and_may_repeat(self):
        job = self.make_file(
            as_csv(
                [
                    ["Listado de clientes", "", "", "", "", ""],
                    ["Fiscales", "", "", "Dirección", "", ""],
                    HEADINGS,
                    HEADINGS,
                    ["", "", "", "", "", ""],
                    ROW,
                ]
            )
        )
        self.assertRead(job)

    def test_fillers_are_blank_cells(self):
        job = self.judge(("15", "Peña", "", "Por Definir", "-", "POR DEFINIR"))
        self.assertFalse(job.row_ids.vals["street"])
        self.assertFalse(job.row_ids.vals["city"])

    # === WHAT IS REFUSED ===#

    def test_hostile_files_are_refused_with_a_sentence(self):
        bomb = as_zip({"clientes.csv": b"0" * 400_000_000})
        wide = as_csv([[f"c{n}" for n in range(300)], ["1"] * 300])
        self.assertRefused("unpacks to more", bomb, "a.zip")
        self.assertRefused("leads out", as_zip({"../a.csv": b"a;b\n1;2"}), "a.zip")
        self.assertRefused("leads out", as_zip({"/etc/a.csv": b"a;b\n1;2"}), "a.zip")
        self.assertRefused("document type", _ENTITY, "a.xml")
        self.assertRefused("more than 256 columns", wide)
        self.assertRefused("damaged", b"PK\x03\x04nothing", "a.xlsx")
        self.assertRefused("no table", b"MZ\x00\x01\x02" * 50, "a.exe")
        self.assertRefused("Nothing is in the file", b" \n ", "a.csv")
        self.assertRefused("not read|damaged", self.damage(as_zip({"a.csv": _LONG})))
        self.assertRefused("damaged", self.damage(as_xlsx([HEADINGS, ROW] * 50)))

    def damage(self, data):
        middle = len(data) // 3
        return data[:middle] + b"\xff" * 40 + data[middle + 40 :]

    def test_archives_in_an_archive_are_unpacked_to_one_limit(self):
        path = "odoo.addons.xpyme_contacts_movein.tools.table_files.MAX_UNPACKED"
        inner = as_zip({"a.csv": as_csv([HEADINGS, ROW] * 100)})
        data = as_zip({f"{n}.zip": inner for n in range(5)})
        self.make_file(data, "a.zip")
        with patch(path, 30_000):
            self.assertRefused("unpacks to more", data, "a.zip")

    def test_file_without_headings_loses_no_row(self):
        rows = [("701", "Uno SL", "B58378431"), ("702", "Dos SL", "A58818501")]
        self.assertRefused("no headings.*701", as_csv(rows))

    def test_quotation_mark_that_is_not_closed_swallows_no_row(self):
        lines = [f"{n};Bar {n};Calle {n}" for n in range(1, 31)]
        lines[4] = '5;"Bar Sol;Calle 5'
        data = "\n".join(["Código;Nombre;Dirección", *lines]).encode()
        job = self.make_file(data)
        job.action_judge()
        self.assertEqual(len(job.row_ids), 30)
        self.assertEqual(job.row_ids[4].name, '"Bar Sol')
        lines[9] = '10;"Bar; y más";Calle 10'
        data = "\n".join(["Código;Nombre;Dirección", *lines]).encode()
        self.assertRefused("near line 6", data)

    def test_table_that_was_cut_off_is_refused(self):
        data = as_dbf(["CODIGO", "NOMBRE"], [[str(n), "Peña"] for n in range(9)])
        self.assertRefused("has 9 rows", data[:-200], "a.dbf")

    def test_table_without_a_code_page_is_read_by_its_letters(self):
        names = ["CODIGO", "NOMBRE", "CIF", "DIRECCION", "CP", "POBLACION"]
        for encoding in ("cp850", "cp1252"):
            with self.subTest(encoding):
                self.assertRead(self.make_file(as_dbf(names, [ROW], encoding), "a.dbf"))

    def test_accounts_of_others_are_no_customers(self):
        rows = [("430000001", "Peña", ""), ("572000001", "Banco", "")]
        layout = self.env.ref("xpyme_contacts_movein.layout_contaplus")
        layout.code_begins = "430"
        job = self.judge(*rows, headings=("COD", "TITULO", "NIF"))
        self.assertEqual(self.get_verdicts(job), ["create", "reject"])

    def test_name_of_a_contact_is_not_the_customers(self):
        headings = ("Código", "Nombre contacto", "Nombre")
        job = self.make_table(("1", "Ana Soto", "Peña"), headings=headings)
        self.assertEqual(
            [*self.get_targets(job).values()], ["code", "contact_name", "name"]
        )

    def test_zero_that_a_sheet_has_taken_comes_back_and_a_year_is_no_date(self):
        headings = ["Código", "Nombre", "C.P.", "Fecha alta"]
        rows = [["1", "Uno", 8013, ""], ["2", "Dos", "28921", 2019]]
        job = self.make_file(as_xlsx([headings, *rows]), "a.xlsx")
        job.action_judge()
        self.assertEqual(job.row_ids[0].vals["zip"], "08013")
        self.assertEqual(job.row_ids[1].verdict, "reject")

    def test_sheet_that_declares_less_than_it_holds_is_refused(self):
        data = bytearray(as_xlsx([HEADINGS, ROW]))
        with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
            member = archive.getinfo("xl/worksheets/sheet1.xml")
        size = member.file_size.to_bytes(4, "little")
        data = bytes(data).replace(size, (10).to_bytes(4, "little"))
        self.assertRefused("damaged", data, "a.xlsx")

    def test_sheet_with_a_cell_at_the_end_of_the_world_takes_nothing_down(self):
        import openpyxl

        book = openpyxl.Workbook()
        book.active["A1"], book.active["IU1048576"] = "Código", "x"
        written = io.BytesIO()
        book.save(written)
        self.assertRefused("damaged|too large", written.getvalue(), "a.xlsx")

    def test_formulas_are_texts(self):
        formula = '=HYPERLINK("https://example.com";"x")'
        job = self.move_in(("15", "Peña", "", formula, "28921", "Alcorcón"))
        self.assertEqual(self.get_customer(job).street, formula)
        job = self.make_file(
            as_xlsx([HEADINGS, ["16", "=1+1", "", "", "", ""]]), "a.xlsx"
        )
        job.action_judge()
        self.assertEqual(job.row_ids.verdict, "reject")

    def test_file_of_headings_alone_is_refused(self):
        job = self.make_table()
        with self.assertRaisesRegex(UserError, "no rows"):
            job.action_judge()

    def test_name_must_be_known(self):
        job = self.make_table(("15", "x"), headings=("Código", "Cosa"))
        with self.assertRaisesRegex(UserError, "customer's name"):
            job.action_judge()
