import base64
import csv
import io
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from .common import HEADINGS, MoveinCase
from .files import as_xlsx, make_nif

THREE = HEADINGS[:3]


class TestMoveinRun(MoveinCase):
    """Rows come in by batches; a bad one costs itself, and a second time nothing."""

    def make_rows(self, count, first=1):
        return [
            (str(n), f"Cliente {n}", make_nif(n)) for n in range(first, first + count)
        ]

    def test_the_same_file_again_changes_nothing(self):
        rows = self.make_rows(5)
        first = self.move_in(*rows, headings=THREE)
        customers = first.row_ids.partner_id
        self.env.flush_all()
        before = customers.mapped("write_date")
        again = self.move_in(*rows, headings=THREE)
        self.assertEqual({*self.get_verdicts(again)}, {"same"})
        self.assertEqual(again.same_count, 5)
        self.assertEqual(customers.mapped("write_date"), before)

    def test_only_what_the_file_changes_is_written(self):
        headings = ("Código", "Nombre", "Teléfono", "Dirección")
        first = self.move_in(("1", "Peña", "912345678", "Mayor 3"), headings=headings)
        customer = self.get_customer(first)
        customer.street = "Typed by a person"
        again = self.move_in(("1", "Peña", "913333333", "Mayor 3"), headings=headings)
        self.assertEqual(self.get_verdicts(again), ["update"])
        self.assertIn("913", customer.phone.replace(" ", ""))
        self.assertEqual(customer.street, "Typed by a person")

    def test_emptied_cell_empties_the_field(self):
        headings = ("Código", "Nombre", "Dirección")
        first = self.move_in(("1", "Peña", "Mayor 3"), headings=headings)
        self.move_in(("1", "Peña", ""), headings=headings)
        self.assertFalse(self.get_customer(first).street)

    def test_bad_row_costs_itself_alone(self):
        job = self.judge(*self.make_rows(20), headings=THREE)
        create = type(self.env["res.partner"]).create
        text = "Seven is refused."

        def refuse(partners, vals_list):
            if any(vals.get("name") == "Cliente 7" for vals in vals_list):
                raise ValidationError(text)
            return create(partners, vals_list)

        with patch.object(type(self.env["res.partner"]), "create", refuse):
            job.action_run()
        self.assertEqual((job.done_count, job.failed_count), (19, 1))
        (failed,) = job.row_ids.filtered(lambda row: row.state == "failed")
        self.assertEqual((failed.code, failed.reason), ("7", text))
        self.assertEqual(job.state, "done")
        job.action_retry()
        self.assertEqual((job.done_count, job.failed_count), (20, 0))

    def test_file_of_what_was_left_out_is_corrected_and_loaded_again(self):
        job = self.move_in(
            *self.make_rows(3), ("9", "Mala", "B58378432"), headings=THREE
        )
        self.assertEqual(job.done_count, 3)
        url = job.action_download_errors()["url"]
        attachment = self.env["ir.attachment"].browse(
            int(url.split("/")[3].split("?")[0])
        )
        text = base64.b64decode(attachment.datas).decode("utf-8-sig")
        rows = [*csv.reader(io.StringIO(text), delimiter=";")]
        self.assertEqual(rows[0][:3], list(THREE))
        self.assertEqual(rows[1][:3], ["9", "Mala", "B58378432"])
        self.assertIn("not valid", rows[1][3])
        rows[1][2] = "B58378431"
        again = self.move_in(*rows[1:], headings=rows[0])
        self.assertEqual(again.done_count, 1)

    def test_numbers_of_the_file_to_correct_are_read_as_the_same(self):
        headings = ["Código", "Nombre", "NIF", "Riesgo"]
        data = as_xlsx([headings, ["701", "Uno", "B58378432", 1.125]])
        job = self.make_file(data, "a.xlsx")
        job.action_judge()
        url = job.action_download_errors()["url"]
        attachment = self.env["ir.attachment"].browse(
            int(url.split("/")[3].split("?")[0])
        )
        again = self.make_file(base64.b64decode(attachment.datas))
        again.action_judge()
        self.assertEqual(again.row_ids.vals.get("credit_limit"), 1.125)

    def test_formulas_are_neutral_in_the_file_to_correct(self):
        formula = "=1+1"
        job = self.judge(("x", formula, ""), headings=THREE)
        url = job.action_download_errors()["url"]
        attachment = self.env["ir.attachment"].browse(
            int(url.split("/")[3].split("?")[0])
        )
        text = base64.b64decode(attachment.datas).decode("utf-8-sig")
        self.assertIn(";'=1+1;", text)

    # === LANES ===#

    def test_lanes_bring_each_row_in_once(self):
        job = self.judge(*self.make_rows(30), headings=THREE)
        with (
            self.in_lanes() as lane,
            patch("odoo.addons.xpyme_contacts_movein.models.worker.BATCH", 7),
        ):
            job.action_run()
            self.assertEqual(job.state, "running")
            for number in range(4):
                lane(number)
        self.assertEqual((job.state, job.done_count), ("done", 30))
        self.assertEqual(len(job.row_ids.partner_id), 30)

    def test_paused_file_waits_and_goes_on(self):
        job = self.judge(*self.make_rows(6), headings=THREE)
        with self.in_lanes() as lane:
            job.action_run()
            job.action_pause()
            self.env.flush_all()
            lane()
            self.env.invalidate_all()
            self.assertEqual((job.state, job.done_count), ("paused", 0))
            job.action_run()
            lane()
        self.assertEqual(job.done_count, 6)

    def test_one_file_of_a_program_moves_in_at_a_time(self):
        one = self.judge(*self.make_rows(2), headings=THREE)
        other = self.judge(*self.make_rows(2, 5), headings=THREE)
        with (
            self.in_lanes(),
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "running_uniq"),
        ):
            one.action_run()
            other.action_run()

    def test_who_looked_before_another_file_moved_in_looks_again(self):
        job = self.judge(*self.make_rows(2), headings=THREE)
        # A row that another session has brought in since.
        job.sudo().moved_before = -1
        with self.assertRaisesRegex(UserError, "Look at it again"):
            job.action_run()

    def test_who_was_typed_since_a_file_was_looked_at_is_looked_at(self):
        for vals in ({"vat": make_nif(1)}, {"ref": "701"}):
            with self.subTest(vals):
                job = self.judge(("701", "Peña", make_nif(1)), headings=THREE)
                self.make_customer("Typed", **vals).flush_recordset()
                with (
                    self.enter_registry_test_mode(),
                    self.assertRaisesRegex(UserError, "Look at it again"),
                    self.env.cr.savepoint(),
                ):
                    job.action_run()
                self.env.invalidate_all()
                self.Partner.search([("name", "=", "Typed")]).unlink()

    def test_codes_of_a_file_on_its_way_are_given_to_nobody_else(self):
        first = self.make_customer(ref=False).customer_code
        job = self.judge((str(first + 1), "Peña"), headings=HEADINGS[:2])
        with self.in_lanes() as lane:
            job.action_run()
            self.env.flush_all()
            self.assertGreater(self.make_customer(ref=False).customer_code, first + 1)
            lane()
        self.assertEqual(self.get_customer(job).customer_code, first + 1)

    def test_state_is_changed_by_the_buttons_only(self):
        job = self.judge(*self.make_rows(1), headings=THREE)
        with self.assertRaises(UserError):
            job.write({"state": "done"})
        with self.assertRaises(UserError):
            self.env["xpyme.movein"].with_user(self.mover).create({"state": "done"})

    def test_file_that_moved_in_is_kept(self):
        job = self.move_in(*self.make_rows(1), headings=THREE)
        with self.assertRaisesRegex(UserError, "Undo it"):
            job.unlink()
        job.action_undo()
        job.unlink()
