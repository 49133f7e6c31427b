from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# What the follow-up tells of a call.
_TOLD = frozenset(
    (
        *("active", "contact_id", "date", "description", "name"),
        *("partner_id", "state", "user_id"),
    )
)
_OPEN = ("open", "pending")
_TELLING = (*_OPEN, "done")


class CrmPhonecall(models.Model):
    """A customer's call stands in their follow-up (seed 004: Seguimiento, Llamadas).

    The follow-up is made of activities. Each call has one: it alerts the call's user,
    it is done with the call and it tells the call's result.
    """

    _name = "crm.phonecall"
    _inherit = ["crm.phonecall", "mail.activity.mixin"]

    _technicians_only_read = True

    # each card asks for its calls
    partner_id = fields.Many2one(index="btree_not_null")
    customer_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer of the Call"
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="Contact of the Call",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        domain="[('commercial_partner_id', '=', customer_id), "
        "('type', '=', 'contact'), ('is_document_mailbox', '=', False)]",
        help="The customer's person who was spoken to.",
    )
    followup_id = fields.Many2one(
        "mail.activity",
        string="In the Follow-up",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="The activity that stands for the call in the customer's follow-up.",
    )
    was_held = fields.Boolean(
        readonly=True,
        copy=False,
        help="It was the customer's history before it was reopened or cancelled.",
    )

    @api.depends("partner_id")
    def _compute_contact_id(self):
        for call in self:
            partner = call.partner_id
            if partner != partner.commercial_partner_id:
                call.contact_id = partner
            elif call.contact_id.commercial_partner_id != partner:
                call.contact_id = False
            else:
                call.contact_id = call.contact_id

    @api.constrains("contact_id", "partner_id")
    def _check_contact_of_customer(self):
        """:raise ValidationError: the contact is another customer's, or nobody's"""
        for call in self.filtered("contact_id"):
            if not call.customer_id:
                raise ValidationError(
                    self.env._(
                        "Choose the customer of the call before %(contact)s.",
                        contact=call.contact_id.display_name,
                    )
                )
            if call.contact_id.commercial_partner_id != call.customer_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is not a contact of %(customer)s: choose one of "
                        "this customer's contacts.",
                        contact=call.contact_id.display_name,
                        customer=call.customer_id.display_name,
                    )
                )

    @api.constrains("followup_id")
    def _check_own_followup(self):
        """:raise ValidationError: what is done to a call is done to its activity, and
        must not reach another record's"""
        for call in self.filtered("followup_id"):
            # sudo: where it hangs only, for whoever writes the call.
            activity = call.followup_id.sudo()
            if (activity.res_model, activity.res_id) != (self._name, call.id):
                raise ValidationError(
                    self.env._("The activity of a call is its own: choose none.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        calls._tell_followup()
        return calls

    def write(self, vals):
        if not self.env.su:
            vals = {name: vals[name] for name in vals if name != "was_held"}
        if not vals.get("partner_id", True):
            self._check_keeps_history()
        if {"partner_id", "state"} & vals.keys():
            held = self.filtered(lambda call: call._is_history() and not call.was_held)
            super(CrmPhonecall, held).write({"was_held": True})
        result = super().write(vals)
        if _TOLD & vals.keys():
            self._tell_followup()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        self._check_keeps_history()

    def _check_keeps_history(self):
        """:raise UserError: what was said with a customer is their history"""
        is_history = any(call._is_history() for call in self)
        if is_history and not self.env.user.has_group("sales_team.group_sale_manager"):
            raise UserError(
                self.env._(
                    "A call that was held is the customer's history: archive it, or "
                    "ask a sales manager to delete it."
                )
            )

    def _is_history(self):
        """Whether it was ever held with a customer."""
        self.ensure_one()
        return self.was_held or self.state == "done" and bool(self.partner_id)

    @api.onchange("contact_id")
    def _onchange_contact_id(self):
        if phone := self.contact_id.phone or self.contact_id.mobile:
            self.partner_phone = phone

    def get_values_schedule_another_phonecall(self, vals):
        """Of OCA's wizard: the other call is with the same person."""
        values = super().get_values_schedule_another_phonecall(vals)
        person = self.contact_id or self.partner_id
        phone = self.partner_phone or person.phone or person.mobile
        return {**values, "contact_id": self.contact_id.id, "partner_phone": phone}

    def action_hold(self):
        """The call has been held: the button of the dialog in which it was noted."""
        self.state = "done"
        return {"type": "ir.actions.act_window_close"}

    # === FOLLOW-UP ===#

    def _tell_followup(self):
        """The activity of each call is as the call is; none for what is left out."""
        told = self.filtered(
            lambda call: call.partner_id and call.active and call.state in _TELLING
        )
        (self - told)._leave_followup()
        new = told.filtered(lambda call: not call.followup_id)
        for call in told - new:
            call._refresh_followup()
        # What was already held alerts nobody.
        quietly = {"mail_activity_quick_update": True}
        for is_open, calls in new.grouped(lambda call: call.state in _OPEN).items():
            activities = self.env["mail.activity"].with_context(
                **{} if is_open else quietly
            )
            activities = activities.create([c._prepare_followup() for c in calls])
            for call, activity in zip(calls, activities, strict=True):
                call.followup_id = activity
        told._close_followup()

    def _prepare_followup(self):
        """Values of the activity of this call."""
        self.ensure_one()
        return {
            "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "summary": self.name,
            "date_deadline": self._get_followup_day(),
            "user_id": self.user_id.id,
            "contact_id": self.contact_id.id,
        }

    def _get_followup_day(self):
        """The day of the call by the clock of whoever makes it."""
        return self._get_local_moment().date()

    def _get_local_moment(self):
        """When the call is, by the clock of whoever makes it; now if it has no date."""
        clock = self.user_id.tz or self.env.user.tz
        moment = self.date or fields.Datetime.now()
        return fields.Datetime.context_timestamp(self.with_context(tz=clock), moment)

    def _refresh_followup(self):
        """Write what the activity tells otherwise than the call."""
        activity, vals = self.followup_id, self._prepare_followup()
        known = activity.read(vals, load=None)[0]
        changed = {name: value for name, value in vals.items() if known[name] != value}
        if changed:
            activity.write(changed)

    def _close_followup(self):
        """What was held is done, with its result; what is to be held again is not."""
        held = self.filtered(lambda call: call.state not in _OPEN)
        for call in held:
            if call.followup_id.active:
                call.followup_id._action_done(feedback=call.description)
            elif call.description != call.followup_id.feedback:
                call.followup_id.feedback = call.description
        again = (self - held).followup_id
        again.filtered(lambda activity: not activity.active).action_unarchive()

    def _leave_followup(self):
        """What is not to be held alerts nobody; what was held stays told."""
        alerting = self.filtered("followup_id.active")
        told = alerting.filtered(lambda call: call.was_held and call.state == "cancel")
        for call in told:
            call.followup_id._action_done(feedback=call.description)
        # sudo: the alert goes with the call, which its writer may cancel or archive.
        activities = (alerting - told).followup_id.sudo()
        (alerting - told).followup_id = False
        activities.unlink()

    def _hear_followup(self, names):
        """The call is as its activity has become.

        :param names: of the fields of the activity that were written
        """
        self.ensure_one()
        activity, vals = self.followup_id, {}
        for name, heard in self._get_heard_fields().items():
            if name in names and self[heard] != activity[name]:
                vals[heard] = activity[name]
        if "date_deadline" in names:
            moment = self._get_local_moment()
            if moment.date() != activity.date_deadline:
                vals["date"] = self._move_to_day(moment, activity.date_deadline)
        if "active" in names and activity.active == (self.state not in _OPEN):
            vals["state"] = "open" if activity.active else "done"
        if vals:
            self.write(vals)

    @api.model
    def _get_heard_fields(self):
        """``{field of the activity: field of the call}`` that say the same."""
        return {
            "contact_id": "contact_id",
            "feedback": "description",
            "summary": "name",
            "user_id": "user_id",
        }

    @api.model
    def _move_to_day(self, moment, day):
        """The same hour of the clock of ``moment`` on another day, as it is stored."""
        # not replace(): the clock may be another one in summer
        local = moment.tzinfo.localize(datetime.combine(day, moment.time()))
        return local.astimezone(pytz.utc).replace(tzinfo=None)
