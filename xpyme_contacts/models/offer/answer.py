from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.tools import html2plaintext, plaintext2html

# RFC 3834, and what mail programs wrote before it: nobody sat there and answered.
_AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond")
_AUTOMATIC_PRECEDENCE = ("auto_reply", "bulk", "junk")
ACTIVITY_TYPE = "xpyme_contacts.activity_type_offer_answer"
# Of an answer, in its activity; the whole of it is in the customer's card.
_SHOWN = 500


class Offer(models.Model):
    """What customers answer: somebody has to look at it, and one click acts on it."""

    _inherit = "xpyme.offer"

    answered_at = fields.Datetime(
        string="Answered on", readonly=True, help="When the last answer came."
    )
    answer_id = fields.Many2one(
        "mail.message",
        string="Their answer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    answer_html = fields.Html(
        string="What they answered", related="answer_id.body", prefetch=False
    )

    _answered_idx = models.Index("(campaign_id) WHERE answered_at IS NOT NULL")

    # === COMING IN ===#

    @api.model
    def _receive_answer(self, message, message_dict):
        """Called for each mail that came in, once it is in its customer's card."""
        if message_dict.get("is_bounce") or self._is_automatic(message):
            return
        offer = self._find_answered(message_dict)
        if not offer:
            return
        # sudo: the gateway has no rights of its own.
        posted = self.env["mail.message"].sudo()
        domain = [
            ("message_id", "=", message_dict["message_id"]),
            ("model", "=", "res.partner"),
            ("res_id", "=", offer.partner_id.id),
        ]
        if posted := posted.search(domain, limit=1):
            offer._take_answer(posted)

    @api.model
    def _is_automatic(self, message):
        """Whether a machine wrote the mail: *out of office*, *we got your mail*."""
        submitted = (message.get("Auto-Submitted") or "no").strip().lower()
        precedence = (message.get("Precedence") or "").strip().lower()
        return (
            not submitted.startswith("no")
            or precedence in _AUTOMATIC_PRECEDENCE
            or any(message.get(header) for header in _AUTOMATIC_HEADERS)
        )

    def _take_answer(self, posted):
        """Note an answer, and have somebody look at it: one activity for an offer."""
        self.ensure_one()
        self.write({"answered_at": posted.date, "answer_id": posted.id})
        said = plaintext2html(self._get_own_words(posted.body))
        activity = self._get_answer_activities()[:1]
        if activity:
            activity.note = (activity.note or Markup("")) + said
            return
        user = self._get_answer_reader()
        env = self.with_context(lang=user.lang).env
        self.partner_id.activity_schedule(
            ACTIVITY_TYPE,
            summary=env._("Answers the offer %s", self.campaign_id.name),
            note=said,
            user_id=user.id,
            offer_id=self.id,
        )

    @api.model
    def _get_own_words(self, body):
        """An answer without the mail that it answers, which carries its proof."""
        lines = []
        for line in html2plaintext(body or "", include_references=False).splitlines():
            if line.lstrip().startswith(">"):
                break
            lines.append(line)
        return "\n".join(lines).strip()[:_SHOWN]

    def _get_answer_reader(self):
        """The campaign's responsible, else the customer's salesperson."""
        campaign, customer = self.campaign_id, self.partner_id
        users = (campaign.user_id, customer.user_id, campaign.approved_by_id)
        return next((user for user in users if user.active), campaign.create_uid)

    def _get_answer_activities(self):
        """What is still to be done about the answers to these offers."""
        # sudo: whoever acts on an answer has done it, whosever activity it was.
        activities = self.env["mail.activity"].sudo()
        return activities.search([("offer_id", "in", self.ids)])

    def _settle_answer(self, result):
        for activity in self._get_answer_activities():
            activity.with_user(self.env.user).sudo().action_feedback(feedback=result)

    # === ONE CLICK ===#

    def action_note_withdrawal(self):
        """The person answered that they want no more offers: noted with their words."""
        self.check_access("read")
        for offer in self:
            if not offer._is_refused():
                words = offer._get_own_words(offer.answer_html)
                self.env["xpyme.offer.consent"].create(
                    {
                        "email": offer.email,
                        "partner_id": offer.partner_id.id,
                        "company_id": offer.company_id.id,
                        "kind": "withdrawn",
                        "text": words or self.env._("Told us that they want no more."),
                        "offer_id": offer.id,
                    }
                )
            offer._settle_answer(offer._tell_withdrawal())
        return self._ask_about_the_others()

    def _tell_withdrawal(self):
        told = self.env._("Noted: they want no more offers.")
        return " ".join(filter(None, (told, self._tell_still_offered())))

    def _tell_still_offered(self):
        """Where else offers go: an answer cannot be asked whether it means these."""
        if others := ", ".join(self._get_other_mailboxes()):
            return self.env._(
                "Offers still go to %s: note it in the customer's consents if they "
                "meant these too.",
                others,
            )
        return ""

    def _ask_about_the_others(self):
        told = "\n".join(filter(None, (o._tell_still_offered() for o in self)))
        if not told:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": told,
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_make_quotation(self):
        """A quotation with what was offered, at the prices of the offer."""
        self.ensure_one()
        orders = self.env["sale.order"].with_company(self.company_id)
        order = orders.create(self._prepare_quotation_vals())
        order.order_line = [
            Command.create(vals) for vals in self._prepare_quotation_lines(order)
        ]
        self._settle_answer(self.env._("Quotation %s", order.name))
        return {
            "type": "ir.actions.act_window",
            "res_model": order._name,
            "res_id": order.id,
            # The button in the chatter opens it as it is.
            "views": [(False, "form")],
        }

    def _prepare_quotation_vals(self):
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "origin": self.campaign_id.name,
        }

    def _prepare_quotation_lines(self, order):
        """Each article once, for the smallest quantity that it was offered for."""
        details = self.detail_ids.filtered("product_id").sorted("quantity")
        firsts = [rows[:1] for rows in details.grouped("product_id").values()]
        own, today = self.company_id.currency_id, fields.Date.context_today(self)
        return [
            {
                "product_id": detail.product_id.id,
                "product_uom_qty": detail.quantity or 1,
                "price_unit": own._convert(
                    detail.price, order.currency_id, self.company_id, today, round=False
                ),
                # The offered price has it: the tariff would give its own once more.
                "discount": 0.0,
            }
            for detail in sum(firsts, self.detail_ids.browse()).sorted("sequence")
        ]


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        if body := message_dict.get("body"):
            # Whoever reads the card could leave, or come back, in their name.
            body = self.env["xpyme.offer"]._seal(body)
            message_dict = {**message_dict, "body": body}
        result = super()._message_route_process(message, message_dict, routes)
        self.env["xpyme.offer"]._receive_answer(message, message_dict)
        return result


class MailActivity(models.Model):
    """The activity of an answer carries the two things that one does with it."""

    _inherit = "mail.activity"

    offer_id = fields.Many2one(
        "xpyme.offer",
        string="Answered offer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    is_offer_answer = fields.Boolean(
        string="Answers an offer", compute="_compute_is_offer_answer"
    )

    @api.depends("offer_id")
    def _compute_is_offer_answer(self):
        for activity in self:
            activity.is_offer_answer = bool(activity.offer_id)

    def _to_store_defaults(self, target):
        return [*super()._to_store_defaults(target), "is_offer_answer"]

    def action_note_withdrawal(self):
        return self.offer_id.action_note_withdrawal()

    def action_make_quotation(self):
        return self.offer_id.action_make_quotation()
