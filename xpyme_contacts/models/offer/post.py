import logging

from odoo.exceptions import UserError
from odoo.tools import formataddr

from ...tools.offer_articles import document, plain_text
from ...tools.offer_template import one_line

_logger = logging.getLogger(__name__)


class OfferPost:
    """Builds a campaign's mails and keeps its SMTP session, as Odoo's queue does."""

    def __init__(self, campaign):
        self.company = campaign.company_id
        self.sender = one_line(campaign.email_from)
        domain = self.company.alias_domain_id
        servers = campaign.env["ir.mail_server"].sudo()
        if domain:
            servers = servers.with_context(
                domain_notifications_email=domain.default_from_email,
                domain_bounce_address=domain.bounce_email,
            )
        self.servers = servers
        self.bounces = self.company.bounce_email
        # Answers come back through Odoo's own address, to the customer's card.
        reply_to = self.company.catchall_email
        self.reply_to = reply_to and formataddr((one_line(self.company.name), reply_to))

    def connect(self):
        """An open session; None where mails are switched off, as in tests.

        :raise OSError: the server cannot be reached
        """
        try:
            return self.servers._connect__(smtp_from=self.sender)
        except UserError as error:
            raise OSError(str(error)) from error

    def build(self, session, row, url):
        """The mail of a claimed offer, and its sender on the envelope.

        Python leaves line breaks in headers that come in lists, as Odoo hands them
        over: whatever becomes a header is one line before.

        :param url: where its reader says that he wants no more of them
        """
        headers = {
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF",
        }
        if self.bounces:
            headers["Return-Path"] = self.bounces
        servers = self.servers.with_context(send_validated_to=[row["email"]])
        message = servers._build_email__(
            email_from=self.sender,
            email_to=[formataddr((one_line(row["name"]), row["email"]))],
            subject=one_line(row["subject"]),
            body=document(row["body_html"], (row["lang"] or "en").replace("_", "-")),
            body_alternative=plain_text(row["body_html"]),
            reply_to=self.reply_to or self.sender,
            message_id=one_line(row["message_id"]),
            subtype="html",
            headers={name: one_line(value) for name, value in headers.items()},
        )
        sender, _recipients, message = servers._prepare_email_message__(
            message, session
        )
        return message, sender

    def close(self, session):
        if session:
            try:
                session.quit()
            except Exception:
                _logger.debug("The SMTP session was already closed.")
