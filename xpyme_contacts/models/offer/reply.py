import re

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import consteq, format_date, hmac

from ...tools.mailboxes import split_mailboxes, wire_form
from ...tools.offer_template import fill_subject

# Stands in a frozen mail where the sent one has the proof.
_SEAL = "only-in-the-mail"
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

    @api.model
    def _find_by_token(self, offer_id, token):
        """The offer whose mail carried the token; empty for a wrong one."""
        # sudo: the person is not logged in; the token is the proof.
        offer = self.sudo().browse(offer_id).exists()
        if offer and token.isascii() and consteq(offer._get_token(offer.email), token):
            return offer
        return self.sudo().browse()

    def _is_refused(self):
        """Whether no more offers of the company are wanted at the mail's address."""
        self.ensure_one()
        consents = self.env["xpyme.offer.consent"]
        consents.flush_model()
        email, company = SQL("%s", self.email), SQL("%s", self.company_id.id)
        last = consents._get_last_sql(email, company)
        return self.env.execute_query(SQL("SELECT %s", last))[0][0] == "withdrawn"

    def _refuse_offers(self, source):
        """The person who has this mail wants no more; said once, noted once."""
        if self._is_refused():
            return
        self.env["xpyme.offer.consent"].create(
            {
                "email": self.email,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "kind": "withdrawn",
                "source": source,
                "text": self._tell_refusal(source),
                "offer_id": self.id,
            }
        )

    def _tell_refusal(self, source):
        """What the person had before them when they refused, in their language.

        Without their name, which would outlive their wish to be forgotten.
        """
        lang = self.partner_id.lang or self.company_id.partner_id.lang
        env = self.with_context(lang=lang).env
        offer = env._(
            "Offer: %(subject)s (%(company)s, %(date)s)",
            subject=fill_subject(self.campaign_id.subject, "…"),
            company=self.company_id.name,
            date=format_date(env, self.sent_at or self.create_date, lang_code=lang),
        )
        if source == "page":
            # The words of offer_unsubscribe_page.
            told = env._(
                "The page asked: Do you want no more offers? Pressed: No more offers. "
                "Invoices and other documents go on as before."
            )
        else:
            told = env._(
                "The mail said: I want no more offers. Pressed: the button of the mail "
                "program that unsubscribes."
            )
        return f"{offer}\n{told}"

    def _get_unsubscribe_url(self, email):
        """Where the reader of the mail says that he wants no more."""
        return self._get_base() + self._get_unsubscribe_path(self._get_token(email))

    def _get_sealed_url(self):
        """The same in the frozen mail, which others than its reader see."""
        return self._get_base() + self._get_unsubscribe_path(_SEAL)

    def _unseal(self, body, email):
        """A frozen body as its reader gets it, with what proves that he has it."""
        sealed = self._get_unsubscribe_path(_SEAL)
        return body.replace(sealed, self._get_unsubscribe_path(self._get_token(email)))

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
