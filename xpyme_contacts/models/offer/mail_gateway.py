from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """What answers an offer belongs to its customer's card."""
        route = self.env["xpyme.offer"]._get_answer_route(
            self, message, message_dict, custom_values
        )
        if route:
            return [route]
        return super().message_route(
            message, message_dict, model, thread_id, custom_values
        )

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        self.env["xpyme.offer"]._receive_bounce(message_dict)
        return result
