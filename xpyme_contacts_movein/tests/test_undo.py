from unittest.mock import patch

from .common import HEADINGS, MoveinCase
from .files import make_nif

THREE = HEADINGS[:3]


class TestMoveinUndo(MoveinCase):
    """What nobody has used since goes; the rest stays and is listed."""

    def move_rows_in(self, count):
        rows = [(str(n), f"Cliente {n}", make_nif(n)) for n in range(1, count + 1)]
        return self.move_in(*rows, headings=THREE)

    def test_unused_customers_go_with_their_contacts(self):
        job = self.move_rows_in(5)
        family = self.Partner.search([("id", "child_of", job.row_ids.partner_id.ids)])
        self.assertGreater(len(family), 5)
        job.action_undo()
        self.assertFalse(family.exists())
        self.assertEqual(job.state, "undone")
        self.assertEqual({*job.row_ids.mapped("state")}, {"undone"})

    def test_who_has_been_invoiced_stays_and_is_listed(self):
        job = self.move_rows_in(6)
        self.pass_time(job)
        used = job.row_ids[:3].partner_id
        product = self.env["product.product"].create({"name": "Clavos"})
        for customer in used:
            self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": customer.id,
                    "invoice_line_ids": [
                        (0, 0, {"product_id": product.id, "price_unit": 1})
                    ],
                }
            )
        job.action_undo()
        left = job.row_ids.filtered(lambda row: row.state == "done")
        self.assertEqual(left.partner_id, used)
        self.assertEqual(len(job.row_ids) - len(left), 3)
        self.assertIn("used or changed", left[0].reason)
        self.assertEqual(job.state, "done")

    def test_who_has_been_changed_spoken_of_or_given_a_contact_stays(self):
        job = self.move_rows_in(5)
        self.pass_time(job)
        changed, spoken, called, peopled, untouched = job.row_ids.partner_id
        changed.comment = "Typed later"
        spoken.message_post(body="A note")
        called.activity_schedule("mail.mail_activity_data_todo", summary="Call")
        self.make_contact(peopled, "Eva Later")
        self.env.flush_all()
        job.action_undo()
        stay = changed | spoken | called | peopled
        self.assertEqual(stay.exists(), stay)
        self.assertFalse(untouched.exists())

    def test_changed_values_become_what_they_were(self):
        headings = ("Código", "Nombre", "Dirección", "Población")
        first = self.move_in(("1", "Peña", "Mayor 3", "Alcorcón"), headings=headings)
        customer = self.get_customer(first)
        again = self.move_in(("1", "Peña", "Menor 9", "Getafe"), headings=headings)
        self.assertEqual(customer.street, "Menor 9")
        customer.city = "Typed later"
        again.action_undo()
        self.assertEqual(customer.street, "Mayor 3")
        self.assertEqual(customer.city, "Typed later")
        self.assertTrue(customer.exists())

    def test_customers_whom_another_file_changed_go_once_that_one_is_undone(self):
        headings = ("Código", "Nombre", "Dirección")
        first = self.move_in(("1", "Peña", "Mayor 3"), headings=headings)
        self.pass_time(first)
        again = self.move_in(("1", "Peña", "Menor 9"), headings=headings)
        first.action_undo()
        self.assertEqual(first.done_count, 1)
        self.pass_time(again)
        again.action_undo()
        first.action_undo()
        self.assertEqual((first.state, again.state), ("undone", "undone"))

    def test_change_that_a_person_made_between_two_files_is_a_use(self):
        headings = ("Código", "Nombre", "Dirección")
        first = self.move_in(("1", "Peña", "Mayor 3"), headings=headings)
        customer = self.get_customer(first)
        self.pass_time(first)
        customer.comment = "Typed later"
        customer.flush_recordset()
        again = self.move_in(("1", "Peña", "Menor 9"), headings=headings)
        again.action_undo()
        first.action_undo()
        self.assertTrue(customer.exists())

    def test_customers_of_undone_mirrors_go(self):
        first = self.move_in(("1", "Peña"), headings=HEADINGS[:2])
        self.pass_time(first)
        mirror = self.move_in(
            ("1", "Peña", "Dueño"),
            headings=("Cliente", "Nombre", "Cargo"),
            kind="contacts",
        )
        self.assertEqual(mirror.row_ids.verdict, "mirror")
        self.pass_time(mirror)
        mirror.action_undo()
        first.action_undo()
        self.assertEqual(first.state, "undone")

    def test_keys_of_completed_cards_are_written_and_taken_off_together(self):
        rows = [(str(n), "Otra", make_nif(n)) for n in range(1, 4)]
        for _code, name, vat in rows:
            self.make_customer(name, vat=vat)
        keys = type(self.env["ir.model.data"])
        job = self.judge(*rows, headings=THREE, duplicates="update")
        with patch.object(
            keys, "_update_xmlids", autospec=True, side_effect=keys._update_xmlids
        ) as written:
            job.action_run()
        self.assertEqual(job.done_count, 3)
        told = [call.args[1] for call in written.call_args_list if call.args[1]]
        self.assertEqual([len(keys) for keys in told], [3])
        with patch.object(
            keys, "unlink", autospec=True, side_effect=keys.unlink
        ) as forgotten:
            job.action_undo()
        self.assertEqual(forgotten.call_count, 1)
        self.assertEqual(len(forgotten.call_args.args[0]), 3)

    def test_update_that_changed_nothing_is_no_creation(self):
        headings = ("Código", "Nombre", "Dirección")
        first = self.move_in(("1", "Peña", "Mayor 3"), headings=headings)
        customer = self.get_customer(first)
        customer.street = "Menor 9"
        again = self.move_in(("1", "Peña", "Menor 9"), headings=headings)
        self.assertEqual(again.row_ids.verdict, "update")
        again.action_undo()
        self.assertTrue(customer.exists())

    def test_card_that_was_completed_is_forgotten_by_the_program(self):
        known = self.make_customer("Peña", vat="B58378431", phone=False)
        headings = ("Código", "Nombre", "NIF", "Teléfono")
        row = ("1", "Peña", "B58378431", "912345678")
        job = self.move_in(row, headings=headings, duplicates="update")
        self.assertTrue(known.phone)
        job.action_undo()
        self.assertFalse(known.phone)
        again = self.judge(row, headings=headings)
        self.assertEqual(again.row_ids.verdict, "duplicate")

    def test_paper_and_changed_lines_are_uses(self):
        job = self.move_in(
            ("1", "Peña", "ES9121000418450200051332"),
            ("2", "Soto", ""),
            ("3", "Ruiz", "ES7921000813610123456789"),
            headings=("Código", "Nombre", "IBAN"),
        )
        self.env.flush_all()
        self.pass_time(job)
        banked, papered, untouched = job.row_ids.partner_id
        banked.bank_ids.acc_number = "ES6621000418401234567891"
        self.env["ir.attachment"].create(
            {"name": "m.pdf", "res_model": "res.partner", "res_id": papered.id}
        )
        self.env.flush_all()
        job.action_undo()
        self.assertEqual((banked | papered).exists(), banked | papered)
        self.assertFalse(untouched.exists())

    def test_lines_and_tags_that_an_update_added_are_taken_off(self):
        headings = ("Código", "Nombre", "IBAN", "Etiquetas")
        first = self.move_in(
            ("1", "Peña", "ES9121000418450200051332", "vip"), headings=headings
        )
        customer = self.get_customer(first)
        again = self.move_in(
            ("1", "Peña", "ES7921000813610123456789", "vip,oro"), headings=headings
        )
        self.assertEqual(len(customer.bank_ids), 2)
        again.action_undo()
        number = customer.bank_ids.sanitized_acc_number
        self.assertEqual(number, "ES9121000418450200051332")
        self.assertEqual(customer.category_id.mapped("name"), ["vip"])

    def test_what_was_undone_comes_in_again(self):
        job = self.move_rows_in(2)
        job.action_undo()
        again = self.move_rows_in(2)
        self.assertEqual(again.done_count, 2)
