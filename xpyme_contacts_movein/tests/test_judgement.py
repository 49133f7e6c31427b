from .common import HEADINGS, MoveinCase
from .files import make_nif


class TestMoveinJudgement(MoveinCase):
    """What a row would be is said before anything is written."""

    def test_new_customers_are_judged_and_nothing_is_written(self):
        before = self.Partner.search_count([])
        job = self.judge(
            ("1", "Peña S.L.", "B58378431", "Mayor 3", "28921", "Alcorcón")
        )
        self.assertEqual(self.get_verdicts(job), ["create"])
        self.assertEqual(job.state, "judged")
        self.assertEqual(self.Partner.search_count([]), before)

    def test_one_tax_id_however_it_is_typed(self):
        job = self.judge(
            ("1", "Peña", "B-12.345.674"),
            ("2", "Peña Dos", "ESB12345674"),
            ("3", "Peña Tres", "b12345674"),
            headings=HEADINGS[:3],
        )
        self.assertEqual(self.get_verdicts(job), ["create", "duplicate", "duplicate"])
        self.assertIn("Line 2", job.row_ids[1].reason)
        job.action_run()
        found = self.Partner.search([("vat_key", "=", "B12345674")])
        self.assertEqual(len(found.filtered("is_customer_card")), 1)

    def test_customer_with_the_tax_id_is_named(self):
        known = self.make_customer("La Peña", vat="B58378431", country_id=self.spain.id)
        job = self.judge(("1", "Otra", "ES B58378431"), headings=HEADINGS[:3])
        self.assertEqual(job.row_ids.verdict, "duplicate")
        self.assertEqual(job.row_ids.partner_id, known)
        self.assertIn("La Peña", job.row_ids.reason)
        self.assertEqual(job.row_ids.state, "left")

    def test_branches_of_one_rut_get_cards_of_their_own_if_asked(self):
        self.env.company.partner_id.country_id = self.chile
        rows = [("1", "Sur", "76.086.428-5"), ("2", "Sur Sucursal", "76086428-5")]
        job = self.judge(*rows, headings=("Código", "Nombre", "RUT"))
        self.assertEqual(self.get_verdicts(job), ["create", "duplicate"])
        job.duplicates = "card"
        self.assertEqual(job.row_ids.mapped("state"), ["pending", "pending"])
        job.action_run()
        cards = job.row_ids.partner_id
        self.assertEqual(len(cards), 2)
        self.assertEqual({*cards.mapped("vat")}, {"76086428-5"})
        self.assertEqual(cards[0].same_tax_id_customer_ids, cards[1])

    def test_card_with_the_tax_id_is_completed_if_asked(self):
        known = self.make_customer(
            "La Peña", vat="B58378431", country_id=self.spain.id, phone=False
        )
        job = self.judge(
            ("1", "Otra", "B58378431", "912345678", "Otra calle 9"),
            headings=("Código", "Nombre", "NIF", "Teléfono", "Dirección"),
            duplicates="update",
        )
        job.action_run()
        self.assertEqual(known.name, "La Peña")
        self.assertEqual(known.street, "Freire 247")
        self.assertTrue(known.phone)

    def test_card_that_is_completed_keeps_what_another_program_brought(self):
        headings = ("Código", "Nombre", "NIF", "Dirección")
        first = self.move_in(
            ("701", "Peña Mayor SL", "B58378431", "Buena 1"), headings=headings
        )
        card = self.get_customer(first)
        job = self.move_in(
            ("809", "PENA MAYOR", "B58378431", "Vieja 9", "912345678"),
            ("810", "PENA SUCURSAL", "B58378431", "Vieja 8", "913333333"),
            headings=(*headings, "Teléfono"),
            source="contaplus",
            duplicates="update",
        )
        self.assertEqual(job.row_ids.partner_id, card)
        self.assertEqual(
            (card.name, card.customer_code, card.street),
            ("Peña Mayor SL", 701, "Buena 1"),
        )
        self.assertIn("912", card.phone.replace(" ", ""))

    def test_rows_of_merged_customers_are_the_same(self):
        rows = [("701", "Peña SL", "Buena 1"), ("702", "Peña Doble", "Vieja 9")]
        headings = ("Código", "Nombre", "Dirección")
        job = self.move_in(*rows, headings=headings)
        one, other = job.row_ids.partner_id
        key = self.env["ir.model.data"].search(
            [
                ("res_id", "=", other.id),
                ("model", "=", "res.partner"),
                ("module", "=", "xpyme_movein"),
            ]
        )
        # What a merge does to the keys of the card that goes.
        key.res_id = one.id
        again = self.judge(*rows, headings=headings)
        self.assertEqual(self.get_verdicts(again), ["same", "same"])

    def test_one_code_and_two_tax_ids_are_asked(self):
        self.move_in(("701", "Bar Uno", make_nif(1)), headings=HEADINGS[:3])
        job = self.judge(
            ("701", "Talleres Dos", make_nif(2)), headings=HEADINGS[:3], nears="card"
        )
        self.assertEqual((job.row_ids.verdict, job.row_ids.state), ("near", "left"))
        self.assertIn("another tax ID", job.row_ids.reason)
        job.row_ids.action_take_in()
        job.action_run()
        self.assertEqual(job.row_ids.partner_id.name, "Talleres Dos")

    def test_tax_id_comes_before_the_code(self):
        self.make_customer("La Peña", ref="701", vat="B58378431")
        job = self.judge(("701", "Peña", "B58378431"), headings=HEADINGS[:3])
        self.assertEqual(job.row_ids.verdict, "duplicate")

    def test_almost_the_same_name_in_a_postal_code_is_asked(self):
        known = self.make_customer("Suministros Peñalara S.L.", zip="28921")
        job = self.judge(
            ("1", "Suministros Peñalara SL", "", "", "28921", ""),
            ("2", "Suministros Peñalara SL", "", "", "08001", ""),
        )
        self.assertEqual(self.get_verdicts(job), ["near", "create"])
        self.assertEqual(job.row_ids[0].partner_id, known)
        job.row_ids[0].action_take_in()
        job.action_run()
        self.assertEqual(job.row_ids[0].state, "done")
        self.assertNotEqual(job.row_ids[0].partner_id, known)

    def test_what_a_person_has_decided_of_a_row_stays(self):
        self.make_customer("La Peña", vat="B58378431")
        job = self.judge(("1", "Otra", "B58378431"), headings=HEADINGS[:3])
        job.duplicates = "card"
        self.assertEqual(job.row_ids.state, "pending")
        job.row_ids.action_leave_out()
        job.duplicates = "leave"
        job.duplicates = "card"
        self.assertEqual(job.row_ids.state, "left")

    def test_other_codes_ask_for_another_judgement(self):
        job = self.judge(("AB", "Otra"), headings=HEADINGS[:2])
        job.codes = "new"
        self.assertEqual((job.state, len(job.row_ids)), ("draft", 0))

    def test_two_tax_ids_are_two_customers_whatever_their_names(self):
        self.make_customer("Bar Sol", vat=make_nif(1), zip="28921")
        job = self.judge(("1", "Bar Sol", make_nif(2), "", "28921", ""))
        self.assertEqual(self.get_verdicts(job), ["create"])

    def test_taken_code_is_rejected_and_its_owner_named(self):
        self.make_customer("Dueña de 15", ref="15")
        job = self.judge(("000015", "Peña"), ("1000000", "Soto"), headings=HEADINGS[:2])
        self.assertEqual(self.get_verdicts(job), ["reject", "reject"])
        self.assertIn("Dueña de 15", job.row_ids[0].reason)
        self.assertIn("whole number from 1 to 999999", job.row_ids[1].reason)

    def test_alternative_code_is_taken_too(self):
        self.make_customer("Dueña", alternative_code_ids=[(0, 0, {"name": "77"})])
        job = self.judge(("77", "Peña"), headings=HEADINGS[:2])
        self.assertEqual(self.get_verdicts(job), ["reject"])

    def test_codes_that_are_no_numbers_become_alternative_codes(self):
        job = self.move_in(("AB-15", "Peña"), headings=HEADINGS[:2], codes="new")
        customer = self.get_customer(job)
        self.assertTrue(customer.customer_code)
        self.assertEqual(customer.alternative_code_ids.name, "AB-15")

    def test_code_twice_in_a_file_is_the_first_ones(self):
        job = self.judge(("15", "Peña"), ("0015", "Soto"), headings=HEADINGS[:2])
        self.assertEqual(self.get_verdicts(job), ["create", "reject"])
        self.assertIn("Line 2", job.row_ids[1].reason)

    def test_rows_without_codes_that_are_one_customer_are_told_to_have_codes(self):
        job = self.judge(
            ("", "Peña", "B58378431"),
            ("", "Peña Dos", "B58378431"),
            headings=HEADINGS[:3],
        )
        self.assertEqual(self.get_verdicts(job), ["create", "reject"])
        self.assertIn("neither has a code", job.row_ids[1].reason)

    def test_wrong_rows_are_rejected_with_a_sentence(self):
        headings = ("Código", "Nombre", "NIF", "País", "Fecha alta")
        job = self.judge(
            ("1", "", "", "", ""),
            ("2", "Peña", "B58378432", "", ""),
            ("3", "Peña", "", "Atlántida", ""),
            ("4", "Peña", "", "", "31/02/2020"),
            headings=headings,
        )
        self.assertEqual({*self.get_verdicts(job)}, {"reject"})
        texts = " ".join(job.row_ids.mapped("reason"))
        for told in ("no name", "B58378432", "Atlántida", "31/02/2020"):
            self.assertIn(told, texts)

    def test_rule_of_a_card_that_refuses_is_told_before_anything_moves_in(self):
        job = self.judge(
            ("1", "Peña", "31/07/2020", "31/07/2019"),
            ("2", "Soto", "31/07/2020", ""),
            headings=("Código", "Nombre", "Fecha alta", "Fecha baja"),
        )
        self.assertEqual(self.get_verdicts(job), ["reject", "create"])
        self.assertIn("deregistered", job.row_ids[0].reason)

    def test_judging_takes_as_many_statements_for_many_rows_as_for_few(self):
        def count(number):
            job = self.make_table(
                *((str(n), f"Cliente {n}", make_nif(n)) for n in range(1, number + 1)),
                headings=HEADINGS[:3],
            ).sudo()
            job._read_rows()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            job._judge()
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(300), count(3))
