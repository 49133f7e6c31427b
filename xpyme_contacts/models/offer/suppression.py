from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.mailboxes import normalise_mailbox
from ...tools.returned_mail import COMPLAINT, HARD, SOFT


class OfferSuppression(models.Model):
    """A mailbox that offers do not go to because mails came back from it.

    It is a fact of the mailbox, no wish of its owner: who knows better takes it off,
    and the next mail that comes back notes it again.
    """

    _name = "xpyme.offer.suppression"
    _description = "Mailbox out of Service"
    _technicians_only_read = True
    _order = "id desc"
    _rec_name = "email"

    email = fields.Char(string="E-mail", required=True, readonly=True)
    reason = fields.Selection(
        [
            (HARD, "The mailbox does not exist"),
            (SOFT, "Mails came back several times"),
            (COMPLAINT, "A complaint that does not prove which mail it is about"),
        ],
        required=True,
        readonly=True,
    )
    answer = fields.Char(
        string="What the server said",
        readonly=True,
        help="The answer of the mail server of the mailbox.",
    )
    offer_id = fields.Many2one(
        "xpyme.offer", string="Offer that came back", readonly=True, ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    create_date = fields.Datetime(string="Noted on", readonly=True)
    active = fields.Boolean(
        default=True,
        readonly=True,
        help="Unticked: offers go there again.",
    )
    released_by_id = fields.Many2one(
        "res.users", string="Taken off by", readonly=True, ondelete="set null"
    )
    released_at = fields.Datetime(string="Taken off on", readonly=True)

    _email_unique = models.UniqueIndex(
        "(email) WHERE active", "This mailbox is out of service already."
    )

    @api.model
    def _note(self, email, reason, answer, offer):
        """A mailbox that offers do not go to any more; noted once.

        What several lanes find out at the same time is one row.
        """
        self.flush_model()
        query = SQL(
            """
            INSERT INTO xpyme_offer_suppression
                   (email, reason, answer, offer_id, partner_id, active,
                    create_uid, create_date, write_uid, write_date)
            VALUES (%(email)s, %(reason)s, %(answer)s, %(offer)s, %(partner)s, TRUE,
                    %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                    now() AT TIME ZONE 'UTC')
            ON CONFLICT DO NOTHING
            """,
            email=normalise_mailbox(email) or email,
            reason=reason,
            answer=(answer or "")[:500] or None,
            offer=offer.id or None,
            partner=offer.partner_id.id or None,
            uid=self.env.uid,
        )
        self.env.cr.execute(query)
        self.invalidate_model()

    def action_release(self):
        """Offers go to the mailboxes again, until a mail comes back anew.

        :raise UserError: one of them has been taken off already
        """
        self.check_access("read")
        self.env["xpyme.offer.campaign"]._check_manager()
        if not all(self.mapped("active")):
            raise UserError(
                self.env._(
                    "Offers go to this mailbox already. Reload the page to see it."
                )
            )
        # sudo: nobody writes these rows but the gateway and this button.
        self.sudo().write(
            {
                "active": False,
                "released_by_id": self.env.uid,
                "released_at": fields.Datetime.now(),
            }
        )
        return True


class Offer(models.Model):
    _inherit = "xpyme.offer"

    skip_reason = fields.Selection(
        selection_add=[("bounced", "Mails came back from the mailbox")]
    )

    @api.model
    def _get_refusal_conditions(self, email, company, today):
        """Nobody is at home at a mailbox from which mails came back."""
        self.env["xpyme.offer.suppression"].flush_model()
        bounced = SQL(
            "EXISTS (SELECT FROM xpyme_offer_suppression dead"
            " WHERE dead.active AND dead.email = %s)",
            email,
        )
        conditions = super()._get_refusal_conditions(email, company, today)
        return [*conditions, ("bounced", bounced)]


class ResPartner(models.Model):
    """Which of a customer's mailboxes are out of service."""

    _inherit = "res.partner"

    dead_mailboxes = fields.Char(
        string="Mailboxes out of service",
        compute="_compute_address_summary",
        groups="sales_team.group_sale_salesman",
        help="Mails came back from them, so no offers go there.",
    )

    def action_open_dead_mailboxes(self):
        """Why no offers go to the customer's mailboxes, and the way back."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_offer_suppression_action"
        )
        return {**action, "domain": [("email", "in", self._get_offer_mailboxes())]}
