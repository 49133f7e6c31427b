from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .offer_common import ForgettingCase

_TEXTS = ("char", "text", "html")
_ADDRESSES = ("email", "phone")


@tagged("post_install", "-at_install")
class TestCustomerForgetting(ForgettingCase):
    """What is left of a forgotten customer in the tables of others."""

    # What tells of a customer, or could, and is not in the lists of ``_forget``.
    KEPT = {
        "forgotten in a way of its own; tests look for traces": (
            "calendar.attendee calendar.event crm.phonecall mail.activity "
            "mail.blacklist mail.gateway.allowed mail.mail mail.message res.partner "
            "res.partner.bank res.partner.id_number res.users xpyme.risk.release "
            "xpyme.offer xpyme.offer.campaign xpyme.offer.consent "
            "xpyme.offer.invitation xpyme.offer.line xpyme.offer.suppression "
            "xpyme.movein.row"
        ),
        "books, and what was agreed in documents (Código de Comercio art. 30; Chile, "
        "Código Tributario art. 17)": (
            "account.analytic.account account.analytic.distribution.model "
            "account.analytic.line account.bank.statement.line account.banking.mandate "
            "account.move account.move.line account.payment account.payment.line "
            "account.reconcile.model account.reconcile.model.line "
            "payment.return.line sale.order.line stock.move stock.move.line "
            "stock.picking stock.scrap"
        ),
        "texts of the shop about its prices and its work, which name nobody": (
            "loyalty.card product.supplierinfo stock.rule xpyme.billing.run "
            "xpyme.billing.run.item xpyme.customer.discount xpyme.customer.price "
            "xpyme.customer.price.change"
        ),
        "links without words; they end with the name and the mailbox": (
            "calendar.filters discuss.channel.member mail.followers "
            "mail.message.reaction"
        ),
        "the shop's own people, servers and places": (
            "account.journal account.payment.method.line fsm.person ir.actions.server "
            "ir.mail_server "
            "mail.guest mail.template res.bank res.branch res.company res.district "
            "res.partner.category res.region stock.warehouse"
        ),
        "the note that the wish was heard": "privacy.log",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme.email = "rosalinda@xn--uble-fqa.example.com"

    def forget(self):
        self.acme.with_user(self.office).action_forget()
        self.env.flush_all()
        self.env.invalidate_all()

    # === THE NEXT ONE ===#

    def test_no_model_that_tells_of_a_customer_is_left_out(self):
        partners = self.env["res.partner"]
        known = {*" ".join(self.KEPT.values()).split()}
        known |= {*partners._get_forgotten_rows(), *partners._get_rows_of_mailboxes()}
        known |= {model for model, *_how in partners._get_forgotten_texts()}
        telling = {
            name
            for name, model in self.env.registry.items()
            if model._auto
            and not (model._abstract or model._transient)
            and self._tells(model)
        }
        self.assertEqual(telling - known, set())

    def _tells(self, model):
        """Whether a row has words of its own beside a partner, or an address."""
        links, words = False, []
        for field in model._fields.values():
            if not field.store or field.related:
                continue
            links |= field.comodel_name == "res.partner" and field.type != "one2many"
            if field.type in _TEXTS and not (field.compute and field.readonly):
                words.append(field.name)
        return (links and words) or any(
            part in name for name in words for part in _ADDRESSES
        )

    # === TRACES ===#

    def test_documents_keep_what_is_to_be_done_in_no_words(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.acme.id, "note": "Para Rosalinda"}
        )
        order.write({"signed_by": "Rosalinda", "client_order_ref": "Rosalinda 7"})
        sold = order.copy({"client_order_ref": "Rosalinda 8"})
        sold.action_confirm()
        activity = sold.activity_schedule(
            summary="Llamar a Rosalinda", note="Quintanilla"
        )
        visit = self.make_order(
            self.acme, description="<p>Timbre Rosalinda</p>", todo="<p>Rosalinda</p>"
        )
        visit.location_id.sudo().notes = "Llave donde Rosalinda"
        self.forget()
        self.assertFalse(order.note or order.signed_by or order.client_order_ref)
        self.assertEqual(sold.client_order_ref, "Rosalinda 8")
        self.assertFalse(activity.summary or activity.note)
        self.assertFalse(visit.description or visit.todo)
        self.assertFalse(visit.location_id.notes)

    def test_histories_of_documents_name_nobody(self):
        visit = self.make_order(self.beta)
        message = visit.message_post(body="Cambio")
        field = self.env["ir.model.fields"]._get("sale.order", "partner_id")
        change = self.env["mail.tracking.value"].create(
            {
                "mail_message_id": message.id,
                "field_id": field.id,
                "old_value_integer": self.acme.id,
                "old_value_char": self.acme.name,
                "new_value_integer": self.beta.id,
                "new_value_char": self.beta.name,
            }
        )
        self.forget()
        self.assertEqual(
            (change.old_value_char, change.new_value_char),
            ("Forgotten customer", self.beta.name),
        )

    def test_what_was_to_be_sent_is_not_sent(self):
        mail = self.env["mail.mail"].create(
            {
                "subject": "Factura",
                "email_to": '"Rosalinda" <ROSALINDA@ñuble.example.com>',
                "body_html": "Rosalinda",
            }
        )
        near = self.env["mail.mail"].create(
            {"email_to": "rosalindax@ñuble.example.com"}
        )
        later = self.env["mail.scheduled.message"].create(
            {
                "model": "res.partner",
                "res_id": self.beta.id,
                "partner_ids": [Command.link(self.acme.id)],
                "author_id": self.env.user.partner_id.id,
                "scheduled_date": fields.Datetime.now() + timedelta(days=1),
            }
        )
        self.forget()
        self.assertFalse(mail.exists() or later.exists())
        self.assertTrue(near.exists())

    def test_both_forms_of_a_mailbox_are_forgotten(self):
        self.acme.no_mailing = True
        self.assertEqual(self.acme.email, "rosalinda@ñuble.example.com")
        refused = self.env["mail.blacklist"].with_context(active_test=False)
        forms = ["rosalinda@ñuble.example.com", "rosalinda@xn--uble-fqa.example.com"]
        self.assertEqual(refused.search_count([("email", "in", forms)]), 2)
        self.forget()
        self.assertFalse(refused.search_count([("email", "in", forms)]))

    def test_meetings_end_with_who_was_there(self):
        if "calendar.event" not in self.env:
            self.skipTest("No calendar here.")
        start = fields.Datetime.now()
        ours = self.env.user.partner_id
        meetings = self.env["calendar.event"].create(
            [
                {
                    "name": "Visita a Rosalinda",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "partner_ids": [Command.set(people.ids)],
                }
                for people in (self.acme | ours, self.acme | self.beta, ours)
            ]
        )
        self.forget()
        alone, shared, own = meetings
        self.assertFalse(alone.exists())
        self.assertEqual(shared.partner_ids, self.beta)
        self.assertTrue(own.exists())

    def test_releases_say_no_more_why(self):
        release = (
            self.env["xpyme.risk.release"]
            .sudo()
            .create(
                {
                    "name": "S1",
                    "res_model": "sale.order",
                    "res_id": 1,
                    "partner_id": self.acme.id,
                    "company_id": self.company.id,
                    "amount": 1,
                    "reason": "Rosalinda paga",
                    "valid_until": "2099-01-01",
                    "user_id": self.manager.id,
                }
            )
        )
        self.forget()
        self.assertEqual(release.reason, "Forgotten customer")

    def test_other_codes_go_too(self):
        code = self.env["xpyme.alternative.code"].create(
            {"name": "ROSALINDA", "partner_id": self.acme.id}
        )
        self.forget()
        self.assertFalse(code.exists())
