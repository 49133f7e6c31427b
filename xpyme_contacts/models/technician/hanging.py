from odoo import models


class HangingRow(models.AbstractModel):
    """A row that may be moved to another record: it is judged where it arrives."""

    _name = "xpyme.hanging.row"
    _description = "Row that hangs on a Record"

    def write(self, vals):
        result = super().write(vals)
        if {"model", "res_model", "res_model_id", "res_id"} & vals.keys():
            if self.env.user._is_service_technician():
                self._check_technician_behind()
        return result


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "xpyme.hanging.row"]


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["mail.message", "xpyme.hanging.row"]


class MailScheduledMessage(models.Model):
    _name = "mail.scheduled.message"
    _inherit = ["mail.scheduled.message", "xpyme.hanging.row"]


class IrAttachment(models.Model):
    _name = "ir.attachment"
    _inherit = ["ir.attachment", "xpyme.hanging.row"]


class MailComposeMessage(models.TransientModel):
    _name = "mail.compose.message"
    _inherit = ["mail.compose.message", "xpyme.hanging.row"]
