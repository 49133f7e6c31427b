from email import message_from_bytes, policy

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.xpyme_contacts.models.offer.post import OfferPost

from .offer_common import FakeServer, OfferCase

BREAK = "\r\nBcc: z@z.z\r\nContent-Type: text/html\r\n\r\n<h1>Pague aquí</h1>"
HEADERS = {
    *("message-id", "subject", "from", "reply-to", "to", "date", "mime-version"),
    *("list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "content-type"),
    *("x-auto-response-suppress", "feedback-id", "precedence", "list-id"),
}


@tagged("post_install", "-at_install")
class TestOfferHeaders(OfferCase):
    """No text of a customer, a campaign or a company ends a header of a mail."""

    def set_as_before(self, record, **vals):
        """As a program wrote it before line breaks were folded."""
        for fname, value in vals.items():
            query = f"UPDATE {record._table} SET {fname} = %s WHERE id = %s"
            self.env.cr.execute(query, [value, record.id])
        self.env.invalidate_all()

    def send(self, campaign):
        """The only mail of a campaign, as the server gets it."""
        with self.outbox() as server:
            server.run()
        [(_address, content)] = server.mails
        self.assertNotIn(b"\nBcc:", content)
        mail = message_from_bytes(content, policy=policy.default)
        self.assertLessEqual({key.lower() for key in mail.keys()}, HEADERS)
        self.assertEqual(mail.get_content_type(), "multipart/alternative")
        return mail

    def approve(self, **vals):
        campaign = self.prepare(self.acme, products=[self.paint], **vals)
        campaign.action_approve()
        return campaign

    def test_a_customers_name_ends_no_header(self):
        for name in (f"Malo{BREAK}", f"Ñandú{BREAK}"):
            self.set_as_before(self.acme, name=name)
            mail = self.send(self.approve())
            self.assertEqual(mail["To"].addresses[0].addr_spec, self.acme.email)
            self.assertTrue(str(mail["To"]).startswith(("Malo", '"Malo', "Ñ", '"Ñ')))

    def test_neither_does_the_sender_or_the_subject(self):
        campaign = self.approve()
        self.set_as_before(
            campaign, email_from=f"A{BREAK} <a@example.com>", subject=f"S{BREAK}"
        )
        self.set_as_before(
            campaign.offer_ids,
            subject=f"S{BREAK}",
            message_id=f"<a{BREAK}@example.com>",
        )
        self.set_as_before(self.company.partner_id, name=f"C{BREAK}")
        self.send(campaign)

    def test_a_sender_is_one_line(self):
        for sender in (f"A{BREAK} <a@example.com>", "A\n<a@example.com>"):
            with self.assertRaisesRegex(ValidationError, "one line"):
                self.make_campaign(email_from=sender)
        self.set_as_before(self.company.partner_id, name="C\nD")
        sender = self.env["xpyme.offer.campaign"].new().email_from
        self.assertEqual(len(sender.splitlines()), 1)

    def test_letters_that_turn_the_text_round_are_no_part_of_a_header(self):
        marks = (
            "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
        )
        self.acme.name = f"Ac{marks}me"
        mail = self.send(
            self.approve(subject=f"Para $1{marks}", email_from=f"A{marks} <a@x.cl>")
        )
        self.assertEqual(mail["Subject"], "Para Acme")
        self.assertIn("Acme", mail["To"])
        self.assertFalse(set(marks) & {*str(mail["To"]), *str(mail["From"])})

    def test_a_mail_that_cannot_be_written_has_failed_and_stops_nothing(self):
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        campaign.action_approve()
        build = OfferPost.build

        def build_badly(post, session, row, url):
            message, sender = build(post, session, row, url)
            if row["email"] == self.acme.email:
                del message["To"]
                message["X-Bad"] = "x"
                message._headers[-1] = ("X-Bad", f"Malo{BREAK}")
            return message, sender

        self.patch(OfferPost, "build", build_badly)
        with self.outbox(FakeServer()) as server:
            server.run()
        self.assertEqual(server.addresses, [self.beta.email])
        states = {offer.partner_id: offer.state for offer in campaign.offer_ids}
        self.assertEqual(states, {self.acme: "failed", self.beta: "sent"})
