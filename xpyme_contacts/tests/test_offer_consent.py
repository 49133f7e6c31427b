from base64 import b64encode
from datetime import timedelta
from hashlib import sha256

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.xpyme_contacts.hooks import join_forms
from odoo.addons.xpyme_contacts.models.offer.consent import CONSENT_KEY
from odoo.addons.xpyme_contacts.tools.address_mark import get_mark

from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferConsent(OfferCase):
    def test_salesperson_notes_it_in_his_own_name(self):
        consent = self.make_consent(
            " ACME@Example.com",
            kind="granted",
            source="one_click",
            user_id=self.manager.id,
            text="Ficha",
        )
        self.assertEqual(
            (consent.email, consent.source, consent.user_id),
            ("acme@example.com", "typed", self.salesperson),
        )

    def test_register_only_grows(self):
        consent = self.make_consent()
        for user in (self.salesperson, self.manager):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                consent.with_user(user).write({"kind": "granted"})
            with self.assertRaises(UserError), self.env.cr.savepoint():
                consent.with_user(user).unlink()
        with self.assertRaises(ValidationError):
            self.make_consent(email="nadie")

    def test_forgotten_person_stays_refused_and_proved(self):
        consent = self.make_consent(partner_id=self.acme.id, text="Por teléfono")
        with self.assertRaises(AccessError):
            consent.with_user(self.salesperson).action_anonymise()
        consent.with_user(self.manager).action_anonymise()
        self.assertEqual(
            (consent.email, consent.partner_id.id, consent.kind, consent.text),
            (False, False, "withdrawn", False),
        )
        self.assertEqual(consent.email_hash, consent._hash("acme@example.com"))
        campaign = self.prepare(self.acme, products=[self.paint])
        self.assertEqual(campaign.offer_ids.skip_reason, "opted_out")

    def test_who_was_forgotten_is_not_found_by_a_list_of_addresses(self):
        """The mark needs a key of this database, which a list does not have."""
        consent = self.make_consent(user=self.manager)
        consent.action_anonymise()
        plain = sha256(b"acme@example.com")
        self.assertNotIn(
            consent.email_hash, (plain.hexdigest(), sha256(plain.digest()).hexdigest())
        )
        with self.assertRaises(AccessError):
            parameters = self.env["ir.config_parameter"].with_user(self.manager)
            parameters.search([("key", "like", "xpyme_contacts")])
        secret = self.env["ir.config_parameter"].search([("key", "=", CONSENT_KEY)])
        self.assertGreaterEqual(len(secret.value), 64)
        secret.value = 64 * "0"
        self.assertNotEqual(consent._hash("acme@example.com"), consent.email_hash)

    def test_mark_of_any_address_is_the_same_in_both_languages(self):
        """Python writes it, SQL looks for it."""
        consents = self.env["xpyme.offer.consent"]
        for address in ("acme@example.com", "ñandú@example.cl", "a'b@x.cl", ""):
            query = SQL("SELECT %s", consents._get_hash_sql(SQL("%s::text", address)))
            [(mark,)] = self.env.execute_query(query)
            self.assertEqual(mark, consents._hash(address))

    def test_customers_data_are_exported_with_his_consents(self):
        self.make_consent(partner_id=self.acme.id, email="old@example.com")
        self.make_consent(kind="granted", text="Ficha")
        self.beta.document_email = "bills@example.com"
        self.make_consent(email="bills@example.com", text="Correo")
        self.make_consent(email="other@example.com")
        self.make_consent(partner_id=self.beta.id, email="beta@example.com")
        self.salesperson.group_ids |= self.env.ref("base.group_allow_export")
        path = "offer_consent_ids/"
        customers = (self.acme | self.beta).with_user(self.salesperson)
        rows = customers.export_data(
            ["name", path + "email", path + "kind", path + "text"]
        )["datas"]
        self.assertEqual(
            rows,
            [
                [self.acme.name, "acme@example.com", "Agreed to offers", "Ficha"],
                ["", "old@example.com", "Refused offers", ""],
                [self.beta.name, "beta@example.com", "Refused offers", ""],
                ["", "bills@example.com", "Refused offers", "Correo"],
            ],
        )

    def test_button_lists_what_is_exported(self):
        self.make_consent(partner_id=self.acme.id, email="old@example.com")
        self.make_consent(kind="granted", text="Ficha")
        action = self.acme.action_open_offer_consents()
        found = self.env["xpyme.offer.consent"].search(action["domain"])
        self.assertEqual(found, self.acme.offer_consent_ids)

    def test_consents_of_many_customers_are_one_query(self):
        customers = self.acme | self.beta
        self.make_consent(partner_id=self.beta.id)
        self.env.flush_all()
        customers.invalidate_recordset(["offer_consent_ids"])
        customers.mapped("email")
        with self.assertQueryCount(2):
            customers.mapped("offer_consent_ids")

    def test_technician_reads_no_consents(self):
        self.make_consent(partner_id=self.acme.id)
        self.technician.group_ids |= self.salesperson.group_ids
        customer = self.acme.with_user(self.technician)
        self.assertFalse(customer.offer_consent_ids)

    def test_consents_are_of_ones_company(self):
        self.make_consent(partner_id=self.acme.id)
        other = self.env["res.company"].create({"name": "Otra"})
        self.salesperson.company_ids |= other
        customer = self.acme.with_user(self.salesperson)
        for companies, count in ((other, 0), (self.company, 1)):
            seen = customer.with_context(allowed_company_ids=companies.ids)
            self.assertEqual(len(seen.offer_consent_ids), count, companies.name)

    def test_privacy_lookup_finds_the_consents(self):
        self.make_consent(partner_id=self.acme.id)
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": self.acme.name, "email": "acme@example.com"}
        )
        wizard.action_lookup()
        self.assertIn("xpyme.offer.consent", wizard.line_ids.mapped("res_model"))

    def test_deleted_customer_leaves_the_proof(self):
        consent = self.make_consent(partner_id=self.beta.id)
        self.beta.child_ids.unlink()
        self.beta.unlink()
        self.assertTrue(consent.exists())


@tagged("post_install", "-at_install")
class TestOfferConsentTruth(OfferCase):
    """What holds is what was said last, not what was typed last."""

    def get_reason(self):
        campaign = self.prepare(self.acme, products=[self.paint])
        return campaign.offer_ids.skip_reason

    def days_ago(self, days):
        return fields.Datetime.now() - timedelta(days=days)

    def refuses(self, **vals):
        with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
            self.make_consent(**vals)
        return str(caught.exception)

    def test_an_old_paper_does_not_undo_a_later_refusal(self):
        for own in (True, False):
            refuse = self.note_own if own else self.make_consent
            refuse(kind="withdrawn", date=self.days_ago(10))
            self.make_consent(kind="granted", date=self.days_ago(800), text="Ficha")
            self.assertEqual(self.get_reason(), "opted_out")

    def test_an_old_refusal_does_not_undo_a_later_consent(self):
        self.make_consent(kind="granted", date=self.days_ago(5), text="Ficha")
        self.make_consent(kind="withdrawn", date=self.days_ago(50))
        self.assertFalse(self.get_reason())

    def test_a_consent_needs_words_or_a_file(self):
        for text in (False, "  "):
            self.assertIn("acme@example.com", self.refuses(kind="granted", text=text))
        self.make_consent(kind="granted", evidence=b64encode(b"firma"))
        self.make_consent(kind="withdrawn")

    def test_nothing_is_said_in_the_future(self):
        future = fields.Datetime.now() + timedelta(hours=1)
        for kind in ("granted", "withdrawn"):
            self.refuses(kind=kind, date=future, text="Ficha")

    def test_who_left_by_their_own_hand_comes_back_with_evidence_only(self):
        self.note_own(date=self.days_ago(10))
        told = self.refuses(kind="granted", text="Llamó")
        self.assertIn("Attach", told)
        self.assertEqual(self.get_reason(), "opted_out")
        evidence = b64encode(b"firma")
        self.make_consent(kind="granted", text="Vino", evidence=evidence)
        self.assertFalse(self.get_reason())

    def test_who_came_back_by_their_own_hand_is_taken_at_our_word_again(self):
        self.note_own(date=self.days_ago(10))
        self.note_own(kind="granted", date=self.days_ago(8))
        self.make_consent(kind="withdrawn", date=self.days_ago(6))
        self.make_consent(kind="granted", text="Llamó")
        self.assertFalse(self.get_reason())

    def test_a_list_is_tried_before_it_is_imported(self):
        """Odoo's own import: *Test* tells each line that would be refused."""
        self.note_own("beta@example.com", date=self.days_ago(10))
        rows = [
            ("acme@example.com", "granted", "2020-01-01 10:00:00", "Ficha de alta"),
            ("beta@example.com", "granted", "2020-01-01 10:00:00", "Ficha de alta"),
            ("acme@example.com", "granted", "2090-01-01 10:00:00", "Ficha de alta"),
            ("beta@example.com", "granted", "2020-01-01 10:00:00", ""),
        ]
        names = ["email", "kind", "date", "text"]
        lines = [names, *rows]
        content = "\n".join(",".join(line) for line in lines)
        wizard = self.env["base_import.import"].with_user(self.salesperson)
        wizard = wizard.create(
            {
                "res_model": "xpyme.offer.consent",
                "file": content.encode(),
                "file_name": "papeles.csv",
                "file_type": "text/csv",
            }
        )
        options = {"quoting": '"', "separator": ",", "has_headers": True}
        options.update(date_format="", datetime_format="", encoding="utf-8")
        count = self.env["xpyme.offer.consent"].search_count([])
        result = wizard.execute_import(names, names, options, dryrun=True)
        told = {m["record"]: m["message"] for m in result["messages"]}
        # Core tells the first error of a batch at its first row too.
        self.assertEqual(set(told) - {0}, {2, 3})
        self.assertIn("still to come", told[2])
        self.assertEqual(self.env["xpyme.offer.consent"].search_count([]), count)

    def test_line_tells_whether_it_holds(self):
        old = self.make_consent(kind="granted", date=self.days_ago(9), text="Ficha")
        self.assertTrue(old.holds)
        new = self.note_own()
        (old | new).invalidate_recordset(["holds"])
        self.assertEqual((old.holds, new.holds), (False, True))

    def test_what_is_empty_proves_nothing(self):
        self.note_own()
        for vals in (
            {"evidence": " "},
            {"evidence": "===="},
            {"evidence": b64encode(b" \n").decode()},
            {"text": "\u200b\u2060"},
        ):
            with (
                self.subTest(vals),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.make_consent("acme@example.com", kind="granted", **vals)

    def test_both_forms_of_a_domain_are_one_mailbox(self):
        wire = "ana@xn--uble-fqa.cl"
        for typed, said in (("ana@ñuble.cl", wire), (wire, "ana@ñuble.cl")):
            customer = self.make_customer(typed, email=typed)
            with self.subTest(typed), self.cr.savepoint() as savepoint:
                self.note_own(said)
                campaign = self.prepare(customer, products=[self.paint])
                self.assertEqual(campaign.offer_ids.skip_reason, "opted_out")
                savepoint.rollback()
            with self.subTest(typed), self.cr.savepoint() as savepoint:
                self.env["mail.blacklist"]._add(said)
                campaign = self.prepare(customer, products=[self.paint])
                self.assertEqual(campaign.offer_ids.skip_reason, "no_mailing")
                self.env["mail.blacklist"]._remove(said)
                campaign = self.prepare(customer, products=[self.paint])
                self.assertEqual(campaign.offer_ids.state, "ready")
                campaign.action_approve()
                with self.outbox() as server:
                    server.run()
                self.assertEqual(server.addresses, [wire])
                savepoint.rollback()

    def test_what_was_stored_in_the_other_form_is_found(self):
        wire, box = "ana@xn--uble-fqa.cl", "ana@ñuble.cl"
        beta_wire = "beta@xn--uble-fqa.cl"
        self.acme.email, self.beta.email = box, "beta@ñuble.cl"
        consent = self.note_own(box)
        dead = self.env["xpyme.offer.suppression"]
        dead._note(box, "hard", "550", self.env["xpyme.offer"])
        waiting = self.prepare(self.acme | self.beta, products=[self.paint]).offer_ids
        self.env.flush_all()
        mark = get_mark(consent._get_key(), wire)
        for statement, values in (
            (
                "UPDATE xpyme_offer_consent SET email = %s, email_hash = %s",
                (wire, mark),
            ),
            ("UPDATE xpyme_offer_suppression SET email = %s", (wire,)),
            ("UPDATE xpyme_offer SET email = %s WHERE state = 'ready'", (beta_wire,)),
            (
                "INSERT INTO mail_blacklist (email, active) VALUES (%s, TRUE)",
                (beta_wire,),
            ),
        ):
            self.env.cr.execute(statement, values)
        self.env.invalidate_all()
        self.assertFalse(self.acme.offers_refused or self.beta.no_mailing)
        join_forms(self.env)
        self.assertEqual(
            (self.acme.offers_refused, self.acme.dead_mailboxes), (box, box)
        )
        self.assertTrue(self.beta.no_mailing)
        self.assertEqual({*waiting.mapped("email")}, {box, "beta@ñuble.cl"})
        join_forms(self.env)

    def test_who_leaves_by_a_mail_to_the_other_form_has_left(self):
        self.acme.email = "ana@ñuble.cl"
        offer = self.prepare(self.acme, products=[self.paint]).offer_ids
        self.env.cr.execute("UPDATE xpyme_offer SET email = 'ana@xn--uble-fqa.cl'")
        self.env.invalidate_all()
        offer._refuse_offers("page")
        self.assertTrue(offer._is_refused())
        self.assertEqual(self.acme.offers_refused, "ana@ñuble.cl")

    def test_what_was_said_to_a_company_holds_for_its_branches(self):
        branch = self.env["res.company"].create(
            {"name": "Sucursal", "parent_id": self.company.id}
        )
        branch.offer_basis_required = False
        other = self.env["res.company"].create({"name": "Otra"})
        other.offer_basis_required = False
        self.env.user.company_ids |= branch | other
        old = self.note_own()
        for company, reason in ((branch, "opted_out"), (other, False)):
            campaign = self.prepare(
                self.acme, products=[self.paint], company_id=company.id
            )
            self.assertEqual(campaign.offer_ids.skip_reason, reason)
        with self.assertRaises(ValidationError):
            self.make_consent(kind="granted", text="Ficha", company_id=branch.id)
        self.note_own(kind="granted", company_id=branch.id)
        self.assertFalse(old.holds)
        self.assertFalse(self.acme.offers_refused)

    def test_a_list_leaves_out_who_refused_in_any_company(self):
        self.note_own()
        other = self.env["res.company"].create({"name": "Otra"})
        self.env.user.company_ids |= other
        export = self.env["xpyme.email.export"].with_context(
            active_ids=self.acme.ids, allowed_company_ids=other.ids
        )
        with self.assertRaises(UserError):
            export.create({"skip_no_mailing": True}).action_export()
