from odoo import api, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "xpyme.customer.document.mixin"]

    _risk_order_idx = models.Index(
        "(partner_invoice_id) WHERE state = 'sale' AND invoice_status != 'invoiced'"
    )

    @api.constrains("partner_id", "partner_invoice_id")
    def _check_customer_not_blocked(self):
        for order in self.filtered(lambda o: o.state != "cancel"):
            (order.partner_id | order.partner_invoice_id)._check_not_blocked()

    def _confirmation_error_message(self):
        return super()._confirmation_error_message() or (
            (self.partner_id | self.partner_invoice_id)._get_blocked_message() or False
        )

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

    def _prepare_invoice(self):
        return {**super()._prepare_invoice(), "contact_id": self.contact_id.id}

    @api.depends(
        "partner_id.commercial_partner_id.comment",
        "partner_id.commercial_partner_id.deregistration_date",
        "company_id.show_customer_notes",
    )
    def _compute_sale_warning_text(self):
        result = super()._compute_sale_warning_text()
        for order in self:
            order.sale_warning_text = order._append_notices(order.sale_warning_text)
        return result
