import re
from html import unescape

from odoo import api, models
from odoo.tools.misc import hmac

from ...tools.mailboxes import split_mailboxes, wire_form

# Stands in a frozen mail where the sent one has the proof.
_SEAL = "only-in-the-mail"
# The way to leave, in an answer that quotes the mail; programs may have packed it.
_PROOF = re.compile(
    r"(xpyme(?:/|%2F)offers(?:/|%2F)\d+(?:/|%2F)|xpyme-leave-\d+-)[0-9a-f]{32}",
    re.IGNORECASE,
)
_MESSAGE_ID = re.compile(r"<xpyme-offer-\d+-[0-9a-f]+@[^<>\s]+>")


class Offer(models.Model):
    """What tells an offer's mail again when something comes back from its reader."""

    _inherit = "xpyme.offer"

    # === IDENTITY OF A MAIL ===#

    def _get_token(self, email):
        """What proves that somebody has the mail; it needs no login."""
        self.ensure_one()
        # sudo: the secret stays on the server.
        return hmac(self.env(su=True), "xpyme_contacts.offer", (self.id or 0, email))[
            :32
        ]

    def _get_unsubscribe_url(self, email, body=""):
        """Where the reader of the mail says that they want no more.

        :param body: of a frozen mail, which says at which server
        """
        path = self._get_unsubscribe_path(self._get_token(email))
        return self._get_written_base(body) + path

    def _get_sealed_url(self):
        """The same in the frozen mail, which others than its reader see."""
        return self._get_base() + self._get_unsubscribe_path(_SEAL)

    def _get_written_base(self, body):
        """The server that a frozen mail's link to leave leads to: that it was written
        for, whatever the server is called since."""
        path = self._get_unsubscribe_path(_SEAL)
        before, found, _after = str(body or "").rpartition(path)
        return unescape(before.rpartition('"')[2]) if found else self._get_base()

    def _unseal(self, body, email):
        """A frozen body as its reader gets it, with what proves that he has it."""
        sealed = self._get_unsubscribe_path(_SEAL)
        return body.replace(sealed, self._get_unsubscribe_path(self._get_token(email)))

    @api.model
    def _seal(self, body):
        """A mail that quotes ours, without what proves that one has ours."""
        return type(body)(_PROOF.sub(rf"\g<1>{_SEAL}", body))

    def _get_unsubscribe_path(self, proof):
        return f"/xpyme/offers/{self.id or 0}/{proof}"

    def _get_base(self):
        return self.env["ir.config_parameter"].sudo().get_param("web.base.url")

    def _make_message_id(self, email, campaign):
        """Always the same for an offer, so that whoever gets it twice can tell."""
        [sender, *_rest] = split_mailboxes(campaign.email_from)[0] or ["@localhost"]
        domain = wire_form(sender).rpartition("@")[2]
        return f"<xpyme-offer-{self.id}-{self._get_token(email)[:12]}@{domain}>"

    @api.model
    def _find_by_message_ids(self, message_ids):
        """The offers among the mails that an incoming one refers to."""
        ours = _MESSAGE_ID.findall(" ".join(message_ids or ()))
        # sudo: the gateway has no rights of its own.
        return self.sudo().search([("message_id", "in", ours)]) if ours else self.sudo()

    @api.model
    def _find_answered(self, message_dict):
        """The offer that a mail answers; empty for all other mails."""
        known = filter(None, map(message_dict.get, ("in_reply_to", "references")))
        return self._find_by_message_ids(known)[:1]

    # === WHAT COMES BACK ===#

    @api.model
    def _get_answer_route(self, thread, message, message_dict, custom_values):
        """The route of the gateway to the card of a customer who answers an offer.

        Odoo looks for answers among its own messages, and offers are none.

        :return: as ``mail.thread.message_route`` has it; None for all other mails
        """
        if message_dict.get("is_bounce"):
            return None
        customer = self._find_answered(message_dict).partner_id
        if not customer:
            return None
        user = thread._mail_find_user_for_gateway(message_dict["email_from"])
        route = (
            "res.partner",
            customer.id,
            custom_values,
            user.id or self.env.uid,
            None,
        )
        return thread._routing_check_route(
            message, message_dict, route, raise_exception=False
        )


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """What answers an offer belongs to its customer's card."""
        route = self.env["xpyme.offer"]._get_answer_route(
            self, message, message_dict, custom_values
        )
        if route:
            return [route]
        return super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
