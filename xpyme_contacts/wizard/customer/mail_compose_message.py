from odoo import api, models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    @api.model
    def _get_document_models(self):
        """Models whose documents go to customers who refuse advertising; extend it."""
        return ["sale.order", "account.move"]

    def _get_blacklist_record_ids(self, mail_values_dict, recipients_info=None):
        """Quotations and invoices are no advertising, however many go out at once."""
        campaign = "mass_mailing_id" in self._fields and self.mass_mailing_id
        if self.model in self._get_document_models() and not campaign:
            return set()
        return super()._get_blacklist_record_ids(mail_values_dict, recipients_info)
