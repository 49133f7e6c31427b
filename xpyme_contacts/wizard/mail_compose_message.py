from odoo import models

_DOCUMENTS = ("sale.order", "account.move")


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _get_blacklist_record_ids(self, mail_values_dict, recipients_info=None):
        """Quotations and invoices are no advertising, however many go out at once."""
        campaign = "mass_mailing_id" in self._fields and self.mass_mailing_id
        if self.model in _DOCUMENTS and not campaign:
            return set()
        return super()._get_blacklist_record_ids(mail_values_dict, recipients_info)
