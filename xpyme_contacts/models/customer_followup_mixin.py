from odoo import fields, models


class CustomerFollowupMixin(models.AbstractModel):
    """The follow-up of a customer (seed 004: Seguimiento): incidents, calls, visits.

    Odoo's activities, those of his contacts and service orders too; what was done
    stays, with its result.
    """

    _name = "xpyme.customer.followup.mixin"
    _description = "Follow-up of a Customer"

    customer_followup_ids = fields.Many2many(
        "mail.activity",
        string="Follow-up",
        compute="_compute_customer_followup",
        context={"active_test": False},
        help="Incidents, calls and visits of the customer, his contacts and his service "
        "orders, those done included.",
    )
    next_followup_date = fields.Date(
        string="Next Follow-up", compute="_compute_customer_followup"
    )

    def _compute_customer_followup(self):
        for partner in self:
            activities = (
                self.env["mail.activity"]
                .with_context(active_test=False)
                .search(partner._get_followup_domain(), order="date_deadline desc")
            )
            partner.customer_followup_ids = activities
            partner.next_followup_date = min(
                activities.filtered("active").mapped("date_deadline"), default=False
            )

    def _get_followup_domain(self):
        """Domain of the activities of this customer's follow-up."""
        self.ensure_one()
        orders = self.env["fsm.order"]._search(
            [("service_customer_id", "child_of", self.ids)]
        )
        family = self.env["res.partner"]._search([("id", "child_of", self.ids)])
        return [
            "|",
            *("&", ("res_model", "=", "res.partner"), ("res_id", "in", family)),
            *("&", ("res_model", "=", "fsm.order"), ("res_id", "in", orders)),
        ]

    def action_add_followup(self):
        """A new incident, call or visit of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Follow-up"),
            "res_model": "mail.activity",
            "views": [(self.env.ref("mail.mail_activity_view_form_popup").id, "form")],
            "target": "new",
            "context": {
                "default_res_model": "res.partner",
                "default_res_id": self.id,
            },
        }
