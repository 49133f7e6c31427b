from email.utils import make_msgid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize
from odoo.tools.mail import encapsulate_email

from ...tools.mailboxes import normalise_mailbox, wire_form
from ...tools.smtp_delivery import SENT, deliver, write_mail
from .campaign import DRAFT, PREPARED
from .post import OfferPost


class OfferCampaign(models.Model):
    """Before anybody gets it: the mail beside the form, and in one's own mailbox."""

    _inherit = "xpyme.offer.campaign"

    preview_partner_id = fields.Many2one(
        "res.partner",
        string="As it is for",
        compute="_compute_preview_partner_id",
        inverse="_inverse_preview",
        help="Whose mail is shown beside the form.",
    )
    preview_domain = fields.Char(compute="_compute_preview_partner_id")
    preview_head = fields.Html(
        string="Head of the mail", compute="_compute_preview", sanitize=False
    )
    preview_html = fields.Html(
        string="Preview", compute="_compute_preview", sanitize=False
    )
    preview_text = fields.Text(string="As text", compute="_compute_preview")
    preview_notice = fields.Char(
        string="Why there is no mail", compute="_compute_preview"
    )

    @api.depends(lambda self: [*self._get_audience_fields(), "company_id", "state"])
    @api.depends_context("uid")
    def _compute_preview_partner_id(self):
        """The first customer of the campaign."""
        for campaign in self:
            campaign.preview_partner_id = campaign.preview_domain = False
            if campaign.state not in (DRAFT, PREPARED):
                continue
            preview = self.env["xpyme.offer.preview"].new({"campaign_id": campaign})
            try:
                with campaign._reading_filter(), self.env.cr.savepoint(flush=False):
                    campaign.preview_partner_id = preview._get_first_partner()
                    campaign.preview_domain = preview.partner_domain
            except (AccessError, UserError):
                # It is said when the campaign is saved.
                continue

    def _inverse_preview(self):
        """Whose mail is looked at is not kept."""

    @api.depends(
        lambda self: [
            *self._get_content_fields(),
            "margin_ids.margin",
            "margin_ids.min_quantity",
            "preview_partner_id",
            "product_ids.image_url",
            "product_ids.price",
            "product_ids.product_id",
            "state",
        ]
    )
    @api.depends_context("uid")
    def _compute_preview(self):
        for campaign in self:
            mail = campaign._get_preview(campaign.preview_partner_id)
            campaign.preview_head = mail.head_html
            campaign.preview_html = mail.body_html
            campaign.preview_text = mail.body_text
            campaign.preview_notice = mail.notice

    def _get_preview(self, partner):
        """The window on one mail, in memory; empty for no customer."""
        previews = self.env["xpyme.offer.preview"]
        if not partner:
            return previews
        return previews.new({"campaign_id": self, "partner_id": partner})

    @api.model
    def _get_sender_on_the_way(self, post):
        """The sender as the mail has it: Odoo puts its own where no server is for it.

        :param post: an ``OfferPost``
        """
        sender = str(post.sender)
        _server, found = post.servers._find_mail_server(sender)
        default = post.servers._get_default_from_address()
        ours = post.servers.env.context.get("domain_notifications_email") or default
        ours, found = email_normalize(ours), email_normalize(found)
        if ours and found == ours and email_normalize(sender) != ours:
            return encapsulate_email(sender, ours)
        return sender

    # === TO ONESELF ===#

    def action_send_test(self):
        """Send the mail that is shown to the user alone; its link to leave is dead.

        :raise UserError: the user has no address, nobody would get a mail, or the
            mail server does not take it
        """
        self.ensure_one()
        self.check_access("write")
        email = normalise_mailbox(self.env.user.email)
        if not email:
            raise UserError(
                self.env._("You have no e-mail address. Type it in your preferences.")
            )
        mail = self._get_test_mail(email)
        self._deliver_test(mail)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The test mail is on its way to %s.", email),
            },
        }

    def _get_test_mail(self, email):
        """What the outbox is given of an offer, for somebody who is no customer."""
        chosen = self.env.context.get("preview_partner_id")
        partner = self.env["res.partner"].browse(chosen) or self.preview_partner_id
        shown = self._get_preview(partner)
        if not shown.body_html:
            raise UserError(
                shown.notice
                or self.env._(
                    "No customer is in this campaign. Change its filter of customers."
                )
            )
        return {
            "email": email,
            "name": self.env.user.name,
            "lang": shown.partner_id.lang,
            "subject": shown.subject,
            "body_html": shown.body_html,
            # Nothing of the customer's: who answers it neither answers nor leaves.
            "leave_word": "-",
            "message_id": make_msgid(domain=email.rpartition("@")[2]),
        }

    def _deliver_test(self, row):
        """Hand it over as the outbox does.

        :raise UserError: it was not taken
        """
        # sudo: mail servers are nobody's to read; they are only used.
        post = OfferPost(self.sudo())
        offers = self.env["xpyme.offer"]
        try:
            session = post.session = post.connect()
        except OSError as error:
            raise UserError(self._tell_test_failed(str(error))) from error
        if not session:
            raise UserError(self.env._("This server sends no mails."))
        try:
            url = offers.new()._get_sealed_url()
            message, sender = post.build(session, row, url)
            to = wire_form(row["email"])
            outcome = deliver(session, write_mail(message), sender, to)
        finally:
            post.close()
        if outcome.result != SENT:
            raise UserError(self._tell_test_failed(outcome.reason))

    def _tell_test_failed(self, said):
        return self.env._(
            "The test mail was not sent: %s", self.env["xpyme.offer"]._tell_cause(said)
        )
