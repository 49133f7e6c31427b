from odoo.exceptions import UserError, ValidationError

from .common import MoveinCase
from .files import FACTUSOL, as_csv, make_factusol_row

HEADINGS = ("Código", "Nombre", "Forma de pago", "Tarifa", "Representante")


class TestMoveinWords(MoveinCase):
    """Terms, tariffs and representatives are those that are here already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls.env["account.payment.term"].create({"name": "A 30 días"})
        cls.tariff = cls.env["product.pricelist"].create({"name": "Mayoristas"})
        cls.agent = cls.make_salesperson()
        cls.agent.name = "Luis Agente"

    def get_left_empty(self, job):
        return job.word_ids.filtered(lambda word: not word.res_id).mapped("word")

    def test_they_are_known_by_name_or_code_however_it_is_written(self):
        rows = [
            ("1", "Peña", "a 30 dias", "MAYORISTAS", "Luis agente"),
            ("2", "Soto", "A 30 Días", "", self.agent.login),
            ("3", "Díaz", "0", "0", "000"),
        ]
        job = self.move_in(*rows, headings=HEADINGS)
        self.assertFalse(job.left_empty)
        one, other, none = job.row_ids.partner_id
        self.assertEqual((one | other).property_payment_term_id, self.term)
        self.assertEqual(one.property_product_pricelist, self.tariff)
        self.assertEqual((one | other).user_id, self.agent)
        self.assertFalse(none.property_payment_term_id or none.user_id)

    def test_tariff_is_known_by_its_number(self):
        if "tariff_number" not in self.tariff._fields:
            self.skipTest("tariffs have no numbers without the addon of prices")
        self.env["product.pricelist"].search([]).tariff_number = 0
        self.tariff.tariff_number = 4
        job = self.move_in(("1", "Peña", "4"), headings=("Código", "Nombre", "Tarifa"))
        customer = self.get_customer(job)
        self.assertEqual(customer.property_product_pricelist, self.tariff)

    def test_who_is_not_found_is_told_and_costs_no_row(self):
        before = self.env["account.payment.term"].search_count([])
        rows = [
            ("1", "Peña", "Pagaré", "", "Nadie"),
            ("2", "Soto", "Pagaré", "", "Nadie"),
        ]
        job = self.judge(*rows, headings=HEADINGS)
        self.assertEqual(self.get_verdicts(job), ["create", "create"])
        self.assertEqual({*self.get_left_empty(job)}, {"Pagaré", "Nadie"})
        self.assertEqual(job.word_ids.mapped("row_count"), [2, 2])
        self.assertIn("Terms of payment: Pagaré", job.left_empty)
        self.assertEqual(
            job.row_ids[0].note,
            "Not found, left empty: Terms of payment Pagaré · Representative Nadie.",
        )
        job.action_run()
        self.assertFalse(job.row_ids.partner_id.property_payment_term_id)
        self.assertEqual(self.env["account.payment.term"].search_count([]), before)

    def test_what_a_person_says_of_a_word_holds_for_the_next_file_of_the_layout(self):
        row = make_factusol_row("1")
        headings = [*FACTUSOL, "FPACLI"]
        data = as_csv([headings, [*row, "007"]])
        job = self.make_file(data, "F_CLI.csv", source="other")
        job.action_judge()
        self.assertEqual(self.get_left_empty(job), ["007"])
        job.word_ids.res_id = self.term.id
        self.assertEqual(job.state, "draft")
        job.action_judge()
        self.assertFalse(job.left_empty)
        job.action_run()
        self.assertEqual(self.get_customer(job).property_payment_term_id, self.term)
        again = self.make_file(data, "F_CLI.csv", source="other_shop")
        again.action_judge()
        self.assertEqual(again.word_ids.res_id, self.term.id)

    def test_words_are_kept_with_columns_that_somebody_has_named(self):
        job = self.judge(("1", "Peña", "007", "", ""), headings=HEADINGS)
        job.word_ids.res_id = self.term.id
        job.action_save_layout()
        self.assertTrue(job.layout_id)
        again = self.judge(("1", "Peña", "007", "", ""), headings=HEADINGS)
        self.assertEqual(again.layout_id, job.layout_id)
        self.assertEqual(again.word_ids.res_id, self.term.id)

    def test_word_stands_for_what_the_company_may_have(self):
        other = self.env["res.company"].create({"name": "Otra"})
        term = self.env["account.payment.term"].create(
            {"name": "De otra", "company_id": other.id}
        )
        job = self.judge(("1", "Peña", "De otra", "", ""), headings=HEADINGS)
        self.assertEqual(self.get_left_empty(job), ["De otra"])
        with self.assertRaisesRegex(ValidationError, "of another company"):
            job.word_ids.res_id = term.id

    def test_words_of_a_file_that_has_moved_in_stay(self):
        job = self.move_in(("1", "Peña", "Pagaré", "", ""), headings=HEADINGS)
        with self.assertRaisesRegex(UserError, "in the state"):
            job.word_ids.res_id = self.term.id

    def test_what_is_there_now_is_found_at_the_next_look(self):
        job = self.move_in(("1", "Peña", "Pagaré", "", ""), headings=HEADINGS)
        self.term.name = "Pagaré"
        job.action_judge()
        job.action_run()
        self.assertEqual(self.get_customer(job).property_payment_term_id, self.term)

    def test_finding_takes_no_statement_for_a_row(self):
        def count(number):
            rows = [(str(n), "Peña", "A 30 días", "", "x") for n in range(number)]
            job = self.make_table(*rows, headings=HEADINGS).sudo()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            job._read_rows()
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(300), count(3))
