from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..models.contact.mirror import ResPartner
from .common import ADDRESS, CustomerCase

NEW_ADDRESS = {"street": "Prat 1", "street2": False, "zip": "17001", "city": "Girona"}


def _write_as_in_stock(partners, vals):
    return super(ResPartner, partners).write(vals)


@tagged("post_install", "-at_install")
class TestMirrorContact(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.mirror = cls.get_mirror(cls.customer)
        cls.other = cls.make_contact(
            cls.customer, email="juan@example.com", street="Propia 9", phone="1"
        )

    def assertRefused(self, record, vals):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            record.write(vals)

    # --- the lock

    def test_email_and_address_are_locked(self):
        for vals in (
            {"email": "x@example.com"},
            {"email": False},
            {"street": "Otra 1"},
            {"city": "Temuco"},
            {"country_id": self.spain.id},
            {"street_name": "Otra"},
        ):
            self.assertRefused(self.mirror, vals)
        self.assertEqual(self.mirror.email, "acme@example.com")
        self.assertAddress(self.mirror, ADDRESS)

    def test_lock_holds_for_the_postal_code_alias(self):
        city = self.env["res.city"].create(
            {"name": "Girona", "country_id": self.spain.id}
        )
        zip_id = self.env["res.city.zip"].create({"name": "17001", "city_id": city.id})
        self.assertRefused(self.mirror, {"zip_id": zip_id.id})
        self.customer.zip_id = zip_id
        self.assertEqual(
            (self.mirror.zip, self.mirror.city, self.mirror.country_id),
            ("17001", "Girona", self.spain),
        )

    def test_lock_holds_through_the_customers_one2many(self):
        command = Command.update(self.mirror.id, {"email": "x@example.com"})
        self.assertRefused(self.customer, {"child_ids": [command]})
        self.assertRefused(self.customer, {"contact_ids": [command]})

    def test_batch_is_refused_whole(self):
        self.assertRefused(self.mirror | self.other, {"email": "x@example.com"})
        self.assertEqual(self.other.email, "juan@example.com")

    def test_no_context_of_a_client_opens_the_lock(self):
        for key in ("xpyme_mirror_unlocked", "_partners_skip_fields_sync", "bypass"):
            self.assertRefused(
                self.mirror.with_context(**{key: True}), {"email": "x@example.com"}
            )

    def test_same_values_pass(self):
        self.mirror.write({"email": "acme@example.com", "street": "Freire 247"})

    def test_phone_position_and_notes_are_his(self):
        self.mirror.write({"phone": "555", "function": "Dueña", "comment": "hola"})
        self.assertEqual(self.mirror.phone, "555")

    def test_renamed_away_he_is_free_in_the_same_write(self):
        self.mirror.write({"name": "Ana", "email": "ana@example.com"})
        self.assertFalse(self.mirror.is_mirror_contact)
        self.assertEqual(self.mirror.email, "ana@example.com")
        self.customer.email = "otro@example.com"
        self.assertEqual(self.mirror.email, "ana@example.com")

    # --- following

    def test_follows_email_and_address_and_nobody_else_does(self):
        self.customer.write({"email": "nuevo@example.com", **NEW_ADDRESS})
        self.assertEqual(self.mirror.email, "nuevo@example.com")
        self.assertAddress(self.mirror, NEW_ADDRESS)
        self.assertEqual(self.other.email, "juan@example.com")
        self.assertEqual(self.other.street, "Propia 9")
        self.assertEqual(self.mirror.phone, "41 290 97 25")

    def test_follows_an_emptied_value(self):
        self.customer.write({"email": False, "street2": False})
        self.assertFalse(self.mirror.email)
        self.assertFalse(self.mirror.street2)

    def test_follows_for_many_customers_at_once(self):
        others = self.make_customer("Dos", street="Dos 2") | self.customer
        others.write({"email": "todos@example.com", "city": "Lota"})
        mirrors = self.get_mirror(others)
        self.assertEqual(set(mirrors.mapped("email")), {"todos@example.com"})
        self.assertEqual(set(mirrors.mapped("city")), {"Lota"})
        self.assertEqual(set(mirrors.mapped("street")), {"Dos 2", "Freire 247"})

    def test_two_mirrors_both_follow(self):
        second = self.make_contact(self.customer, " acme  s.a. ")
        self.assertTrue(second.is_mirror_contact)
        self.customer.email = "nuevo@example.com"
        self.assertEqual(second.email, "nuevo@example.com")

    def test_archived_mirror_is_up_to_date_when_restored(self):
        self.mirror.active = False
        self.customer.write({"email": "nuevo@example.com", "city": "Lota"})
        self.mirror.active = True
        self.assertEqual(
            (self.mirror.email, self.mirror.city), ("nuevo@example.com", "Lota")
        )

    def test_native_write_path_of_country_and_state(self):
        state = self.env["res.country.state"].search(
            [("country_id", "=", self.spain.id)], limit=1
        )
        self.customer.state_id = state
        self.assertEqual(self.mirror.state_id, state)
        self.assertEqual(self.mirror.country_id, self.customer.country_id)

    # --- becoming a mirror

    def test_who_takes_the_customers_name_takes_what_is_his(self):
        self.other.name = "Acme s.a."
        self.assertEqual(self.other.email, "acme@example.com")
        self.assertAddress(self.other, ADDRESS)
        self.assertEqual(self.other.phone, "1")
        self.assertIn("juan@example.com", self.other.message_ids[0].body)

    def test_what_the_customer_lacks_the_new_mirror_keeps(self):
        customer = self.make_customer(
            "Vacía",
            email=False,
            phone=False,
            **dict.fromkeys(ADDRESS),
            country_id=False,
        )
        contact = self.make_contact(
            customer, "Otra", email="o@example.com", street="S 1"
        )
        contact.name = "VACÍA"
        self.assertEqual((contact.email, contact.street), ("o@example.com", "S 1"))

    def test_accents_tell_people_apart(self):
        customer = self.make_customer("Peña")
        self.assertFalse(self.make_contact(customer, "Pena").is_mirror_contact)

    def test_renamed_customer_frees_his_mirror_before_the_email_moves(self):
        self.customer.write({"name": "ACME Dos", "email": "dos@example.com"})
        self.assertEqual(self.mirror.name, "ACME S.A.")
        self.assertFalse(self.mirror.is_mirror_contact)
        self.assertEqual(self.mirror.email, "acme@example.com")

    def test_customer_renamed_like_a_contact_makes_him_a_mirror(self):
        self.customer.name = "Juan Pérez"
        self.assertTrue(self.other.is_mirror_contact)
        self.assertEqual(self.other.email, "acme@example.com")

    def test_moved_to_his_namesake_he_becomes_a_mirror(self):
        namesake = self.make_customer("Juan Pérez", email="jp@example.com")
        self.other.parent_id = namesake
        self.assertEqual(self.other.email, "jp@example.com")

    def test_mirror_of_a_partner_who_becomes_a_customer(self):
        plain = self.Partner.create(
            {"name": "Luz", "is_company": True, "email": "luz@example.com"}
        )
        contact = self.make_contact(plain, "Luz", email="vieja@example.com")
        self.assertEqual(contact.email, "vieja@example.com")
        plain.customer_rank = 1
        self.assertEqual(contact.email, "luz@example.com")
        self.assertRefused(contact, {"email": "x@example.com"})

    # --- users

    def test_users_mirror_keeps_his_email_but_follows_the_address(self):
        new_test_user(
            self.env,
            "acme",
            name="ACME S.A.",
            email="ACME@example.com",
            groups="base.group_portal",
            partner_id=self.mirror.id,
        )
        self.mirror.email = "login@example.com"
        self.customer.write({"email": "nuevo@example.com", "city": "Lota"})
        self.assertEqual(self.mirror.email, "login@example.com")
        self.assertEqual(self.mirror.city, "Lota")
        self.assertFalse(self.mirror.is_email_mirrored)
        self.assertTrue(self.mirror.is_address_mirrored)

    def test_archived_users_mirror_is_as_safe(self):
        user = new_test_user(
            self.env,
            "acme",
            name="ACME S.A.",
            email="ACME@example.com",
            groups="base.group_portal",
            partner_id=self.mirror.id,
        )
        user.active = False
        self.customer.email = "nuevo@example.com"
        self.assertEqual(self.mirror.email, "ACME@example.com")

    # --- end of life

    def test_goes_and_comes_with_his_customer(self):
        self.customer.active = False
        self.assertFalse(self.mirror.active)
        self.assertTrue(self.other.active)
        self.customer.active = True
        self.assertTrue(self.mirror.active)

    def test_archived_goes_to_another_company_with_his_customer(self):
        company = self.env["res.company"].create({"name": "Otra empresa"})
        (self.mirror | self.other).action_archive()
        active = self.make_contact(self.customer, "Ana")
        self.customer.company_id = company
        everybody = self.mirror | self.other | active
        self.assertEqual([c.company_id for c in everybody], [company] * 3)
        self.customer.company_id = False
        self.assertFalse(everybody.company_id)

    def test_is_deleted_with_his_customer(self):
        self.customer.unlink()
        self.assertFalse(self.mirror.exists())
        self.assertTrue(self.other.exists())

    def test_customer_with_a_service_location_is_not_deleted(self):
        self.make_order(self.customer)
        with self.assertRaisesRegex(UserError, "Archive the customer instead"):
            self.customer.unlink()
        self.customer.action_archive()
        self.assertFalse(self.customer.active)

    # --- cost

    def test_following_takes_the_same_queries_for_any_number_of_mirrors(self):
        def count(mirrors, others):
            customer = self.make_customer(f"C{mirrors}-{others}")
            self.Partner.create(
                [
                    {"name": customer.name, "parent_id": customer.id}
                    for _i in range(mirrors - 1)
                ]
                + [
                    {"name": f"Otro {i}", "parent_id": customer.id}
                    for i in range(others)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            customer.email = "cuenta@example.com"
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(1, 1)
        few = count(1, 1)
        self.assertEqual(count(20, 1), few)
        self.assertEqual(count(1, 60), few)

    def test_writing_a_phone_costs_nothing(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.customer.phone = f"1{before}"
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count()
        with_rules = count()
        self.patch(type(self.Partner), "write", _write_as_in_stock)
        self.assertLessEqual(with_rules, count())
