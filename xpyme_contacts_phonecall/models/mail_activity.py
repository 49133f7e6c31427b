from odoo import models


class MailActivity(models.Model):
    """What is done with a call's activity is done with the call."""

    _inherit = "mail.activity"

    def _get_followed_customer(self):
        if self.res_model == "crm.phonecall" and self.res_id:
            return self._get_calls().customer_id
        return super()._get_followed_customer()

    def _get_calls(self):
        """The calls that these activities stand for, archived ones too."""
        ids = [a.res_id for a in self if a.res_model == "crm.phonecall"]
        # sudo: core lets whoever an activity is assigned to close or put it off; the
        # call does as its activity does.
        return self.env["crm.phonecall"].sudo().browse(ids).exists()

    def _get_calls_told(self):
        """Those of them that are told by just these activities."""
        return self._get_calls().filtered(lambda call: call.followup_id in self)

    def _action_done(self, feedback=False, attachment_ids=None):
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for call in self._get_calls_told().filtered(lambda call: call.state != "done"):
            call.write({"state": "done", "description": feedback or call.description})
        return result

    def action_unarchive(self):
        result = super().action_unarchive()
        self._get_calls_told().filtered(
            lambda call: call.state == "done"
        ).state = "open"
        return result

    def write(self, vals):
        result = super().write(vals)
        if "date_deadline" in vals:
            for call in self._get_calls_told():
                call._put_off(call.followup_id.date_deadline)
        if "user_id" in vals:
            for call in self._get_calls_told():
                if call.user_id != call.followup_id.user_id:
                    call.user_id = call.followup_id.user_id
        return result

    def unlink(self):
        """A call that nobody is to be alerted of any more is not to be held."""
        calls = self.filtered("active")._get_calls_told()
        result = super().unlink()
        calls.filtered(lambda call: call.state != "done").state = "cancel"
        return result
