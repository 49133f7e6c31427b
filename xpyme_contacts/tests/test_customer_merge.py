from ast import literal_eval

from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestPartnerMerge(CustomerCase):
    def merge(self, partners, into):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            partners.ids, into
        )

    def test_mirrors_of_merged_customers_become_one_that_lacks_nothing(self):
        kept = self.make_customer("ACME", email="a@example.com", street="Uno 1")
        gone = self.make_customer("ACME", email="a@example.com", street="Dos 2")
        mirror = self.get_mirror(kept)
        mirror.phone = False
        self.get_mirror(gone).write({"phone": "972 00 00 01", "no_mailing": True})
        note = self.get_mirror(gone).activity_schedule("mail.mail_activity_data_todo")
        self.merge(kept | gone, kept)
        self.assertFalse(gone.exists())
        self.assertEqual(self.get_mirror(kept), mirror)
        self.assertIn("00 00 01", mirror.phone)
        self.assertTrue(mirror.no_mailing)
        self.assertEqual(note.res_id, mirror.id)
        kept.street = "Tres 3"
        self.assertEqual(mirror.street, "Tres 3")

    def test_mirrors_that_differ_stay_two_and_follow_the_survivor(self):
        kept = self.make_customer("ACME", email="a@example.com", street="Uno 1")
        gone = self.make_customer("ACME", email="a@example.com", street="Dos 2")
        mirrors = self.get_mirror(kept) | self.get_mirror(gone)
        for mirror, function in zip(mirrors, ("Compras", "Taller"), strict=True):
            mirror.function = function
        self.merge(kept | gone, kept)
        self.assertEqual(self.get_mirror(kept), mirrors)
        self.assertEqual(mirrors.mapped("street"), ["Uno 1", "Uno 1"])
        kept.street = "Tres 3"
        self.assertEqual(mirrors.mapped("street"), ["Tres 3", "Tres 3"])

    def test_mirrors_of_two_users_stay_two(self):
        kept = self.make_customer("ACME", email="a@example.com")
        gone = self.make_customer("ACME", email="a@example.com")
        mirrors = self.get_mirror(kept) | self.get_mirror(gone)
        self.env["res.users"].with_context(no_reset_password=True).create(
            [
                {
                    "partner_id": mirror.id,
                    "login": f"portal{mirror.id}@example.com",
                    "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                }
                for mirror in mirrors
            ]
        )
        self.merge(kept | gone, kept)
        self.assertEqual(mirrors.exists(), mirrors)

    def test_mirror_of_the_one_gone_is_free_under_another_name(self):
        kept = self.make_customer("ACME", email="a@example.com")
        gone = self.make_customer("Otra", email="a@example.com")
        mirror = self.get_mirror(gone)
        self.merge(kept | gone, kept)
        self.assertEqual(mirror.parent_id, kept)
        self.assertFalse(mirror.is_mirror_contact)
        mirror.email = "libre@example.com"

    def test_two_contacts_merge_into_the_mirror(self):
        customer = self.make_customer("ACME", email="a@example.com")
        other = self.make_contact(customer, "Acme.", email="b@example.com")
        mirror = self.get_mirror(customer)
        self.merge(mirror | other, mirror)
        self.assertEqual(mirror.email, "a@example.com")

    def test_mirror_without_email_takes_that_of_the_contact_gone(self):
        customer = self.make_customer("ACME", email=False)
        other = self.make_contact(customer, "Acme.", email="b@example.com")
        mirror = self.get_mirror(customer)
        self.merge(mirror | other, mirror)
        self.assertEqual(mirror.email, "b@example.com")

    def test_town_of_the_one_gone_is_not_lost(self):
        kept = self.make_customer(
            "ACME", street=False, street2=False, zip=False, city=False, country_id=False
        )
        gone = self.make_customer("ACME", city="Lota", zip="4210000")
        self.merge(kept | gone, kept)
        self.assertEqual((kept.city, kept.zip), ("Lota", "4210000"))
        self.assertEqual(self.get_mirror(kept).mapped("city"), ["Lota"])

    def test_mirrors_are_no_duplicates_of_their_customers(self):
        first = self.make_customer("Uno", email="mismo@example.com")
        second = self.make_customer("Dos", email="mismo@example.com")
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"group_by_email": True}
        )
        wizard.action_start_manual_process()
        groups = [set(literal_eval(line.aggr_ids)) for line in wizard.line_ids]
        self.assertIn({first.id, second.id}, groups)

    def test_customer_paired_with_his_mirror_does_not_stop_the_automatic_merge(self):
        customer = self.make_customer("Uno", email="uno@example.com")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        pair = [customer.id, self.get_mirror(customer).id]
        wizard._process_query(f"SELECT {customer.id}, ARRAY{pair}")
        self.assertFalse(wizard.line_ids)

    def start_merge(self, partners, into):
        wizards = self.env["base.partner.merge.automatic.wizard"].with_context(
            active_model="res.partner", active_ids=partners.ids
        )
        return wizards.create({"dst_partner_id": into.id})

    def test_merging_a_selection_lands_on_the_surviving_card(self):
        kept = self.make_customer("ACME")
        gone = self.make_customer("Otra")
        action = self.start_merge(kept | gone, kept).action_merge()
        self.assertEqual((action["res_model"], action["res_id"]), (kept._name, kept.id))
        self.assertEqual(action["target"], "current")
        nobody = self.start_merge(kept, kept)
        nobody.partner_ids = False
        self.assertEqual(nobody.action_merge()["res_model"], nobody._name)

    def test_the_window_tells_cards_apart_by_what_the_shop_knows(self):
        salesperson = self.make_salesperson()
        wizards = self.env["base.partner.merge.automatic.wizard"]
        views = wizards.with_user(salesperson).get_views([(False, "form")])
        told = views["models"]["res.partner"]["fields"]
        for fname in ("ref", "vat", "last_sale_date", "risk_debt"):
            self.assertIn(fname, told)
