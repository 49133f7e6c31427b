from odoo import models


class SaleOrder(models.Model):
    """Quotations and orders go to the customer's e-mail for documents."""

    _inherit = "sale.order"

    def _message_add_default_recipients(self):
        recipients = super()._message_add_default_recipients()
        return self.env["res.partner"]._address_documents(self, recipients)

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """The customer's document mailbox gets his own link to the quotation."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        mailboxes = self.partner_id.commercial_partner_id._get_document_mailboxes()
        ids = {mailbox.id for mailbox in mailboxes.values()}
        for index, (name, belongs, options) in enumerate(groups):
            if name == "portal_customer" and ids:
                groups[index] = (
                    name,
                    lambda pdata, belongs=belongs: pdata["id"] in ids or belongs(pdata),
                    options,
                )
        return groups


class AccountMove(models.Model):
    """Invoices go to the customer's e-mail for documents."""

    _inherit = "account.move"

    def _message_add_default_recipients(self):
        recipients = super()._message_add_default_recipients()
        invoices = self.filtered(lambda m: m.is_sale_document(include_receipts=True))
        return self.env["res.partner"]._address_documents(invoices, recipients)
