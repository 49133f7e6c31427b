from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.mailbox_query import get_boxes_sql
from ...tools.mailboxes import is_sendable, normalise_mailbox

# What may be known of a mail once it was handed over is its state then.
from ...tools.smtp_delivery import FAILED, SENT, UNKNOWN
from .campaign import DONE, PAUSED, RUNNING
from .consent import BASIS

PENDING, READY, SENDING, SKIPPED = "pending", "ready", "sending", "skipped"
STATES = (PENDING, READY, SENDING, SENT, SKIPPED, FAILED, UNKNOWN)
# Something is still to be done with them.
WAITING = (PENDING, READY, SENDING)
# They may have reached the customer.
HANDED_OVER = (SENDING, SENT, UNKNOWN)
SKIP_REASONS = [
    ("empty", "Without an e-mail address"),
    ("invalid", "The address is not valid"),
    ("blocked", "Blocked or deregistered"),
    ("no_mailing", "No mailing"),
    ("opted_out", "Wants no more offers"),
    ("no_consent", "Has not agreed to offers"),
    ("no_basis", "Has neither bought nor agreed"),
    ("moved", "The address is no longer theirs"),
    ("expired", "The offer was over"),
    ("same_mailbox", "Same mailbox as another one of his"),
    ("no_article", "No article left to offer"),
    ("defaulter", "Defaulter"),
    ("over_risk", "Over the risk limit"),
    ("cancelled", "The campaign was cancelled"),
    ("forgotten", "Forgotten at their wish"),
]
_BLOCKED = (
    "partner.is_blocked OR NOT partner.active OR partner.deregistration_date <= %s"
)
_NO_MAILING = (
    "EXISTS (SELECT FROM mail_blacklist refusal"
    " WHERE refusal.active AND refusal.email = %s)"
)
_VALID_UNTIL = SQL(
    "(SELECT valid_until FROM xpyme_offer_campaign WHERE id = offer.campaign_id)"
)
# Whoever was written to because they bought, and whose purchase is none any more.
_LOST_BASIS = (
    "offer.basis = 'customer'"
    " AND (SELECT offer_basis_required FROM res_company WHERE id = %s)"
    " AND %s IS DISTINCT FROM 'granted' AND NOT %s"
)
# SQL cannot read the IDNA form of a domain: one that stands in the card may be it.
_MOVED = """(
    NOT lower(%(email)s) = ANY(%(boxes)s)
    AND NOT (%(email)s ~ '@.*[^[:ascii:]]' AND EXISTS (
        SELECT FROM unnest(%(boxes)s) AS box(email)
         WHERE box.email LIKE '%%xn--%%'
           AND split_part(box.email, '@', 1) = lower(split_part(%(email)s, '@', 1)))))
"""
# Who was told when they bought, and did not object, has not agreed.
_NO_CONSENT = (
    "(SELECT offer_consent_required FROM res_company WHERE id = %s)"
    " AND %s IS DISTINCT FROM 'consent'"
)


class Offer(models.Model):
    """One mail of a campaign: its recipient, its frozen text, and what became of it."""

    _name = "xpyme.offer"
    _description = "Offer to a Customer"
    _technicians_only_read = True
    _order = "id desc"
    _rec_name = "subject"

    campaign_id = fields.Many2one(
        "xpyme.offer.campaign", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    email = fields.Char(
        string="Mailbox", readonly=True, help="The address that the mail goes to."
    )
    mailbox = fields.Selection(
        [("email", "E-mail"), ("document", "E-mail for documents")],
        string="Taken from",
        readonly=True,
    )
    state = fields.Selection(
        [
            (PENDING, "To prepare"),
            (READY, "Ready"),
            (SENDING, "On its way"),
            (SENT, "Sent"),
            (SKIPPED, "Stays out"),
            (FAILED, "Failed"),
            (UNKNOWN, "Doubtful"),
        ],
        required=True,
        readonly=True,
        default=PENDING,
    )
    skip_reason = fields.Selection(SKIP_REASONS, string="Why left out", readonly=True)
    basis = fields.Selection(
        [("consent", "They agreed"), ("customer", "They have bought")],
        readonly=True,
        help="Why the law lets us write to the address; empty: neither did they buy, "
        "nor did they agree.",
    )
    basis_date = fields.Date(
        string="Since",
        readonly=True,
        help="When they agreed, or bought last.",
    )
    subject = fields.Char(readonly=True)
    body_html = fields.Html(
        string="Mail", readonly=True, sanitize=False, prefetch=False
    )
    omitted = fields.Text(
        string="Articles left out",
        readonly=True,
        help="Articles of the customer or of the campaign that are not in the mail.",
    )
    detail_ids = fields.One2many("xpyme.offer.detail", "offer_id", string="Articles")
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    message_id = fields.Char(string="Message-Id", readonly=True, index="btree_not_null")
    error = fields.Char(
        string="What went wrong",
        readonly=True,
        help="What the mail server answered, or why the mail is doubtful.",
    )
    attempts = fields.Integer(readonly=True, help="How often it was handed over.")
    retry_at = fields.Datetime(
        string="Next try",
        readonly=True,
        help="The mail server asked to be tried again later.",
    )
    claimed_by = fields.Char(
        readonly=True,
        help="The database session of the lane that took the mail: while it lives, the "
        "mail is on its way.",
    )
    claimed_at = fields.Datetime(readonly=True)
    bounced_at = fields.Datetime(string="Came back on", readonly=True)
    merged_from = fields.Integer(
        readonly=True,
        help="Customer who got it, before he was merged into the present one.",
    )

    # A customer gets one mail of a campaign at a mailbox. His second box with the same
    # address is kept only to say that it was left out; customers that were merged keep
    # what each of them got.
    _recipient_unique = models.UniqueIndex(
        "(campaign_id, partner_id, email,"
        " (CASE WHEN skip_reason = 'same_mailbox' THEN 1 ELSE 0 END),"
        " (coalesce(merged_from, 0)))",
        "This customer already has an offer of the campaign at this address.",
    )
    _pending_idx = models.Index("(campaign_id, id) WHERE state = 'pending'")
    _ready_idx = models.Index("(campaign_id, id) WHERE state = 'ready'")
    _sending_idx = models.Index("(id) WHERE state = 'sending'")
    _state_idx = models.Index("(campaign_id, state)")
    _sent_idx = models.Index("(campaign_id, sent_at) WHERE sent_at IS NOT NULL")

    @api.depends("subject", "campaign_id.name", "partner_id.name")
    def _compute_display_name(self):
        """Who is left out gets no mail, so his offer has no subject."""
        for offer in self:
            parts = (offer.campaign_id.name, offer.partner_id.sudo().name)
            # sudo: the list names the customer of every offer to whoever may read it.
            offer.display_name = offer.subject or " · ".join(filter(None, parts))

    # === WHO IS LEFT OUT ===#

    @api.model
    def _get_refusal_conditions(self, email, company, today):
        """Pairs of reason and SQL condition, the first that holds counts.

        The customer's row is called ``partner``. They are judged when offers are
        enqueued, and again in the statement that takes one to send it.

        :param today: SQL of the campaign's day, ``_get_today_sql``
        """
        consents = self.env["xpyme.offer.consent"]
        last = consents._get_last_sql(email, company)
        basis = consents._get_last_sql(email, company, BASIS)
        return [
            ("blocked", SQL(_BLOCKED, today)),
            ("no_mailing", SQL(_NO_MAILING, email)),
            ("opted_out", SQL("%s = 'withdrawn'", last)),
            ("no_consent", SQL(_NO_CONSENT, company, basis)),
        ]

    @api.model
    def _get_late_conditions(self, email, company, today):
        """What is judged besides when a mail is taken to be sent: what may have changed
        since it was written. Its row is called ``offer``."""
        boxes = get_boxes_sql(SQL("partner.email"), SQL("partner.document_email"))
        last = self.env["xpyme.offer.consent"]._get_last_sql(email, company)
        has_bought = self.env["res.partner"]._get_has_bought_sql(
            SQL("partner.commercial_partner_id"), company
        )
        return [
            *self._get_refusal_conditions(email, company, today),
            ("moved", SQL(_MOVED, boxes=boxes, email=email)),
            ("expired", SQL("%s < %s", _VALID_UNTIL, today)),
            ("no_basis", SQL(_LOST_BASIS, company, last, has_bought)),
        ]

    @api.model
    def _get_reason_sql(self, conditions):
        """SQL of the reason why a customer's address gets no offer, or NULL."""
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", condition, reason)
            for reason, condition in conditions
        )
        return SQL("CASE %s END", cases)

    @api.model
    def _is_deliverable(self, email):
        """Whether a mail can be sent to an address: ours and the mail server's rule."""
        return normalise_mailbox(email) == email and is_sendable(email)

    # === FREEZING ===#

    @api.model
    def _lock_pending(self, campaign, limit, lane=None):
        """Take offers to prepare: triples of id, customer's id and address."""
        query = SQL(
            """
            SELECT id, partner_id, email FROM xpyme_offer offer
             WHERE campaign_id = %s AND state = %s AND %s
             ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
            """,
            campaign.id,
            PENDING,
            self.env["xpyme.offer.outbox"]._get_lane_sql(lane, SQL("offer.id")),
            limit,
        )
        return self.env.execute_query(query)

    @api.model
    def _store_frozen(self, written):
        """Write what ``_write_mails`` made, in two statements for the whole batch."""
        columns = ("subject", "body_html", "message_id", "skip_reason", "error")
        query = SQL(
            """
            UPDATE xpyme_offer
               SET subject = given.subject, body_html = given.body_html,
                   message_id = given.message_id, skip_reason = given.skip_reason,
                   omitted = given.omitted, error = given.error,
                   state = CASE WHEN given.error IS NOT NULL THEN %s
                                WHEN given.skip_reason IS NULL THEN %s
                                ELSE %s END
              FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[],
                          %s::text[], %s::text[])
                   AS given(id, subject, body_html, message_id, skip_reason, error,
                            omitted)
             WHERE given.id = xpyme_offer.id
            """,
            FAILED,
            READY,
            SKIPPED,
            [row["id"] for row in written],
            *([row.get(column) for row in written] for column in columns),
            [self._tell_omitted(row["content"].omitted) for row in written],
        )
        self.env.cr.execute(query)
        self._store_details(written)
        self.invalidate_model()
        self.env["xpyme.offer.campaign"].invalidate_model()

    @api.model
    def _store_details(self, written):
        details = [
            (row["id"], number, *detail)
            for row in written
            if not row["skip_reason"] and "error" not in row
            for number, detail in enumerate(row["content"].details)
        ]
        if not details:
            return
        query = SQL(
            """
            INSERT INTO xpyme_offer_detail
                   (offer_id, sequence, product_id, quantity, price, origin)
            SELECT * FROM unnest(%s::int[], %s::int[], %s::int[], %s::numeric[],
                                 %s::numeric[], %s::text[])
            """,
            *map(list, zip(*details, strict=True)),
        )
        self.env.cr.execute(query)

    @api.model
    def _tell_omitted(self, omitted):
        labels = {
            "archived": self.env._("archived"),
            "no_price": self.env._("without a price"),
        }
        lines = dict.fromkeys(f"{name}: {labels[reason]}" for name, reason in omitted)
        return "\n".join(lines) or None

    # === CAMPAIGN ===#

    @api.model
    def _skip_waiting(self, campaigns):
        """Leave out what has not been sent; whatever the number, one statement."""
        self.flush_model(["state", "campaign_id"])
        query = SQL(
            """
            UPDATE xpyme_offer SET state = %s, skip_reason = 'cancelled'
             WHERE campaign_id = ANY(%s) AND state IN %s
            """,
            SKIPPED,
            campaigns.ids,
            (PENDING, READY),
        )
        self.env.cr.execute(query)
        self.invalidate_model()

    @api.model
    def _drop(self, campaigns):
        """Throw away the mails of campaigns that have not been approved."""
        self.flush_model(["campaign_id"])
        query = SQL(
            "DELETE FROM xpyme_offer WHERE campaign_id = ANY(%s)", campaigns.ids
        )
        self.env.cr.execute(query)
        self.env.invalidate_all()

    @api.model
    def _keep_history_of_merged(self, partners):
        """Before customers are merged: what each of them got stays in the history."""
        # sudo: whoever may merge customers need not be allowed to see their offers.
        for offer in self.sudo().search(
            [("partner_id", "in", partners.ids), ("merged_from", "=", 0)]
        ):
            offer.merged_from = offer.partner_id.id
        self.flush_model()

    # === BY HAND ===#

    def action_send_again(self):
        """A person decides to send what failed, or what may have arrived, once more.

        :raise UserError: one of the mails neither failed nor is doubtful, or its
            campaign was cancelled
        """
        self.campaign_id._check_manager()
        self.campaign_id._check_state(RUNNING, PAUSED, DONE)
        if any(offer.state not in (FAILED, UNKNOWN) for offer in self):
            raise UserError(
                self.env._(
                    "Only failed and doubtful mails can be sent again. Choose those."
                )
            )
        # sudo: nobody writes offers but the outbox and this button.
        self.sudo().write({"state": READY, "attempts": 0, "retry_at": False})
        self.campaign_id._reopen()
        self.env["xpyme.offer.outbox"]._wake_lanes()
        return True
