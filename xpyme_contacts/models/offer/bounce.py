"""What comes back of the offers: dead mailboxes, full ones, complaints."""

import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import consteq, format_date

from ...tools.returned_mail import (
    BLOCKED,
    COMPLAINT,
    HARD,
    RETURNS,
    SOFT,
    read_returned,
)
from .offer import HANDED_OVER

# A mailbox that was full so often within the days is given up.
_MOST_SOFT, _SOFT_DAYS = 3, 90
# A report that names an address only speaks of what was sent in the last days.
_RECENT_DAYS = 14
# Our own names of a mail, wherever they stand in what came back.
_NAMED = re.compile(
    r"xpyme-(?:offer|leave)-(\d{1,9})-([0-9a-f]{12})(?:[0-9a-f]{20})?\b"
)
_LEAVING = re.compile(r"xpyme-leave-(\d{1,9})-([0-9a-f]{32})")


class Offer(models.Model):
    """A mail that came back."""

    _inherit = "xpyme.offer"

    bounce_kind = fields.Selection(
        [
            (HARD, "The mailbox does not exist"),
            (SOFT, "The mailbox took no mail then"),
            (BLOCKED, "The mail was not wanted"),
            (COMPLAINT, "Its reader says that it is spam"),
        ],
        string="Came back because",
        readonly=True,
        help="What the report or the complaint says.",
    )

    _bounced_idx = models.Index("(email, bounced_at) WHERE bounced_at IS NOT NULL")
    _email_sent_idx = models.Index("(email, sent_at) WHERE sent_at IS NOT NULL")

    # === WHICH MAIL IT WAS ===#

    def _get_envelope_id(self, email):
        """What reports of its delivery name a mail by; nobody can guess it."""
        self.ensure_one()
        return f"xpyme-offer-{self.id}-{self._get_token(email)[:12]}"

    @api.model
    def _find_named(self, text):
        """The offers whose own names stand in a text: the proof is in the name."""
        # sudo: the gateway has no rights of its own.
        offers = self.sudo()
        named = dict(_NAMED.findall(text))
        found = offers.browse(map(int, named)).exists()
        return found.filtered(
            lambda o: consteq(o._get_token(o.email)[:12], named[str(o.id)])
        )

    @api.model
    def _find_returned(self, returned):
        """The offers that a report speaks of: those it names, else the last one that
        its address got.

        Anybody can write such a report. Our mails have one reader each, so one that
        speaks of several without naming a mail is none of ours.
        """
        if found := self._find_named(returned.text):
            return found
        if len(returned.addresses) != 1:
            return self.browse()
        since = fields.Datetime.now() - timedelta(days=_RECENT_DAYS)
        domain = [
            ("email", "=", returned.addresses[0]),
            ("state", "in", HANDED_OVER),
            ("sent_at", ">=", since),
        ]
        # sudo: the gateway has no rights of its own.
        return self.sudo().search(domain, order="sent_at desc, id desc", limit=1)

    @api.model
    def _read_returned(self, message):
        """Pair of what came back and the offers it speaks of; none for other mails."""
        returned = read_returned(message)
        if returned.kind not in RETURNS:
            return returned, self.browse()
        return returned, self._find_returned(returned)

    # === WHAT BECOMES OF IT ===#

    def _receive_returned(self, returned):
        """Tell on offer and card what came back, and what follows from it."""
        proved = self._find_named(returned.text)
        for offer in self:
            # The first report of a mail counts; a complaint is no report.
            if offer.bounced_at and returned.kind != COMPLAINT:
                continue
            offer.write(
                {
                    "bounced_at": fields.Datetime.now(),
                    "bounce_kind": returned.kind,
                    "error": returned.answer[:500],
                }
            )
            offer._tell_returned(returned)
            offer._suppress(returned.kind, returned.answer, offer in proved)

    def _tell_returned(self, returned):
        # The gateway that brings it has no language.
        env = self.campaign_id._in_its_language().env
        if returned.kind == COMPLAINT:
            told = env._(
                "The reader at %(email)s told the mail provider that the offer "
                "%(subject)s is spam. No more offers go there.",
                subject=self.subject,
                email=self.email,
            )
        else:
            told = env._(
                "The offer %(subject)s came back from %(email)s: %(answer)s",
                subject=self.subject,
                email=self.email,
                answer=returned.answer,
            )
        self.partner_id._message_log(body=told)

    def _suppress(self, kind, answer, is_proved=True):
        """Write no more where nobody is, or where nobody wants it.

        :param is_proved: a report has the mail; else what it says can be taken back
        """
        self.ensure_one()
        suppressions = self.env["xpyme.offer.suppression"].sudo()
        if kind == COMPLAINT and is_proved:
            self._refuse_offers("complaint")
        elif kind in (HARD, COMPLAINT):
            suppressions._note(self.email, kind, answer, self)
        elif kind == SOFT:
            since = fields.Datetime.now() - timedelta(days=_SOFT_DAYS)
            released = suppressions.with_context(active_test=False).search(
                [("email", "=", self.email), ("released_at", "!=", False)], limit=1
            )
            since = max(since, released.released_at or since)
            domain = [("email", "=", self.email), ("bounce_kind", "=", SOFT)]
            domain.append(("bounced_at", ">", since))
            if self.sudo().search_count(domain) >= _MOST_SOFT:
                suppressions._note(self.email, SOFT, answer, self)

    def _tell_refusal(self, source, everywhere):
        """A complaint is no press of a button of ours."""
        if source not in ("complaint", "mail"):
            return super()._tell_refusal(source, everywhere)
        lang = self.partner_id.lang or self.company_id.partner_id.lang
        env = self.with_context(lang=lang).env
        date = format_date(env, self.sent_at or self.create_date, lang_code=lang)
        if source == "mail":
            return env._("A mail asked for no more offers, after that of %s.", date)
        return env._("The mail provider passed on: the offer of %s is spam.", date)

    # === LEAVING BY MAIL ===#

    def _get_leave_word(self, email):
        """The subject of the mail by which a mail program unsubscribes its reader."""
        return f"xpyme-leave-{self.id}-{self._get_token(email)}"

    @api.model
    def _leave_by_mail(self, message_dict):
        """Note a refusal that came as a mail; whether it was one."""
        match = _LEAVING.search(message_dict.get("subject") or "")
        offer = match and self._find_by_token(int(match[1]), match[2])
        if offer:
            offer._refuse_offers("mail")
        return bool(offer)


class OfferConsent(models.Model):
    _inherit = "xpyme.offer.consent"

    source = fields.Selection(
        selection_add=[
            ("complaint", "Complaint to the mail provider"),
            ("mail", "Mail of the mail program"),
        ],
        ondelete={"complaint": "set default", "mail": "set default"},
    )


class OfferCampaign(models.Model):
    """How many mails of a campaign came back."""

    _inherit = "xpyme.offer.campaign"

    bounced_count = fields.Integer(
        string="Mails that came back",
        compute="_compute_bounced_count",
        help="Mails that a server gave back after it had taken them.",
    )
    complaint_count = fields.Integer(
        string="Complaints",
        compute="_compute_bounced_count",
        help="Readers who told their mail provider that the offer is spam.",
    )

    def _compute_bounced_count(self):
        domain = [("campaign_id", "in", self.ids), ("bounce_kind", "!=", False)]
        rows = self.env["xpyme.offer"]._read_group(
            domain, ["campaign_id", "bounce_kind"], ["__count"]
        )
        counts = {(campaign.id, kind): count for campaign, kind, count in rows}
        for campaign in self:
            key = campaign._origin.id
            campaign.complaint_count = counts.get((key, COMPLAINT), 0)
            campaign.bounced_count = sum(
                counts.get((key, kind), 0) for kind in (HARD, SOFT, BLOCKED)
            )

    def action_open_returned(self):
        """The mails behind the figures."""
        action = self.action_open_offers()
        kinds = self.env.context.get("bounce_kinds") or RETURNS
        domain = Domain(action["domain"]) & Domain("bounce_kind", "in", kinds)
        return {**action, "domain": list(domain)}


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _detect_is_bounce(self, message, message_dict):
        """Reports of our mails that Odoo would take for answers."""
        if super()._detect_is_bounce(message, message_dict):
            return True
        return bool(self.env["xpyme.offer"]._read_returned(message)[1])

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        returned, offers = self.env["xpyme.offer"]._read_returned(email_message)
        offers._receive_returned(returned)
        return result

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """A mail that only unsubscribes its reader belongs nowhere else."""
        if self.env["xpyme.offer"]._leave_by_mail(message_dict):
            return []
        return super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
