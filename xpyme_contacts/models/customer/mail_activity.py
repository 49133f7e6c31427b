from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.inner import KEEP_FOLLOWUP, heard


class MailActivity(models.Model):
    _inherit = "mail.activity"

    contact_id = fields.Many2one(
        "res.partner",
        string="Contact",
        index="btree_not_null",
        ondelete="set null",
        help="The customer's person whom this call, visit or incident was with.",
    )

    followed_customer_id = fields.Many2one(
        "res.partner",
        string="Followed Customer",
        compute="_compute_followed_customer_id",
        compute_sudo=True,
        exportable=False,
    )

    @api.depends("res_model", "res_id")
    def _compute_followed_customer_id(self):
        for activity in self:
            customer = activity._get_followed_customer()
            activity.followed_customer_id = customer.exists()

    @api.constrains("contact_id", "res_model_id", "res_id")
    def _check_contact_of_customer(self):
        """:raise ValidationError: the contact belongs to another customer"""
        for activity in self.filtered("contact_id"):
            customer = activity._get_followed_customer()
            if customer and activity.contact_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is not a contact of %(customer)s: choose one of "
                        "this customer's contacts.",
                        contact=activity.contact_id.display_name,
                        customer=customer.display_name,
                    )
                )

    def _get_followed_customer(self):
        """The customer whose follow-up this activity belongs to; empty for none.

        An addon extends it for its documents.
        """
        self.ensure_one()
        partners = self.env["res.partner"]
        if self.res_model == partners._name:
            return partners.browse(self.res_id).commercial_partner_id
        return partners

    def _is_followup(self):
        """Whether this is, or will be once saved, of a customer's follow-up."""
        self.ensure_one()
        return self.res_model in self.env["res.partner"]._get_followup_links()

    @api.onchange("activity_type_id")
    def _onchange_activity_type_id(self):
        """A call or visit is noted on the day: the follow-up proposes today.

        What follows on something done keeps the delay of its type.
        """
        result = super()._onchange_activity_type_id()
        chained = self.env.context.get("activity_previous_deadline")
        if self.activity_type_id and self._is_followup() and not chained:
            self.date_deadline = fields.Date.context_today(self)
        return result

    # === DONE ===#

    def action_ask_result(self):
        """The button *Done*, wherever it stands: a follow-up is asked for its result.

        ``action_done`` stays what it is for programs: done without a word.
        """
        asked = self.filtered("active") if len(self) == 1 else self.browse()
        if asked and asked._is_followup() and asked._is_document_readable():
            return asked._ask_result(self.env._("Done"))
        return self.action_done()

    def _is_document_readable(self):
        return self.env[self.res_model].browse(self.res_id).has_access("read")

    @api.model
    def _ask_result(self, title, **defaults):
        """The one dialog in which a follow-up is done, or noted as done.

        :param defaults: values of a new one, where ``self`` is empty
        """
        view = self.env.ref("xpyme_contacts.xpyme_followup_view_form_done")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in defaults.items()},
        }

    def action_followup_done(self):
        """Done, with the result that was typed in the dialog."""
        self.ensure_one()
        self.action_feedback(feedback=self.feedback)
        return {"type": "ir.actions.act_window_close"}

    def action_followup_reopen(self):
        """Back among what is to be done: it was a slip."""
        self.filtered(lambda activity: not activity.active).action_unarchive()
        return True

    # === KEEPING ===#

    @api.autovacuum
    def _gc_delete_old_overdue_activities(self):
        """A customer's follow-up is his history: it is not cleared with age."""
        keeper = self.with_context(**KEEP_FOLLOWUP)
        return super(MailActivity, keeper)._gc_delete_old_overdue_activities()

    def unlink(self):
        followed = self.filtered(lambda a: a._get_followed_customer())
        if heard(self.env.context, "xpyme_keep_followup"):
            return super(MailActivity, self - followed).unlink()
        # Core lets whoever it was assigned to delete it; what was done is the
        # customer's history, and whoever may change the customer decides.
        if done := followed - followed.filtered("active"):
            customers = [activity._get_followed_customer() for activity in done]
            self.env["res.partner"].union(*customers).check_access("write")
        return super().unlink()


class MailActivitySchedule(models.TransientModel):
    _inherit = "mail.activity.schedule"

    def action_schedule_activities_done(self):
        """Asks for the result, too, where there is a follow-up to ask about."""
        return self._action_schedule_activities().action_ask_result()
