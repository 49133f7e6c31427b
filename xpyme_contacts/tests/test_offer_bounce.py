import base64
import re
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .offer_common import OfferCase

ZOO = Path(__file__).parent / "bounce_zoo"
IN_BASE64 = re.compile(r"@@BASE64:(.*?)@@\n", re.DOTALL)


@tagged("post_install", "-at_install")
class TestOfferBounce(OfferCase):
    """What comes back is recognised as what it is, shown, and acted on."""

    def setUp(self):
        super().setUp()
        domain = self.env["mail.alias.domain"].create(
            {"name": "ferreteria.example.com"}
        )
        self.company.alias_domain_id = domain
        self.campaign, self.offer = self.send()

    def send(self, customer=None):
        campaign = self.prepare(customer or self.acme, products=[self.paint])
        campaign.action_approve()
        with self.outbox() as server:
            server.run()
        return campaign, campaign.offer_ids

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def receive(self, name, offer=None):
        offer = offer or self.offer
        text = (ZOO / f"{name}.eml").read_text()
        text = text.replace("@@MESSAGE_ID@@", offer.message_id)
        text = text.replace("@@ENVELOPE_ID@@", offer._get_envelope_id(offer.email))
        text = IN_BASE64.sub(
            lambda m: base64.encodebytes(m[1].encode()).decode(), text
        ).replace(f"<{name}@", f"<{name}-{offer.id}@")
        self.env["mail.thread"].message_process(False, text)
        self.env.invalidate_all()

    def reason(self, customer=None):
        """Why the next campaign leaves the customer out."""
        campaign = self.prepare(customer or self.acme, products=[self.paint])
        return campaign.offer_ids.skip_reason

    def test_each_of_the_zoo_is_what_it_is(self):
        names = sorted(path.stem for path in ZOO.glob("*.eml"))
        self.assertGreaterEqual(len(names), 30)
        for name in names:
            kind = name.partition("-")[0]
            with self.subTest(name), self.cr.savepoint() as savepoint:
                self.receive(name)
                known = kind if kind in ("hard", "soft", "blocked", "complaint") else ""
                self.assertEqual(self.offer.bounce_kind or "", known)
                reasons = {
                    "hard": "bounced",
                    "complaint": "opted_out",
                    # It names an address only.
                    "complaint-arf-redacted": "bounced",
                }
                reason = reasons.get(name) or reasons.get(kind, "")
                self.assertEqual(self.reason() or "", reason)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_mailbox_that_is_none_is_shown_and_can_be_written_to_again(self):
        self.receive("hard-postfix-user-unknown")
        self.assertEqual(self.acme.dead_mailboxes, "acme@example.com")
        self.assertEqual(self.campaign.bounced_count, 1)
        self.assertIn("User unknown", self.offer.error)
        self.assertIn("came back", self.acme.message_ids[0].body)
        action = self.acme.action_open_dead_mailboxes()
        row = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual((row.reason, row.offer_id), ("hard", self.offer))
        with self.assertRaises(AccessError):
            row.with_user(self.salesperson).action_release()
        row.with_user(self.manager).action_release()
        self.assertFalse(self.acme.dead_mailboxes)
        self.assertFalse(self.reason())
        self.assertEqual(row.released_by_id, self.manager)
        with self.assertRaises(UserError):
            row.with_user(self.manager).action_release()
        # The next mail that comes back notes it anew.
        _campaign, offer = self.send()
        self.receive("hard-gmail", offer)
        self.assertEqual(self.reason(), "bounced")

    def test_the_card_tells_it_in_the_language_of_whose_campaign_it_is(self):
        """The gateway has none."""
        self.env["res.lang"]._activate_lang("es_ES")
        self.campaign.user_id.lang = "es_ES"
        self.receive("hard-postfix-user-unknown")
        self.assertIn("fue devuelta", self.acme.message_ids[0].body)

    def test_a_mailbox_dead_since_the_approval_gets_no_mail(self):
        campaign = self.prepare(self.acme, products=[self.paint])
        campaign.action_approve()
        self.receive("hard-gmail")
        with self.outbox() as server:
            server.run()
        self.assertEqual(server.mails, [])
        self.assertEqual(campaign.offer_ids.skip_reason, "bounced")

    def test_a_full_mailbox_is_given_up_after_three_times(self):
        self.receive("soft-postfix-full")
        for _time in range(2):
            self.assertFalse(self.reason())
            _campaign, offer = self.send()
            self.receive("soft-postfix-full", offer)
        self.assertEqual(self.reason(), "bounced")
        row = self.env["xpyme.offer.suppression"].search([])
        self.assertEqual(row.reason, "soft")
        row.action_release()
        _campaign, offer = self.send()
        self.receive("soft-postfix-full", offer)
        self.assertFalse(self.reason())

    def test_the_same_report_twice_counts_once(self):
        for _time in range(3):
            self.receive("soft-postfix-full")
        self.assertFalse(self.reason())

    def test_a_complaint_is_a_refusal(self):
        self.receive("complaint-arf")
        consent = self.env["xpyme.offer.consent"].search(
            [("email", "=", "acme@example.com")]
        )
        self.assertEqual((consent.kind, consent.source), ("withdrawn", "complaint"))
        self.assertIn("spam", consent.text)
        self.assertEqual(self.acme.offers_refused, "acme@example.com")
        self.assertEqual(self.campaign.complaint_count, 1)
        self.assertEqual(self.campaign.bounced_count, 0)
        self.assertFalse(self.acme.dead_mailboxes)
        action = self.campaign.with_context(
            bounce_kinds=["complaint"]
        ).action_open_returned()
        found = self.env["xpyme.offer"].search(action["domain"])
        self.assertEqual(found, self.offer)

    def test_a_report_of_nothing_of_ours_goes_its_own_way(self):
        self.offer.message_id = "<xpyme-offer-1-000000000000@falso.example.com>"
        self.acme.email = "acme2@example.com"
        self.env.cr.execute("UPDATE xpyme_offer SET email = 'otra@example.com'")
        self.env.invalidate_all()
        self.receive("hard-text-references")
        self.assertFalse(self.offer.bounce_kind)

    def test_answers_of_machines_land_in_the_card_as_answers(self):
        before = len(self.acme.message_ids)
        self.receive("away-outlook")
        self.assertEqual(len(self.acme.message_ids), before + 1)
        self.assertFalse(self.offer.bounced_at)

    def test_who_leaves_by_mail_gets_no_more(self):
        word = self.offer._get_leave_word(self.offer.email)
        text = (ZOO / "none-person-spanish.eml").read_text()
        text = text.replace("Re: Ofertas para ACME", word)
        before = self.acme.message_ids
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(False, text)
        self.env.invalidate_all()
        self.assertEqual(self.reason(), "opted_out")
        self.assertEqual(self.acme.message_ids, before)
        consent = self.env["xpyme.offer.consent"].search([], limit=1)
        self.assertEqual(consent.source, "mail")
        # A wrong proof is only a mail.
        wrong = text.replace(word, word[:-4] + "0000").replace("none-person", "x")
        self.assertFalse(
            self.env["xpyme.offer"]._leave_by_mail({"subject": word[:-4] + "0000"})
        )
        self.assertTrue(wrong)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def receive_forged(self, name, addresses):
        """A report of the zoo that names no mail of ours, and these addresses."""
        text = (ZOO / f"{name}.eml").read_text()
        line = re.search(r"^(Final-Recipient|Original-Rcpt-To).*acme@.*\n", text, re.M)
        group = text[line.start() :].partition("\n\n")[0] + "\n"
        sep = "\n" if name.startswith("hard") else ""
        group = sep.join(group.replace("acme@example.com", a) for a in addresses)
        text = text[: line.start()] + group + "\n--=_c1--\n" * (not sep)
        self.env["mail.thread"].message_process(False, text)
        self.env.invalidate_all()

    def test_a_complaint_without_proof_is_no_refusal_and_can_be_taken_back(self):
        self.receive_forged("complaint-arf", ["acme@example.com"])
        consents = self.env["xpyme.offer.consent"]
        self.assertFalse(consents.search([("email", "=", "acme@example.com")]))
        self.assertEqual(self.reason(), "bounced")
        row = self.env["xpyme.offer.suppression"].search([])
        self.assertEqual(row.reason, "complaint")
        row.with_user(self.manager).action_release()
        self.assertFalse(self.reason())

    def test_a_report_of_several_that_names_no_mail_is_none_of_ours(self):
        _campaign, other = self.send(self.beta)
        for name in ("complaint-arf", "hard-postfix-final-recipient-only"):
            self.receive_forged(name, ["acme@example.com", "beta@example.com"])
            self.assertFalse(any((self.offer | other).mapped("bounce_kind")), name)
