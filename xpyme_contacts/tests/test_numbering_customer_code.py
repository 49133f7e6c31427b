from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import db_connect
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ..models.numbering.free_codes import _BLOCK, _BLOCK_SIZE, PARTNERS, Code
from ..tools import code_format
from .common import CARD, CustomerCase


class CustomerCodeCase(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A range of codes of its own, whatever the database holds.
        cls.env["xpyme.alternative.code"].search([]).unlink()
        cls.Partner.with_context(active_test=False).search(
            [("customer_code", "!=", 0)]
        ).write({"ref": False})

    def make_coded(self, *codes, **vals):
        return self.Partner.union(
            *(self.make_customer(f"C{code}", ref=str(code), **vals) for code in codes)
        )

    def get_next_code(self):
        return self.make_customer().customer_code

    def assertRefused(self, function, error=ValidationError):
        with self.assertRaises(error) as refusal, self.env.cr.savepoint():
            function()
        return str(refusal.exception)

    def make_companies(self):
        return self.env["res.company"].create([{"name": "Uno"}, {"name": "Dos"}])


@tagged("post_install", "-at_install")
class TestCustomerCode(CustomerCodeCase):
    # === THE FIRST FREE CODE ===#

    def test_first_gap_else_the_one_after_the_last(self):
        for codes, expected in (
            ((1, 2, 4), 3),
            ((1, 2, 3), 4),
            ((), 1),
            ((2,), 1),
            ((999_999,), 1),
        ):
            with self.subTest(codes=codes):
                customers = self.make_coded(*codes)
                new = self.make_customer()
                self.assertEqual(new.ref, str(expected))
                self.assertEqual(new.customer_code, expected)
                (customers | new).unlink()

    def test_button_gives_the_first_gap_and_keeps_the_lowest_possible_one(self):
        customers = self.make_coded(1, 2, 4)
        new = self.make_customer(ref="77")
        new.action_next_customer_code()
        self.assertEqual(new.ref, "3")
        self.assertIn("77 → 3", new.message_ids[0].body)
        new.action_next_customer_code()
        self.assertEqual(new.ref, "3")
        customers[1].unlink()
        new.action_next_customer_code()
        self.assertEqual(new.ref, "2")

    def test_batch_takes_one_gap_each(self):
        self.make_coded(2, 5)
        customers = self.Partner.create(
            [
                {"name": "A", "customer_flag": True},
                {"name": "B", "customer_flag": True, "ref": "003"},
                {"name": "C", "customer_flag": True, "ref": ""},
                {"name": "D", "customer_rank": 1},
                {"name": "Proveedor", "supplier_rank": 1},
            ]
        )
        self.assertEqual(customers.mapped("ref"), ["1", "3", "4", "6", False])
        self.assertEqual(customers.mapped("customer_code"), [1, 3, 4, 6, 0])

    def test_archived_customer_keeps_his_code(self):
        self.make_coded(1).active = False
        self.assertEqual(self.get_next_code(), 2)

    def test_code_of_a_deleted_customer_is_free(self):
        customers = self.make_coded(1, 2)
        customers[0].unlink()
        self.assertEqual(self.get_next_code(), 1)

    def test_alternative_codes_are_not_free(self):
        customer = self.make_coded(1)
        customer.alternative_code_ids = [Command.create({"name": "002"})]
        self.assertEqual(self.get_next_code(), 3)

    def test_all_in_use_is_told(self):
        self.make_coded(2, 3)
        self.patch(code_format, "HIGHEST", 3)
        self.assertEqual(self.get_next_code(), 1)
        message = self.assertRefused(self.make_customer, UserError)
        self.assertIn("1 to 3", message)

    def test_any_number_of_codes_may_be_given_meanwhile(self):
        """Others give codes one by one while this transaction sees none of them."""
        given = range(1, 100)
        rounds = []

        def read_others(_self, numbers, names=()):
            rounds.append(numbers)
            return [
                Code(PARTNERS, 0, str(code), 0, None)
                for code in numbers
                if code in given
            ]

        Register = self.env.registry["xpyme.code.register"]
        with patch.object(Register, "_read_others", read_others):
            codes = self.env["xpyme.code.register"]._get_free_codes(1, None)
        self.assertEqual(codes, [100])
        self.assertLess(len(rounds), 5)

    def test_few_codes_are_asked_about_beside_an_import(self):
        """A list of thousands is slow on a table that grows: nobody waits for it."""
        rounds = []

        def read_others(_self, numbers, names=()):
            rounds.append(len(numbers))
            return []

        Register = self.env.registry["xpyme.code.register"]
        with (
            db_connect(self.env.cr.dbname).cursor() as importing,
            patch.object(Register, "_read_others", read_others),
            self.assertQueryCount(12),
        ):
            importing.execute(
                SQL(
                    "SELECT pg_advisory_xact_lock(hashtext(%s), block)"
                    " FROM generate_series(0, 19) AS block",
                    _BLOCK,
                )
            )
            codes = self.env["xpyme.code.register"]._get_free_codes(1, None)
        self.assertEqual(codes, [20 * _BLOCK_SIZE])
        self.assertEqual(len(rounds), 1)
        self.assertLess(rounds[0], 50)

    def test_customers_of_several_companies_in_one_batch(self):
        mine, other = self.make_companies()
        rows = [(mine, 1), (other, 1), (False, 2), (mine, 3), (other, 3)]
        customers = self.Partner.create(
            [
                {"name": "X", "customer_rank": 1, "company_id": company and company.id}
                for company, _code in rows
            ]
        )
        by_company = [(c.company_id, c.customer_code) for c in customers]
        self.assertEqual(len(set(by_company)), 5)
        shared = customers[2].customer_code
        self.assertNotIn(shared, (customers - customers[2]).mapped("customer_code"))

    def test_creation_takes_no_query_per_customer(self):
        def count(number):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.Partner.create(
                [{"name": f"C{i}", "customer_flag": True} for i in range(number)]
            )
            self.env.flush_all()
            return self.cr.sql_log_count - before

        def count_stock(number):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            parents = self.Partner.create([{"name": f"C{i}"} for i in range(number)])
            self.Partner.create([{"name": "x", "parent_id": p.id} for p in parents])
            self.env.flush_all()
            return self.cr.sql_log_count - before

        for function in (count, count_stock):
            function(1)
        self.assertLessEqual(count(30) - count(10), count_stock(30) - count_stock(10))

    def test_a_change_of_phone_asks_nothing_of_codes(self):
        customer = self.make_customer()
        self.env.flush_all()
        customer.phone = "1"
        self.assertFalse(
            self.env.records_to_compute(self.Partner._fields["customer_code"])
        )

    # === TYPED CODES ===#

    def test_typed_code_is_stored_one_way(self):
        customer = self.make_customer(ref=" 000015 ")
        self.assertEqual((customer.ref, customer.customer_code), ("15", 15))
        customer.ref = "0007"
        self.assertEqual((customer.ref, customer.customer_code), ("7", 7))
        customer.ref = "00007"
        self.assertEqual(customer.ref, "7")
        self.assertEqual(self.make_customer(ref=9).ref, "9")

    def test_bad_code_is_refused(self):
        customer = self.make_customer(ref="15")
        for code in ("12a", "0", "-3", "1000000", "1.5", "quince", "000"):
            with self.subTest(code=code):
                message = self.assertRefused(lambda c=code: self.make_customer(ref=c))
                self.assertIn(code.lstrip("0") or "0", message)
                self.assertIn("999999", message)
                self.assertRefused(lambda c=code: customer.write({"ref": c}))
        self.assertEqual(customer.ref, "15")

    def test_second_customer_with_a_code_is_told_whose_it_is(self):
        owner = self.make_customer("Dueño S.A.", ref="15")
        other = self.make_customer("Otra", ref="16")
        for active in (True, False):
            owner.active = active
            for attempt in (
                lambda: self.make_customer(ref="015"),
                lambda: other.write({"ref": "15"}),
            ):
                message = self.assertRefused(attempt)
                self.assertIn("Dueño S.A.", message)
        self.assertEqual(other.ref, "16")

    def test_same_code_twice_in_one_batch(self):
        rows = [{"name": n, "customer_rank": 1, "ref": "15"} for n in "AB"]
        self.assertRefused(lambda: self.Partner.create(rows))

    def test_two_codes_change_places(self):
        one, two = self.make_coded(1, 2)
        one.ref = "3"
        two.ref = "1"
        one.ref = "2"
        self.assertEqual((one.customer_code, two.customer_code), (2, 1))

    def test_import_names_each_bad_row(self):
        self.make_customer("Dueño S.A.", ref="15")
        result = self.Partner.load(
            ["name", "customer_rank", "ref"],
            [["A", "1", "015"], ["B", "1", "12a"], ["C", "1", "16"]],
        )
        self.assertFalse(result["ids"])
        texts = " ".join(message["message"] for message in result["messages"])
        self.assertIn("Dueño S.A.", texts)
        self.assertIn("12a", texts)

    def test_import_gives_blank_rows_a_code(self):
        result = self.Partner.load(
            ["name", "customer_rank", "ref"], [["A", "1", "0001"], ["B", "1", ""]]
        )
        self.assertEqual(self.Partner.browse(result["ids"]).mapped("ref"), ["1", "2"])

    def test_form(self):
        partners = self.env["res.partner"].with_context(
            res_partner_search_mode="customer", default_is_company=True
        )
        with Form(partners, CARD) as form:
            form.name = "Panadería"
        self.assertEqual(form.record.ref, "1")
        with Form(partners, CARD) as form:
            form.name = "Otra"
            form.ref = "00020"
        self.assertEqual(form.record.ref, "20")

    # === PROPOSING A CODE ===#

    def propose(self, **context):
        partners = self.Partner.with_context(
            res_partner_search_mode="customer", default_is_company=True, **context
        )
        return partners.default_get(["name", "ref", "proposed_code", "customer_flag"])

    def test_new_card_shows_its_code_before_it_is_saved(self):
        self.make_coded(1, 3)
        values = self.propose()
        self.assertEqual((values["ref"], values["proposed_code"]), ("2", "2"))
        self.assertEqual(self.propose()["ref"], "2", "It reserves nothing.")
        customer = self.Partner.create({"name": "A", **values})
        self.assertEqual(customer.ref, "2")
        self.assertNotIn("ref", self.Partner.default_get(["ref", "proposed_code"]))
        partners = self.Partner.with_context(res_partner_search_mode="customer")
        self.assertNotIn("ref", partners.default_get(["name", "ref"]))

    def test_code_taken_meanwhile_is_replaced_unless_it_was_typed(self):
        values = {"name": "B", **self.propose()}
        self.make_coded(1)
        self.assertEqual(self.Partner.create({**values}).ref, "2")
        self.assertEqual(self.Partner.create({**values, "ref": "7"}).ref, "7")
        text = self.assertRefused(lambda: self.Partner.create({**values, "ref": "07"}))
        self.assertIn("The code 7 belongs to B.", text)
        typed = {**values, "ref": "1", "proposed_code": "3"}
        self.assertRefused(lambda: self.Partner.create(typed))

    def test_cards_of_one_proposal_that_are_saved_together_get_a_code_each(self):
        values = self.propose()
        cards = self.Partner.create([{"name": name, **values} for name in "BCD"])
        self.assertEqual(cards.mapped("ref"), ["1", "2", "3"])

    def test_who_becomes_no_customer_leaves_the_proposed_code(self):
        values, parent = self.propose(), self.make_customer(ref="9")
        contact = {"is_company": False, "parent_id": parent.id}
        contact = self.Partner.create({"name": "C", **values, **contact})
        self.assertFalse(contact.ref)

    def test_code_is_proposed_in_the_range_of_its_company(self):
        uno, dos = self.make_companies()
        self.make_coded(1, company_id=uno.id)
        self.assertEqual(self.propose(default_company_id=uno.id)["ref"], "2")
        values = self.propose(default_company_id=dos.id)
        self.assertEqual(values["ref"], "1")
        customer = self.Partner.create({"name": "D", **values, "company_id": uno.id})
        self.assertEqual(customer.ref, "2")

    def test_duplicate_gets_a_code_of_its_own(self):
        customer = self.make_customer(ref="15")
        self.assertEqual(customer.copy().ref, "1")
        self.assertEqual(customer.copy({"ref": "44"}).ref, "44")

    def test_code_can_be_taken_away(self):
        customer = self.make_customer(ref="15")
        customer.ref = "  "
        self.assertFalse(customer.ref)
        self.assertEqual(customer.customer_code, 0)
        self.assertFalse(customer.code_needs_review)

    # === WHO HAS A CODE ===#

    def test_references_of_others_are_left_alone(self):
        customer = self.make_customer(ref="15")
        supplier = self.Partner.create({"name": "P", "supplier_rank": 1, "ref": "015"})
        contact = self.make_contact(customer, ref="12a")
        self.assertEqual((supplier.ref, contact.ref), ("015", "12a"))
        contact.ref = "0015"
        self.assertEqual(contact.ref, "0015")
        self.assertEqual((supplier | contact).mapped("customer_code"), [0, 0])
        self.assertRefused(supplier.action_next_customer_code, UserError)

    def test_contact_of_the_customer_gets_no_code(self):
        self.assertFalse(self.make_customer().contact_ids.ref)

    def test_portal_access_does_not_free_the_code(self):
        customer = self.make_customer(ref="1")
        self.env["res.users"].create(
            {
                "login": "portal_customer",
                "partner_id": customer.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self.assertEqual(customer.customer_code, 1)
        self.assertEqual(self.get_next_code(), 2)

    def test_customers_by_a_default_take_no_code_of_their_batch(self):
        self.env["ir.default"].set("res.partner", "customer_rank", 1)
        for first in ({"ref": "1"}, {"customer_flag": True}):
            with self.cr.savepoint() as savepoint:
                batch = self.Partner.create([{"name": "A", **first}, {"name": "B"}])
                self.env.flush_all()
                self.assertEqual(batch.mapped("ref"), ["1", "2"])
                self.assertEqual(batch.mapped("customer_code"), [1, 2])
                savepoint.rollback()

    def test_a_code_of_a_customer_by_a_default_is_judged(self):
        self.make_customer(ref="7")
        self.env["ir.default"].set("res.partner", "customer_rank", 1)
        self.assertRefused(lambda: self.Partner.create({"name": "B", "ref": "7"}))
        self.assertEqual(self.Partner.create({"name": "B", "ref": " 08 "}).ref, "8")

    def test_a_code_by_a_default_is_judged(self):
        self.make_customer(ref="7")
        partners = self.Partner.with_context(default_customer_rank=1)
        taken, free = (partners.with_context(default_ref=ref) for ref in ("7", " 08 "))
        self.assertRefused(lambda: taken.create({"name": "B"}))
        self.assertEqual(free.create({"name": "B"}).ref, "8")

    def test_who_is_only_marked_takes_no_code(self):
        choosing = self.Partner.with_context(res_partner_search_mode="customer")
        card, other = choosing.create(
            [{"name": "A"}, {"name": "B", "customer_rank": 0, "is_company": True}]
        )
        self.assertTrue(card.customer_code)
        self.assertFalse(other.ref)

    def test_partner_who_becomes_a_customer_later(self):
        """By his first invoice; the list action gives a code to who has none."""
        self.make_customer(ref="15")
        free, taken, none = self.Partner.create(
            [
                {"name": "A", "ref": "020"},
                {"name": "B", "ref": "15"},
                {"name": "C"},
            ]
        )
        (free | taken | none)._increase_rank("customer_rank")
        self.assertEqual((free.ref, free.customer_code), ("020", 20))
        self.assertEqual((taken.ref, taken.customer_code), ("15", 0))
        self.assertTrue(taken.code_needs_review)
        self.assertFalse(none.ref)
        (free | taken | none)._filtered_without_code().action_next_customer_code()
        self.assertEqual((free.ref, taken.ref, none.ref), ("020", "15", "1"))

    # === USERS ===#

    def test_salesperson_uses_codes(self):
        partners = self.Partner.with_user(self.make_salesperson())
        customer = partners.create({"name": "X", "customer_flag": True})
        self.assertEqual(customer.ref, "1")
        customer.ref = "20"
        customer.action_next_customer_code()
        self.assertEqual(customer.ref, "1")

    def test_technician_is_refused(self):
        customer = self.make_customer(ref="20").with_user(self.make_technician())
        self.assertRefused(customer.action_next_customer_code, AccessError)
        self.assertRefused(lambda: customer.write({"ref": "21"}), AccessError)
        self.assertEqual(customer.ref, "20")
