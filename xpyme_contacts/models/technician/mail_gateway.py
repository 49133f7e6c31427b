from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, *args, **kwargs):
        """The mail gateway works as superuser for whoever hands it a message."""
        self.env["res.partner"]._refuse_technician()
        return super().message_process(model, message, *args, **kwargs)
