from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _get_followed_customer(self):
        """The customer of a service order, of whatever model it is."""
        document = self.env.get(self.res_model)
        if self.res_id and hasattr(document, "_get_service_customer"):
            return document.browse(self.res_id)._get_service_customer()
        return super()._get_followed_customer()
