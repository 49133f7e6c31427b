from odoo import api, models


class MailActivity(models.Model):
    """What is done with a call's activity is done with the call."""

    _inherit = "mail.activity"

    def _get_followed_customer(self):
        if self.res_model == "crm.phonecall" and self.res_id:
            return self._get_calls().customer_id.with_env(self.env)
        return super()._get_followed_customer()

    def _get_calls(self):
        """The calls that these activities hang on, archived ones too."""
        ids = [a.res_id for a in self if a.res_model == "crm.phonecall"]
        # sudo: core lets whoever an activity is assigned to close or put it off; the
        # call does as its activity does.
        return self.env["crm.phonecall"].sudo().browse(ids).exists()

    def _get_calls_told(self):
        """Those of them that are told by just these activities."""
        return self._get_calls().filtered(lambda call: call.followup_id in self)

    def write(self, vals):
        result = super().write(vals)
        for call in self._get_calls_told():
            call._hear_followup(vals.keys())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        """:raise UserError: it tells what was said with a customer"""
        if not self.env.su:
            self._get_calls_told()._check_keeps_history()

    def unlink(self):
        """A call that nobody is to be alerted of any more is not to be held."""
        alerts = self.filtered("active")
        called = [(call, call.followup_id) for call in alerts._get_calls_told()]
        result = super().unlink()
        kept = self.exists()
        for call, alert in called:
            if alert not in kept and call.exists() and call.state != "done":
                call.state = "cancel"
        return result
