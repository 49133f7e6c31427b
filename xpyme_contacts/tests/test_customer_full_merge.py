from odoo import Command
from odoo.tests import tagged

from .common import DocumentCase

VISIT = "xpyme_contacts.activity_type_visit"


@tagged("post_install", "-at_install")
class TestFullMerge(DocumentCase):
    """Two full files become one, and nothing of either is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = cls.make_file("ACME", "901", "kept", cls.RUT)
        cls.gone = cls.make_file("ACME Dos", "902", "gone", False)
        cls.gone_values = {
            fname: cls.gone[fname]
            for fname in ("zip", "city", "zip_id", "country_id", "ip_address", "mobile")
        }
        # What the survivor lacks the other's file brings.
        cls.kept.write(
            {
                "zip_id": False,
                "zip": False,
                "city": False,
                "mobile": False,
                "ip_address": False,
                "service_date": False,
                "customer_type_id": False,
                "customer_route_id": False,
                "document_email": False,
            }
        )
        cls.all = cls.env["res.partner"].with_context(active_test=False)
        cls.before = cls.look(cls.kept, cls.gone)
        cls.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (cls.kept | cls.gone).ids, cls.kept
        )
        cls.env.invalidate_all()

    @classmethod
    def make_file(cls, name, ref, word, vat):
        """A customer with something on every page; ``word`` tells whose it was."""
        env = cls.env
        city = env["res.city"].create({"name": word, "country_id": cls.chile.id})
        env["res.city.zip"].create({"name": word, "city_id": city.id})
        customer = cls.make_customer(
            name,
            ref=ref,
            vat=vat,
            email=f"{word}@example.com, {word}.dos@example.com",
            document_email=f"docs.{word}@example.com",
            zip=word,
            city=False,
            mobile="+56 9 8765 4321",
            ip_address="10.1.2.3",
            service_date="2026-01-02",
            flag_paid=True,
            customer_type_id=env["xpyme.customer.type"].create({"name": word}).id,
            customer_route_id=env["xpyme.customer.route"].create({"name": word}).id,
            alternative_code_ids=[Command.create({"name": f"CARD-{word}"})],
            comment=f"<p>{word}</p>",
            category_id=[Command.create({"name": word})],
        )
        customer.write({"no_mailing": True, "document_no_mailing": True})
        contact = cls.make_contact(
            customer, f"Ana {word}", contact_code="ANA", email=f"ana.{word}@example.com"
        )
        contact.no_mailing = True
        for kind, code in (("delivery", "OBRA"), ("invoice", word)):
            cls.make_contact(
                customer,
                f"{kind} {word}",
                type=kind,
                contact_code=code,
                street=f"Calle {word}",
            )
        category = env["res.partner.id_category"].create({"name": word, "code": word})
        env["res.partner.id_number"].create(
            {"partner_id": customer.id, "category_id": category.id, "name": f"N-{word}"}
        )
        env["res.partner.bank"].create(
            {"partner_id": customer.id, "acc_number": f"1234-{ref}"}
        )
        customer.activity_schedule(VISIT, contact_id=contact.id, summary=word)
        done = customer.activity_schedule(VISIT, contact_id=contact.id, summary=word)
        done.action_feedback(f"Hecho {word}")
        customer.message_post(body=f"Nota {word}")
        order = cls.make_quotation(customer)
        order.contact_id = contact
        cls.make_invoice(partner_id=customer.id, contact_id=contact.id)
        cls.make_order(customer)
        return customer

    @classmethod
    def look(cls, *customers):
        """What belongs to the customers, as texts that tell nothing of whose it is."""
        ids = [customer.id for customer in customers]
        env = cls.env(context={**cls.env.context, "active_test": False})
        family = [("parent_id", "in", ids)]
        own = [("partner_id", "in", ids)]
        follow = [("res_model", "=", "res.partner"), ("res_id", "in", ids)]

        def texts(model, domain, *fields):
            records = env[model].search(domain)
            return sorted(
                " / ".join(
                    str(getattr(r[f], "display_name", None) or r[f]) for f in fields
                )
                for r in records
            )

        people = [*family, ("is_document_mailbox", "=", False)]
        return {
            "contacts and addresses": texts("res.partner", people, "type", "street"),
            "e-mails": texts("res.partner", people, "email", "is_blacklisted"),
            "identification": texts(
                "res.partner.id_number", own, "category_id", "name"
            ),
            "banks": texts("res.partner.bank", own, "acc_number"),
            "follow-up": texts(
                "mail.activity", follow, "summary", "feedback", "active"
            ),
            "contact of the follow-up": [
                activity.contact_id.name
                for activity in env["mail.activity"].search(follow)
            ],
            "orders": texts("sale.order", own, "name"),
            "contact of the orders": sorted(
                env["sale.order"].search(own).contact_id.mapped("name")
            ),
            "invoices": texts("account.move", own, "id"),
            "contact of the invoices": sorted(
                env["account.move"].search(own).contact_id.mapped("name")
            ),
            "service orders": texts(
                "fsm.order", [("service_customer_id", "in", ids)], "name"
            ),
            "refusals": texts("mail.blacklist", [], "email"),
        }

    def test_nothing_that_hangs_on_either_is_lost(self):
        self.assertFalse(self.gone.exists())
        after = self.look(self.kept)
        for page, before in self.before.items():
            self.assertTrue(before, page)
            self.assertEqual(after[page], before, page)

    def test_every_code_finds_the_survivor(self):
        self.assertEqual(self.kept.ref, "901")
        codes = ("901", "902", "CARD-kept", "CARD-gone")
        for code in codes:
            (found, *_rest) = self.env["res.partner"].name_search(code)
            self.assertEqual(found[0], self.kept.id, code)
        names = set(self.kept.alternative_code_ids.mapped("name"))
        self.assertEqual(names, set(codes) - {"901"})

    def test_codes_of_contacts_and_addresses_stay_unique(self):
        children = self.all.search([("parent_id", "=", self.kept.id)])
        people = children.filtered(lambda p: p.type == "contact")
        self.assertEqual(
            people.filtered("contact_code").mapped("contact_code"), ["ANA"]
        )
        self.assertEqual(
            sorted((children - people).filtered("contact_code").mapped("contact_code")),
            ["1", "OBRA", "gone", "kept"],
        )
        loser = people.filtered(lambda p: p.name == "Ana gone")
        self.assertIn("ANA", " ".join(loser.message_ids.mapped("body")))

    def test_what_the_survivor_lacked_comes_over(self):
        for fname, value in self.gone_values.items():
            self.assertEqual(self.kept[fname], value, fname)
        self.assertEqual(self.kept.vat, self.RUT)
        self.assertEqual(self.kept.customer_type_id.name, "gone")
        self.assertEqual(self.kept.customer_route_id.name, "gone")
        self.assertTrue(self.kept.service_date and self.kept.flag_paid)
        names = set(self.kept.category_id.mapped("name"))
        self.assertLessEqual({"kept", "gone"}, names)

    def test_documents_go_to_a_mailbox_that_is_in_use(self):
        self.assertEqual(self.kept.document_email, "docs.gone@example.com")
        mailboxes = self.all.search(
            [("parent_id", "=", self.kept.id), ("is_document_mailbox", "=", True)]
        )
        used = mailboxes.filtered("active")
        self.assertEqual(used.mapped("email"), ["docs.gone@example.com"])

    def test_refusals_still_hold(self):
        self.assertTrue(self.kept.no_mailing)
        self.assertTrue(self.kept.document_no_mailing)
        refused = self.env["mail.blacklist"]._filter_refused(
            [
                f"{box}{word}{more}@example.com"
                for word in ("kept", "gone")
                for box, more in (("", ""), ("", ".dos"), ("docs.", ""), ("ana.", ""))
            ]
        )
        self.assertEqual(len(refused), 8)

    def test_history_of_both_is_there(self):
        bodies = " ".join(self.kept.message_ids.mapped("body"))
        self.assertIn("Nota kept", bodies)
        self.assertIn("Nota gone", bodies)
