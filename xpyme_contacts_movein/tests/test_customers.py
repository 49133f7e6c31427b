from .common import HEADINGS, MoveinCase
from .files import FACTUSOL, as_csv, make_factusol_row


class TestMoveinCustomers(MoveinCase):
    """What the cells of the old programs become on the card."""

    def move_factusol_in(self, code="15", **cells):
        data = as_csv([FACTUSOL, make_factusol_row(code, **cells)])
        job = self.make_file(data, "F_CLI.csv")
        job.action_judge()
        job.action_run()
        self.assertEqual(job.row_ids.state, "done", job.row_ids.reason)
        return self.get_customer(job), job.row_ids

    def test_customer_of_factusol_is_a_card_like_any_other(self):
        customer, _row = self.move_factusol_in(
            NOCCLI="La Peña", PCOCLI="Ana Soto", FALCLI="31/07/2020", RUTCLI="Norte"
        )
        self.assertTrue(customer.is_customer_card)
        self.assertTrue(customer.is_company)
        self.assertEqual(customer.customer_code, 15)
        self.assertEqual(customer.trade_name, "La Peña")
        self.assertEqual(customer.state_id, self.env.ref("base.state_es_m"))
        self.assertEqual(customer.country_id, self.spain)
        self.assertEqual(str(customer.registration_date), "2020-07-31")
        self.assertEqual(customer.customer_route_id.name, "Norte")
        self.assertEqual(customer.contact_ids.mapped("name"), ["Ana Soto"])

    def test_customer_without_a_contact_gets_the_mirror(self):
        customer, _row = self.move_factusol_in()
        self.assertTrue(self.get_mirror(customer))

    def test_more_contacts_come_as_contacts(self):
        customer, _row = self.move_factusol_in(
            PCOCLI="Ana Soto", NO1CLI="Juan Díaz", EM1CLI="juan@example.com"
        )
        self.assertEqual(
            {*customer.contact_ids.mapped("name")}, {"Ana Soto", "Juan Díaz"}
        )
        self.assertEqual(customer.contact_name, "Ana Soto")

    def test_account_is_reckoned_from_its_parts(self):
        parts = {"ENTCLI": "2100", "OFICLI": "0418", "CUECLI": "0200051332"}
        customer, _row = self.move_factusol_in(**parts)
        number = customer.bank_ids.sanitized_acc_number
        self.assertEqual(number, "ES9121000418450200051332")

    def test_wrong_check_digits_cost_the_account_and_not_the_customer(self):
        parts = {"ENTCLI": "2100", "OFICLI": "0418", "CUECLI": "0200051332"}
        customer, row = self.move_factusol_in(DCOCLI="46", **parts)
        self.assertTrue(customer)
        self.assertFalse(customer.bank_ids)
        self.assertIn("account", row.note)

    def test_days_of_payment_are_those_that_are_filled(self):
        customer, _row = self.move_factusol_in(DP1CLI="5", DP2CLI="20", DP3CLI="0")
        self.assertEqual(customer.payment_days, "5, 20")

    def test_leave_comes_round_each_year(self):
        customer, row = self.move_factusol_in(VDECLI="01/08", VHACLI="31/08")
        if "leave_ids" not in self.Partner._fields:
            self.assertIn("not installed", row.note)
            return
        leave = customer.leave_ids
        self.assertEqual(
            (leave.date_from.day, leave.date_from.month, leave.date_to.day), (1, 8, 31)
        )
        self.assertTrue(customer.leave_ignore_year)

    def test_surcharge_is_ticked_where_it_is_known_and_told_elsewhere(self):
        if self.env.company.account_fiscal_country_id.code == "CL":
            self.skipTest("a Chilean company has none")
        customer, row = self.move_factusol_in(REQCLI="1")
        if "equivalence_surcharge" in self.Partner._fields:
            self.assertTrue(customer.equivalence_surcharge)
        else:
            self.assertIn("not installed", row.note)

    def test_who_has_left_is_on_baja(self):
        customer, _row = self.move_factusol_in(ESTCLI="3")
        self.assertTrue(customer.is_blocked)

    def test_several_telephones_in_a_cell_go_where_there_is_room(self):
        job = self.move_in(
            ("1", "Peña", "912345678 / 600123456"),
            headings=("Código", "Nombre", "Teléfono"),
        )
        customer = self.get_customer(job)
        self.assertIn("912", customer.phone.replace(" ", ""))
        self.assertIn("600", customer.mobile.replace(" ", ""))

    def test_unknown_province_and_mailbox_are_left_out_and_told(self):
        job = self.move_in(
            ("1", "Peña", "Mordor", "nada"),
            headings=("Código", "Nombre", "Provincia", "Email"),
        )
        self.assertFalse(self.get_customer(job).state_id)
        self.assertIn("Mordor", job.row_ids.note)
        self.assertIn("nada", job.row_ids.note)

    def test_province_is_known_by_its_number_and_country_by_its_beginning(self):
        job = self.move_in(
            ("1", "Peña", "28", "ESPA"),
            headings=("Código", "Nombre", "Provincia", "País"),
        )
        customer = self.get_customer(job)
        self.assertEqual(customer.state_id, self.env.ref("base.state_es_m"))
        self.assertEqual(customer.country_id, self.spain)

    def test_address_without_a_country_is_in_the_companys(self):
        job = self.move_in(("1", "Peña", "B58378431", "Mayor 3", "28921", "Alcorcón"))
        self.assertEqual(self.get_customer(job).country_id, self.spain)

    def test_nobody_agrees_to_advertising_unless_a_column_says_so(self):
        register = self.env["xpyme.offer.consent"]
        before = register.search_count([])
        headings = ("Código", "Nombre", "Email")
        self.move_in(("1", "Peña", "pena@example.com"), headings=headings)
        self.assertEqual(register.search_count([]), before)
        self.move_in(
            ("2", "Soto", "soto@example.com", "S"),
            ("3", "Díaz", "diaz@example.com", "N"),
            ("4", "Ruiz", "ruiz@example.com", ""),
            headings=(*headings, "Acepta publicidad"),
        )
        told = register.search([], limit=2)
        self.assertEqual(
            {(event.email, event.kind) for event in told},
            {("soto@example.com", "granted"), ("diaz@example.com", "withdrawn")},
        )
        self.assertEqual(register.search_count([]), before + 2)

    def get_consents(self, email):
        events = self.env["xpyme.offer.consent"].search([("email", "=", email)])
        return events.mapped("kind")

    def test_cell_that_says_the_same_again_agrees_to_nothing_anew(self):
        headings = ("Código", "Nombre", "Email", "Acepta publicidad", "Dirección")
        row = ("2", "Soto", "soto@example.com", "S")
        self.move_in((*row, "Mayor 3"), headings=headings)
        self.env["xpyme.offer.consent"].create(
            {"email": "soto@example.com", "kind": "withdrawn", "text": "By phone"}
        )
        again = self.move_in((*row, "Menor 9"), headings=headings)
        self.assertEqual(again.row_ids.verdict, "update")
        self.assertEqual(
            self.get_consents("soto@example.com"), ["withdrawn", "granted"]
        )

    def test_a_file_undoes_no_refusal(self):
        """Nobody knows when its yes was said."""
        register = self.env["xpyme.offer.consent"]
        register.create({"email": "soto@example.com", "kind": "withdrawn"})
        register.sudo().create(
            {"email": "diaz@example.com", "kind": "withdrawn", "source": "page"}
        )
        job = self.move_in(
            ("2", "Soto", "soto@example.com", "S"),
            ("3", "Díaz", "diaz@example.com", "S"),
            headings=("Código", "Nombre", "Email", "Acepta publicidad"),
        )
        for row, email in zip(
            job.row_ids, ("soto@example.com", "diaz@example.com"), strict=True
        ):
            self.assertEqual(row.state, "done", row.reason)
            self.assertEqual(self.get_consents(email), ["withdrawn"])
            self.assertIn(f"{email} has refused offers", row.note)

    def test_undone_row_agrees_to_nothing(self):
        job = self.move_in(
            ("2", "Soto", "soto@example.com", "S"),
            headings=("Código", "Nombre", "Email", "Acepta publicidad"),
        )
        job.action_undo()
        self.assertEqual(job.state, "undone")
        self.assertEqual(
            self.get_consents("soto@example.com"), ["withdrawn", "granted"]
        )

    def test_company_without_a_country_takes_tax_ids_as_they_are(self):
        self.env.company.partner_id.country_id = False
        job = self.judge(("1", "Peña", "B58378431"), headings=HEADINGS[:3])
        self.assertEqual(job.row_ids.verdict, "create", job.row_ids.reason)

    def test_forgotten_customer_is_forgotten_by_the_file_too(self):
        headings = ("Código", "Nombre", "Email", "Dirección")
        row = ("701", "Eva Ruiz", "eva@example.com", "Mayor 3")
        job = self.move_in(row, headings=headings)
        customer = self.get_customer(job)
        customer.action_forget()
        self.assertEqual((job.row_ids.raw, job.row_ids.vals), ([], {}))
        self.assertFalse(job.row_ids.name or job.file or job.column_ids[1].sample)
        again = self.move_in((*row[:3], "Menor 9"), headings=headings)
        self.assertEqual(again.row_ids.verdict, "reject")
        self.assertIn("forgotten", again.row_ids.reason)
        self.assertFalse(customer.street)

    def test_forgotten_customer_without_a_code_is_told_of_in_the_same_file(self):
        headings = ("Nombre", "NIF", "C.P.", "Dirección")
        for row in (("Eva Ruiz", "12345678Z", "28921"), ("Luis Díaz", "", "28922")):
            with self.subTest(row):
                job = self.move_in((*row, "Mayor 3"), headings=headings)
                customer = self.get_customer(job)
                customer.action_forget()
                for word in row[:2]:
                    self.assertNotIn(word or "28922", job.row_ids.key)
                again = self.judge((*row, "Menor 9"), headings=headings)
                self.assertEqual(again.row_ids.verdict, "reject")
                self.assertIn("forgotten", again.row_ids.reason)

    def test_forgotten_customer_is_told_of_where_a_file_is_looked_at_again(self):
        known = self.make_customer("Eva Ruiz", vat="12345678Z")
        headings = ("Código", "Nombre", "NIF")
        job = self.judge(("701", "Eva Ruiz", "12345678Z"), headings=headings)
        self.assertEqual(job.row_ids.partner_id, known)
        known.action_forget()
        job.duplicates = "card"
        self.assertFalse(job.pending_count)
        job.action_judge()
        (told,) = job.row_ids.filtered(lambda row: not row.is_forgotten)
        self.assertEqual(told.verdict, "reject")
        self.assertIn("forgotten", told.reason)

    def test_contacts_of_a_forgotten_customer_do_not_come_in(self):
        job = self.move_in(("701", "Eva Ruiz"), headings=HEADINGS[:2])
        self.get_customer(job).action_forget()
        contacts = self.judge(
            ("701", "Ana Soto"), headings=("Cliente", "Nombre"), kind="contacts"
        )
        self.assertEqual(contacts.row_ids.verdict, "reject")
        self.assertIn("forgotten", contacts.row_ids.reason)

    def test_no_mail_activity_follower_or_refusal_is_made(self):
        counted = ("mail.mail", "mail.message", "mail.activity", "mail.blacklist")
        job = self.judge(("1", "Peña", "B58378431", "Mayor 3", "28921", "Alcorcón"))
        before = {name: self.env[name].search_count([]) for name in counted}
        worker = self.env["xpyme.movein.worker"]
        job.sudo().with_context(tracking_disable=True).state = "running"
        worker._work_inline(job)
        after = {name: self.env[name].search_count([]) for name in counted}
        self.assertEqual(after, before)
        self.assertFalse(self.get_customer(job).message_follower_ids)
        self.assertEqual(HEADINGS[0], "Código")
