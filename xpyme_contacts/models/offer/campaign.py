from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ...tools.mailboxes import split_mailboxes
from ...tools.offer_template import one_line

DRAFT, PREPARED, RUNNING = "draft", "prepared", "running"
PAUSED, DONE, CANCELLED = "paused", "done", "cancelled"
# What the owner is told of: that it ended, was stopped, or waits for somebody.
ENDED, STOPPED, SILENT, AWAY = "ended", "stopped", "silent", "away"
# Written by the actions only.
_PROTECTED = {
    "state",
    "prepared_at",
    "approved_by_id",
    "approved_at",
    "finished_at",
    "repeat_next_at",
    "origin_id",
    "is_automatic",
    "filter_user_id",
    "facts_told",
    "is_plan",
    "repeat_from",
    "waits_until",
    "wait_reason",
    "wait_answer",
    "wait_count",
    "pause_reason",
    "calm_since",
}
_MANAGED = {"series_approved"}

_TOUCH = """
    UPDATE xpyme_offer_campaign SET write_date = write_date
     WHERE id IN (SELECT id FROM xpyme_offer_campaign WHERE id = ANY(%(ids)s)
                   ORDER BY id FOR NO KEY UPDATE)
"""

_TODAY = """(
    SELECT (now() AT TIME ZONE coalesce(nullif(person.tz, ''), nullif(own.tz, ''),
                                        'UTC'))::date
      FROM xpyme_offer_campaign own_campaign
      LEFT JOIN res_users responsible ON responsible.id = own_campaign.user_id
      LEFT JOIN res_partner person ON person.id = responsible.partner_id
      JOIN res_company ON res_company.id = own_campaign.company_id
      JOIN res_partner own ON own.id = res_company.partner_id
     WHERE own_campaign.id = %s)
"""


class OfferCampaign(models.Model):
    """Offers to one customer or to many (seed 004: Fidelización, both windows).

    Draft, then prepared: every mail is priced, written and frozen, to be reviewed. An
    offer manager approves exactly that; the outbox sends it.
    """

    _name = "xpyme.offer.campaign"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "xpyme.lane.job.mixin",
    ]
    _description = "Offer Campaign"
    _technicians_only_read = True
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", string="Responsible", default=lambda self: self.env.user
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index=True,
        ondelete="restrict",
        domain="[('is_customer_card', '=', True)]",
        help="Filled: the campaign is for this customer alone.",
    )
    partner_domain = fields.Char(
        string="Customers",
        default="[('is_customer_card', '=', True)]",
        help="Which customers get an offer, with an advanced filter. Empty: all.",
    )
    filter_user_id = fields.Many2one(
        "res.users",
        string="Filter by",
        readonly=True,
        copy=False,
        help="Who wrote the filter of customers: it finds what he may see, whoever "
        "prepares the campaign.",
    )
    email_from = fields.Char(
        string="Sender",
        required=True,
        compute="_compute_email_from",
        store=True,
        readonly=False,
        precompute=True,
        help="The company's own. Answers that reach Odoo are shown in the customer's "
        "card.",
    )
    subject = fields.Char(
        required=True,
        default=lambda self: self.env._("Offers for $1"),
        help="Subject of the mails; $1 is the customer's name.",
    )
    template_id = fields.Many2one(
        "xpyme.offer.template",
        string="HTML template",
        check_company=True,
        ondelete="restrict",
        help="Without a template the mail starts with the articles.",
    )
    margin_ids = fields.One2many(
        "xpyme.offer.campaign.margin",
        "campaign_id",
        string="Margins on PCI or cost",
        copy=True,
    )
    product_ids = fields.One2many(
        "xpyme.offer.campaign.product",
        "campaign_id",
        string="Articles for everybody",
        copy=True,
    )
    send_to_email = fields.Boolean(string="Send to the customer's e-mail", default=True)
    send_to_document_email = fields.Boolean(string="Send to the e-mail for documents")
    scheduled_at = fields.Datetime(
        string="Send on",
        copy=False,
        help="Approved mails wait until then. Empty, or past: they go at once.",
    )
    state = fields.Selection(
        [
            (DRAFT, "Draft"),
            (PREPARED, "Prepared"),
            (RUNNING, "Sending"),
            (PAUSED, "Paused"),
            (DONE, "Finished"),
            (CANCELLED, "Cancelled"),
        ],
        default=DRAFT,
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    prepared_at = fields.Datetime(string="Prepared on", readonly=True, copy=False)
    approved_by_id = fields.Many2one(
        "res.users", string="Approved by", readonly=True, copy=False
    )
    approved_at = fields.Datetime(string="Approved on", readonly=True, copy=False)
    finished_at = fields.Datetime(string="Finished on", readonly=True, copy=False)
    offer_ids = fields.One2many("xpyme.offer", "campaign_id", string="Offers")

    @api.depends("company_id")
    def _compute_email_from(self):
        """Whoever chooses another company writes in its name."""
        for campaign in self:
            company, user = campaign.company_id, self.env.user
            sender = company.email_formatted or user.email_formatted
            campaign.email_from = one_line(sender)

    # === ORM ===#

    @api.model_create_multi
    def create(self, vals_list):
        defaults = {
            key.removeprefix("default_"): value
            for key, value in self.env.context.items()
            if key.startswith("default_")
        }
        # Named, so that no default that a user keeps for himself fills them.
        new = dict.fromkeys(_PROTECTED | _MANAGED, False)
        new.update(state=DRAFT, filter_user_id=self.env.uid)
        complete = []
        for vals in vals_list:
            given = {**defaults, **vals}
            self._check_vals_allowed({k: v for k, v in given.items() if v})
            guarded = {fname: given.get(fname) or new[fname] for fname in new}
            complete.append({**self._complete_audience(vals), **guarded})
        return super().create(complete)

    def write(self, vals):
        self._check_vals_allowed(vals)
        vals = self._complete_audience(vals)
        if self._get_audience_fields() & vals.keys():
            vals = {**vals, "filter_user_id": self.env.uid}
        if not self.env.su and self._get_content_fields() & vals.keys():
            self._check_open()
        result = super().write(vals)
        if "repeat_every" in vals:
            self._plan_series()
        return result

    @api.model
    def _get_content_fields(self):
        """What the mails are made from: it stays as it was reviewed. Extend it."""
        return {
            *self._get_audience_fields(),
            "company_id",
            "email_from",
            "margin_ids",
            "partner_id",
            "product_ids",
            "scheduled_at",
            "send_to_document_email",
            "send_to_email",
            "subject",
            "template_id",
        }

    def _check_open(self):
        """Called before what the campaigns consist of is changed.

        Whoever prepares one of them at the same time meets this, and begins again with
        what is changed here.

        :raise UserError: one of the campaigns has been prepared
        """
        if self.ids:
            self.env.cr.execute(SQL(_TOUCH, ids=self.ids))
        if any(campaign.state != DRAFT for campaign in self):
            raise UserError(
                self.env._(
                    "This campaign has been prepared, and is sent as it was reviewed. "
                    "Set it back to draft to change it."
                )
            )

    @api.model
    def _check_vals_allowed(self, vals):
        """:raise AccessError: a program writes what only the buttons change"""
        wrong = not self.env.su and _PROTECTED & vals.keys()
        managed = any(vals.get(fname) for fname in _MANAGED)
        if wrong or (managed and not self._is_approval_allowed()):
            raise AccessError(
                self.env._(
                    "Only an offer manager approves offers. Prepare the campaign and "
                    "ask one of them."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        """:raise UserError: mails of the campaign have been sent"""
        if any(c.state not in (DRAFT, PREPARED) for c in self):
            raise UserError(
                self.env._(
                    "This campaign belongs to the history of its customers and cannot "
                    "be deleted. Cancel it if it should not go on."
                )
            )

    # === CHECKS ===#

    @api.constrains("subject", "email_from")
    def _check_headers(self):
        """:raise ValidationError: a line break, or a sender that is no address"""
        for campaign in self:
            if len((campaign.subject or "").strip().splitlines()) != 1:
                raise ValidationError(
                    self.env._(
                        "The subject of a mail is one line. Type it in one line."
                    )
                )
            if len((campaign.email_from or "").strip().splitlines()) != 1:
                raise ValidationError(
                    self.env._("The sender of a mail is one line. Type it in one line.")
                )
            if len(split_mailboxes(campaign.email_from)[0]) != 1:
                raise ValidationError(
                    self.env._(
                        "%s is not a sender. Type one address, such as "
                        "Ferretería ACME <ofertas@example.com>.",
                        campaign.email_from,
                    )
                )

    # === WHO MAY, AND WHEN ===#

    @api.model
    def _is_approval_allowed(self):
        return self.env.su or self._is_manager(self.env.user)

    @api.model
    def _is_manager(self, user):
        """Whether a user, who may be none, approves offers today."""
        return (
            user.active
            and user.has_group("xpyme_contacts.group_offer_manager")
            and not user._is_service_technician()
        )

    def _check_manager(self):
        """:raise AccessError: the user is no offer manager"""
        if not self._is_approval_allowed():
            raise AccessError(
                self.env._(
                    "Only an offer manager approves offers. Prepare the campaign and "
                    "ask one of them."
                )
            )

    def _check_approval_allowed(self):
        """Called by the approval and by its question.

        :raise AccessError: the user is no offer manager
        :raise UserError: something is in the way of one of the campaigns
        """
        self._check_manager()
        self._check_state(PREPARED)
        for campaign in self:
            if obstacle := campaign._get_obstacle():
                raise UserError(obstacle)

    def _get_obstacle(self):
        """Why a prepared campaign cannot be approved, by nobody and no series: a
        sentence, or None. Extend it."""
        self.ensure_one()
        if not self.is_complete:
            return self.env._(
                "The mails are still being prepared. Approve the campaign when the bar "
                "is full and you have reviewed them."
            )
        if not self.ready_count:
            return self.env._(
                "Nobody would get a mail from this campaign. See why in the list of "
                "those left out."
            )
        return None

    # === ACTIONS ===#

    def action_prepare(self):
        """Enqueue everybody, then price and freeze: at once, or in the lanes."""
        self.check_access("write")
        for campaign in self:
            campaign._check_state(DRAFT)
            campaign._check_ready_to_prepare()
            if not campaign._prepare():
                campaign._refuse_empty()
        return True

    def action_draft(self):
        """Throw the prepared mails away, to change the campaign."""
        self._check_state(PREPARED)
        self.check_access("write")
        # A salesperson may not delete offers, but these are no history yet.
        self.env["xpyme.offer"]._drop(self)
        self.sudo().write({"state": DRAFT, "prepared_at": False, "is_automatic": False})
        return True

    def action_ask_approval(self):
        """Tell how many mails there are, and ask once."""
        self.ensure_one()
        self._check_approval_allowed()
        approval = self.env["xpyme.offer.approval"].create({"campaign_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the offers"),
            "res_model": approval._name,
            "res_id": approval.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_first_offer(self):
        """Another one as soon as the campaign is prepared anew."""
        offers = self.env["xpyme.offer"]
        domain = [("campaign_id", "=", self.id)]
        return offers.search(domain, order="id", limit=1)

    def action_approve(self):
        self._check_approval_allowed()
        for campaign in self:
            campaign._approve(self.env.user)
        return True

    def _approve(self, user):
        """Hand what was reviewed to the outbox."""
        # sudo: the states are written by the actions only.
        self.sudo().write(
            {
                "state": RUNNING,
                "approved_by_id": user.id,
                "approved_at": fields.Datetime.now(),
            }
        )
        self._plan_series()
        self.env["xpyme.offer.outbox"]._wake_lanes(self.scheduled_at)
        self._tell_silence()

    def action_pause(self):
        self._check_state(RUNNING)
        self.check_access("write")
        # sudo: the states are written by the actions only.
        self.sudo().state = PAUSED
        self._tell_stopped()
        return True

    def action_resume(self):
        self._check_state(PAUSED)
        self._check_manager()
        self.sudo().state = RUNNING
        self._forget_told(STOPPED)
        for campaign in self:
            self.env["xpyme.offer.outbox"]._wake_lanes(campaign.scheduled_at)
        return True

    def action_cancel(self):
        """Send nothing more; what has been sent stays in the history."""
        self._check_state(PREPARED, RUNNING, PAUSED)
        self.check_access("write")
        self.env["xpyme.offer"]._skip_waiting(self)
        self.sudo().write({"state": CANCELLED, "finished_at": fields.Datetime.now()})
        self._tell_stopped()
        return True

    def _reopen(self):
        """Some of their mails are sent again.

        Each is written, also where nothing changes: the lane that takes a campaign for
        done just now meets this, and looks again.
        """
        query = SQL(
            """
            UPDATE xpyme_offer_campaign
               SET finished_at = CASE WHEN state = %(done)s THEN NULL
                                      ELSE finished_at END,
                   state = CASE WHEN state = %(done)s THEN %(running)s ELSE state END
             WHERE id = ANY(%(ids)s)
            """,
            done=DONE,
            running=RUNNING,
            ids=self.ids,
        )
        self.flush_recordset(["state", "finished_at"])
        self.env.cr.execute(query)
        self.invalidate_recordset(["state", "finished_at"])
        self._forget_told(ENDED)

    def _get_zone(self):
        """Where the campaign's days begin, also for scheduled actions."""
        return self.user_id.tz or self.company_id.partner_id.tz or "UTC"

    def _get_today_sql(self):
        """SQL of the day in ``_get_zone``; nothing is read of the campaign, since the
        statement that takes a mail must be the first of its transaction."""
        if not self._origin:
            here = self.with_context(tz=self._get_zone())
            return SQL("%s", fields.Date.context_today(here))
        return SQL(_TODAY, self._origin.id)

    def _in_its_language(self):
        """What is told of a campaign by scheduled actions, which have no language."""
        lang = self.user_id.lang or self.company_id.partner_id.lang
        return self.with_context(lang=lang)

    def action_preview(self):
        """The mails as the customers get them, one after the other."""
        self.ensure_one()
        return self.env["xpyme.offer.preview"]._open(self)
