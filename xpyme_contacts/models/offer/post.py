import logging

from odoo.exceptions import UserError
from odoo.tools.mail import email_split_tuples

from ...tools.mail_headers import ExactText, exact_mailbox
from ...tools.mailboxes import wire_form
from ...tools.offer_articles import document, plain_text
from ...tools.offer_template import one_line

_logger = logging.getLogger(__name__)


class OfferPost:
    """Builds a campaign's mails and keeps its SMTP session, as Odoo's queue does."""

    def __init__(self, campaign):
        self.campaign = campaign
        self.company = campaign.company_id
        self.sender = self._get_mailbox("From", campaign.email_from)
        domain = self.company.alias_domain_id
        servers = campaign.env["ir.mail_server"].sudo()
        if domain:
            servers = servers.with_context(
                domain_notifications_email=domain.default_from_email,
                domain_bounce_address=domain.bounce_email,
            )
        self.servers = servers
        # The server of the open session; none where Odoo's own settings name one.
        self.server = servers.browse()
        self.session = None
        self.bounces = self.company.bounce_email
        # Answers come back through Odoo's own address, to the customer's card.
        self.catchall = self.company.catchall_email
        self.reply_to = self.catchall and exact_mailbox(
            "Reply-To", one_line(self.company.name), self.catchall
        )

    def _get_mailbox(self, header, text):
        """A mailbox as somebody typed it, its domain as mail servers know it."""
        [(name, address), *_rest] = email_split_tuples(one_line(text)) or [("", text)]
        return exact_mailbox(header, one_line(name), wire_form(address))

    def connect(self):
        """An open session; None where mails are switched off, as in tests.

        :raise OSError: the server cannot be reached
        """
        if self.servers._disable_send():
            return None
        server, sender = self.servers._find_mail_server(self.sender)
        self.server = server or self.servers.browse()
        try:
            return self.servers._connect__(
                mail_server_id=self.server.id, smtp_from=sender
            )
        except UserError as error:
            raise OSError(str(error)) from error

    def build(self, session, row, url):
        """The mail of a claimed offer, and its sender on the envelope.

        Python leaves line breaks in headers that come in lists, as Odoo hands them
        over: whatever becomes a header is one line before.

        :param url: where its reader says that he wants no more of them
        """
        address = wire_form(row["email"])
        servers = self.servers.with_context(send_validated_to=[address])
        lang = row["lang"] or self.company.partner_id.lang or "en"
        subject = one_line(row["subject"])
        message = servers._build_email__(
            email_from=self.sender,
            email_to=exact_mailbox("To", one_line(row["name"]), address),
            subject=ExactText("Subject", subject),
            body=document(row["body_html"], lang.replace("_", "-"), subject),
            body_alternative=plain_text(row["body_html"]),
            reply_to=self.reply_to or self._get_mailbox("Reply-To", self.sender),
            message_id=one_line(row["message_id"]),
            subtype="html",
            headers=self._get_headers(row, url),
        )
        sender, _recipients, message = servers._prepare_email_message__(
            message, session
        )
        # It is written by whoever delivers the mail (RFC 5321, 4.4).
        del message["Return-Path"]
        return message, sender

    def _get_headers(self, row, url):
        """What tells mail programs and providers that this is a list one can leave."""
        campaign, company = self.campaign, self.company
        domain = self.sender.pairs[0].address.rpartition("@")[2] or "localhost"
        headers = {
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Feedback-ID": f"{campaign.id}:{company.id}:offers:{domain}",
            "Precedence": "bulk",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF",
        }
        if self.catchall:
            way_out = f"mailto:{self.catchall}?subject={row['leave_word']}"
            headers["List-Unsubscribe"] += f", <{way_out}>"
        if self.bounces:
            headers["Return-Path"] = self.bounces
        headers = {name: one_line(value) for name, value in headers.items()}
        headers["List-Id"] = exact_mailbox(
            "List-Id", one_line(company.name), f"offers-{company.id}.{domain}"
        )
        return headers

    def close(self):
        session, self.session = self.session, None
        if session:
            try:
                session.quit()
            except Exception:
                _logger.debug("The SMTP session was already closed.")
