from odoo import api, models
from odoo.exceptions import AccessError


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """The gateway works as superuser, in the name of whom the mail says it is from.

        So whoever hands it a mail says nothing but the mail: its address and what it
        answers decide where it goes.

        :raise AccessError: a technician, or others who say which record it becomes
        """
        self.env["res.partner"]._refuse_technician()
        said = model or custom_values or thread_id
        if said and not self.env.su and not self.env.user._is_system():
            raise AccessError(
                self.env._(
                    "Only a system administrator says which record a mail becomes: "
                    "hand over the mail alone, its address decides."
                )
            )
        return super().message_process(
            model, message, custom_values, save_original, strip_attachments, thread_id
        )
