from odoo import api, models


class StockPicking(models.Model):
    """Delivery notes go to the customer's e-mail for documents."""

    _inherit = "stock.picking"

    def _message_add_default_recipients(self):
        recipients = super()._message_add_default_recipients()
        notes = self.filtered(lambda picking: picking._is_delivery_note())
        return self.env["res.partner"]._address_documents(notes, recipients)


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _generate_template_recipients(self, res_ids, *args, **kwargs):
        """Odoo's template names the address of the goods as who is to get the mail."""
        found = super()._generate_template_recipients(res_ids, *args, **kwargs)
        if self.model == "stock.picking":
            notes = self.env["stock.picking"].browse(res_ids)
            notes = notes.filtered(lambda picking: picking._is_delivery_note())
            mailboxes = notes.partner_id.commercial_partner_id._get_document_mailboxes()
            for note in notes:
                mailbox = mailboxes.get(note.partner_id.commercial_partner_id)
                if mailbox:
                    found[note.id].update(partner_ids=mailbox.ids[:1], email_to="")
        return found


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    @api.model
    def _get_document_models(self):
        return [*super()._get_document_models(), "stock.picking"]
