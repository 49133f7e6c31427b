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
