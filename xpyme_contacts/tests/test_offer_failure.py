from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.mail_answers import find_cause
from .offer_common import FakeServer, OfferCase

SAID = (
    "550 5.1.1 <a@example.com>: Recipient address rejected: User unknown",
    "452 4.2.2 The recipient's inbox is full",
    "552 5.2.2 Over quota",
    "450 4.7.28 unusual rate of mails",
    "530 5.7.0 Must issue a STARTTLS command first",
    "554 5.7.1 Service unavailable; client host blocked using a block list",
    "552 5.3.4 Message size exceeds fixed maximum",
    "550 5.1.2 Domain not found",
    "553 malformed address",
    "[Errno 111] Connection refused",
    "[Errno -2] Name or service not known",
    "timed out",
    "Connection unexpectedly closed",
    "[Errno 104] Connection reset by peer",
    "451 please try later",
    "550 no",
    "La máquina se paró",
)


@tagged("post_install", "-at_install")
class TestOfferFailure(OfferCase):
    def test_causes_are_the_same_for_a_person_and_in_a_group(self):
        offer = self.prepare(self.acme, products=[self.paint]).offer_ids
        offers = self.env["xpyme.offer"]
        for said in SAID:
            offer.sudo().error = said
            cause = offer.error_cause
            self.assertEqual(cause, find_cause(said))
            domain = [("id", "=", offer.id)]
            groups = offers._read_group(domain, ["error_cause"], ["__count"])
            self.assertEqual(groups, [(cause, 1)], said)
            domain.append(("error_cause", "=", cause))
            self.assertEqual(offers.search(domain), offer)
        offer.sudo().error = False
        self.assertFalse(offer.error_cause)
        domain = [("id", "=", offer.id), ("error_cause", "=", False)]
        self.assertEqual(offers.search(domain), offer)

    def test_failed_mails_open_by_cause(self):
        campaign = self.approve_unsure("early")
        action = campaign.with_context(offer_states=["failed"]).action_open_offers()
        self.assertTrue(action["context"]["search_default_group_error_cause"])
        described = self.env["xpyme.offer"].fields_get(["error_cause"])
        self.assertTrue(described["error_cause"]["groupable"])

    def approve_unsure(self, answer):
        """A campaign whose only mail met an answer of the server."""
        campaign = self.prepare(self.acme, products=[self.paint])
        campaign.with_user(self.manager).action_approve()
        with self.outbox(FakeServer({"acme@example.com": [answer]})) as server:
            server.run()
        return campaign

    def test_last_problem_of_a_campaign_is_told_in_words(self):
        campaign = self.approve_unsure((550, b"5.1.1 user unknown"))
        self.assertIn("The mailbox does not exist (550", campaign.last_error)

    def test_doubtful_mail_is_taken_as_sent(self):
        campaign = self.approve_unsure("lost")
        offer = campaign.offer_ids
        self.assertEqual(offer.state, "unknown")
        with self.assertRaises(AccessError):
            offer.with_user(self.salesperson).action_settle_sent()
        self.assertTrue(offer.with_user(self.manager).action_settle_sent())
        self.assertEqual((offer.state, offer.error), ("sent", False))
        self.assertEqual(offer.sent_at, offer.claimed_at)
        self.assertEqual(campaign.sent_count, 1)

    def test_only_doubtful_mails_are_taken_as_sent(self):
        campaign = self.approve_unsure(550)
        with self.assertRaisesRegex(UserError, "Only doubtful mails"):
            campaign.offer_ids.with_user(self.manager).action_settle_sent()
