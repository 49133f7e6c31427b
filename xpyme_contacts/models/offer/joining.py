from binascii import Error as NotBase64
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date, hash_sign, verify_hash_signed

from ...tools.mailboxes import is_sendable, normalise_mailbox
from .answer import ACTIVITY_TYPE
from .consent import GRANTED, WITHDRAWN

_SCOPE = "xpyme_contacts.offer_join"
_HOURS_TO_CONFIRM = 72
# How many mails the page sends at most: to an address in a day, and in an hour for one
# Internet address and for the company. A page without a login is tried by programs too.
_MOST_TO_ADDRESS, _MOST_FROM_PLACE, _MOST_OF_COMPANY = 1, 10, 200
_HOURS_TO_ADDRESS = 24


class OfferInvitation(models.Model):
    """The mails that the page to join has sent lately, so that it sends no more."""

    _name = "xpyme.offer.invitation"
    _technicians_only_read = True
    _description = "Mail that asks whether one wants Offers"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    email_hash = fields.Char(required=True)
    place_hash = fields.Char(required=True)

    _recent_idx = models.Index("(create_date)")

    @api.model
    def _is_allowed(self, company, email_hash, place_hash):
        now, own = fields.Datetime.now(), ("company_id", "=", company.id)
        for condition, most, hours in (
            (("email_hash", "=", email_hash), _MOST_TO_ADDRESS, _HOURS_TO_ADDRESS),
            (("place_hash", "=", place_hash), _MOST_FROM_PLACE, 1),
            (("id", "!=", False), _MOST_OF_COMPANY, 1),
        ):
            recent = ("create_date", ">", now - timedelta(hours=hours))
            if self.search_count([own, recent, condition], limit=most) >= most:
                return False
        return True

    @api.autovacuum
    def _gc_invitations(self):
        limit = fields.Datetime.now() - timedelta(hours=_HOURS_TO_ADDRESS)
        self.search([("create_date", "<", limit)]).unlink()


class ResCompany(models.Model):
    """Joining the offers by oneself: a page with a QR code for the counter.

    Whoever types an address there gets a mail; the address has agreed when the link in
    it was confirmed. So nobody joins for somebody else.
    """

    _inherit = "res.company"

    offer_join_page = fields.Boolean(
        string="Page to join the offers",
        help="Whoever has its address, such as from the QR code at the counter, can "
        "ask for offers. They agree by a link in a mail.",
    )

    def _get_join_path(self):
        self.ensure_one()
        return f"/xpyme/offers/join/{self.id}"

    def _get_join_url(self):
        return self.env["xpyme.offer"]._get_base() + self._get_join_path()

    def _get_join_words(self):
        """What one agrees to on the page; the text of the consent has it."""
        self.ensure_one()
        words = self.env._(
            "I want to get offers by e-mail from %s. I can leave at any time: every "
            "offer has a link for it.",
            self.name,
        )
        return " ".join(filter(None, (words, self.offer_legal_text)))

    @api.model
    def _read_address(self, typed):
        """An address that a mail can be sent to; '' for all else."""
        email = normalise_mailbox(typed)
        return email if email and is_sendable(email) else ""

    def _invite(self, email, place):
        """Send the mail with the link that confirms, unless there were too many.

        Anybody can type an address: one that wants no more mails, or was forgotten,
        gets none. Its owner comes back by the link of an offer, or by telling us: who
        keeps the customer's card is told that they asked.

        Whoever asks is told the same: nobody learns who is known here.

        :param place: Internet address that asks
        """
        consents = self.env["xpyme.offer.consent"]
        # sudo: the person is not logged in.
        invitations = self.env["xpyme.offer.invitation"].sudo()
        marks = {
            "email_hash": consents._hash(email),
            "place_hash": consents._hash(place),
        }
        if not invitations._is_allowed(self, **marks):
            return
        invitations.create({"company_id": self.id, **marks})
        if self._is_left_alone(email):
            self._tell_in_vain(
                email,
                lambda env: env._(
                    "Somebody typed %s on the page to join the offers. The address has "
                    "refused advertising, so no mail was sent to it. Ask the customer, "
                    "and note in the card what holds now.",
                    email,
                ),
            )
            return
        mails = self.env["mail.mail"].sudo()
        mails.create(self._prepare_invitation_vals(email))
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _is_left_alone(self, email):
        consents, refusals = self.env["xpyme.offer.consent"], self.env["mail.blacklist"]
        return bool(
            consents._filter_said(WITHDRAWN, [email], self)
            or refusals._filter_refused([email])
        )

    def _prepare_invitation_vals(self, email):
        token = hash_sign(
            self.env(su=True),
            _SCOPE,
            [self.id, email],
            expiration_hours=_HOURS_TO_CONFIRM,
        )
        url = f"{self._get_join_url()}/{token}"
        body = self.env["ir.qweb"]._render(
            "xpyme_contacts.offer_join_mail", {"company": self, "url": url}
        )
        return {
            "subject": self.env._("Do you want the offers of %s?", self.name),
            "email_from": self.email_formatted,
            "email_to": email,
            "body_html": body,
            "auto_delete": True,
        }

    def _read_invitation(self, token):
        """The address whose mail had the link; '' for a wrong one, or an old one."""
        try:
            found = verify_hash_signed(self.env(su=True), _SCOPE, token)
        except (ValueError, NotBase64):
            return ""
        company_id, email = found or (False, "")
        return email if company_id == self.id else ""

    def _join(self, email, trace):
        """The person at an address has agreed; said once, noted once.

        :param trace: where the request came from
        """
        # sudo: the person is not logged in; the link in the mail is the proof.
        consents = self.env["xpyme.offer.consent"].sudo()
        if consents._filter_agreed([email], self):
            return
        cards = self._find_joining(email)
        card = cards if len(cards) == 1 else cards.browse()
        consents.create(
            {
                "email": email,
                "partner_id": card.id,
                "company_id": self.id,
                "kind": GRANTED,
                "source": "join",
                "text": self._tell_joining(),
                "trace": trace,
            }
        )
        if self.env["mail.blacklist"]._filter_refused([email]):
            self._tell_in_vain(
                email,
                lambda env: env._(
                    "%s joined the offers by the link in a mail, and is on No Mailing, "
                    "which keeps them back. Ask the customer, and untick No Mailing in "
                    "the card if they want the offers.",
                    email,
                ),
            )

    def _find_joining(self, email):
        """The customers with an address."""
        # sudo: nobody is told who it is.
        cards = self.env["res.partner"].sudo()._search_by_mailbox([email])[email]
        return cards.filtered(lambda card: card.company_id <= self)

    def _tell_in_vain(self, email, explain):
        """An activity in the card of whoever asked for offers and gets none: no page
        undoes what keeps them back, and none tells it.

        :param explain: answers the note in an environment, which has the reader's
            language
        """
        for card in self._find_joining(email)[:1]:
            user = self._get_joining_reader(card)
            env = self.with_context(lang=user.lang).env
            summary = env._("Asks for offers, and has refused advertising")
            card = card.with_context(mail_activity_quick_update=True)
            same = [("summary", "=", summary), ("user_id", "=", user.id)]
            if not card.activity_ids.filtered_domain(same):
                card.activity_schedule(
                    ACTIVITY_TYPE, summary=summary, note=explain(env), user_id=user.id
                )

    def _get_joining_reader(self, card):
        """The customer's salesperson, else somebody who manages offers."""
        # sudo: the person is not logged in, and is not told who it is.
        group = self.env.ref("xpyme_contacts.group_offer_manager").sudo()
        own = group.all_user_ids.filtered(lambda user: self in user.company_ids)
        return card.user_id.filtered("active") or own[:1] or card.create_uid

    def _tell_joining(self):
        """What the person agreed to, and how, as the page said it."""
        return self.env._(
            "The page said: %(words)s Address typed; link in the mail confirmed on "
            "%(date)s.",
            words=self._get_join_words(),
            date=format_date(self.env, fields.Date.today()),
        )

    def action_open_join_poster(self):
        """The sheet with the QR code for the counter, to be printed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"{self._get_join_path()}/poster",
            "target": "new",
        }
