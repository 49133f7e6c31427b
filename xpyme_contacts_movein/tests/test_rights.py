from odoo.exceptions import AccessError

from .common import HEADINGS, MoveinCase

MODELS = (
    "xpyme.movein",
    "xpyme.movein.row",
    "xpyme.movein.column",
    "xpyme.movein.layout",
    "xpyme.movein.word",
)


class TestMoveinRights(MoveinCase):
    """Only who has the right moves files in; a technician never does."""

    def test_others_cannot_open_it(self):
        for user in (self.make_salesperson(), self.make_technician()):
            for model in MODELS:
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_technician_moves_nothing_in_whatever_groups_they_have(self):
        user = self.make_technician(["xpyme_contacts_movein.group_movein"])
        with self.assertRaises(AccessError):
            self.make_table(("1", "Peña"), headings=HEADINGS[:2], user=user)

    def test_rows_are_written_by_the_buttons_only(self):
        job = self.judge(("1", "Peña"), headings=HEADINGS[:2])
        with self.assertRaises(AccessError):
            job.row_ids.write({"state": "done"})

    def test_file_of_another_company_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Otra"})
        job = self.judge(("1", "Peña"), headings=HEADINGS[:2])
        job.sudo().company_id = other
        self.env.flush_all()
        self.env.invalidate_all()
        found = self.env["xpyme.movein"].with_user(self.mover).search([])
        self.assertNotIn(job, found)

    def test_file_moves_into_a_company_of_its_user_only(self):
        other = self.env["res.company"].create({"name": "Otra"})
        job = self.judge(("1", "Peña"), headings=HEADINGS[:2])
        with self.assertRaisesRegex(AccessError, "in which you work"):
            job.company_id = other
        with self.assertRaisesRegex(AccessError, "in which you work"):
            self.make_table(("1", "P"), headings=HEADINGS[:2], company_id=other.id)

    def test_customers_of_a_company_that_is_not_seen_are_nobodys_duplicates(self):
        other = self.env["res.company"].create({"name": "Otra"})
        vals = {"vat": "B58378431", "company_id": other.id, "zip": "28921"}
        hidden = self.make_customer("Oculta S.L.", ref="700", **vals)
        job = self.judge(
            ("700", "Nadie", ""),
            ("1", "Peña", "B58378431"),
            headings=HEADINGS[:3],
            duplicates="update",
        )
        taken, new = job.row_ids
        self.assertEqual((taken.verdict, new.verdict), ("reject", "create"))
        self.assertNotIn("Oculta", taken.reason)
        self.assertIn("another company", taken.reason)
        job.action_run()
        self.assertNotEqual(new.partner_id, hidden)

    def test_code_of_a_company_that_is_not_seen_names_nobody_when_it_fails(self):
        other = self.env["res.company"].create({"name": "Otra"})
        self.make_customer("Oculta S.L.", ref="700", company_id=other.id)
        self.make_customer("La Peña", vat="B58378431")
        job = self.move_in(
            ("700", "Nadie", "B58378431"), headings=HEADINGS[:3], duplicates="card"
        )
        self.assertNotEqual(job.row_ids.state, "done")
        self.assertIn("another company", job.row_ids.reason)

    def test_customers_are_for_all_companies_or_for_one(self):
        headings = HEADINGS[:2]
        one = self.move_in(("1", "Peña"), headings=headings)
        self.assertFalse(self.get_customer(one).company_id)
        two = self.move_in(("2", "Soto"), headings=headings, is_company_only=True)
        self.assertEqual(self.get_customer(two).company_id, self.env.company)
