from odoo import api, models

from odoo.addons.xpyme_contacts.tools.inner import SILENTLY


class PosOrder(models.Model):
    """Odoo confirms the quotation that a ticket was made of."""

    _inherit = "pos.order"

    @api.model
    def sync_from_ui(self, orders):
        """The ticket has been paid: a limit or a block leaves what it does not take of
        the quotation as it is, and managers are told."""
        tickets = self.with_context(**SILENTLY)
        return super(PosOrder, tickets).sync_from_ui(orders)


class SaleOrder(models.Model):
    """What a till took of an order is owed no more, or owed by the ticket (seed 004:
    Control Deuda)."""

    _inherit = "sale.order"

    @api.depends(
        "order_line.pos_order_line_ids.price_subtotal_incl",
        "order_line.pos_order_line_ids.order_id.state",
    )
    def _compute_risk_to_invoice(self):
        return super()._compute_risk_to_invoice()

    def _get_risk_exposure(self, state=None):
        exposure = super()._get_risk_exposure(state)
        # sudo: who sells need not see the till.
        taken = self.sudo().pos_order_line_ids._get_paid_amount()
        if not exposure or taken <= 0:
            return exposure
        taken, currency = self._convert_risk(taken), self.company_id.currency_id
        amount, owed = (
            currency.round(max(value - taken, 0.0))
            for value in (exposure.amount, exposure.owed)
        )
        return exposure._replace(amount=amount, owed=owed)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_invoiced_and_paid(self):
        """With the advances of tickets, which no invoice of the order holds."""
        invoiced, paid = super()._get_invoiced_and_paid()
        # sudo: who invoices need not see the till.
        lines = self.sudo().pos_order_line_ids
        return invoiced + lines._get_paid_amount(), paid + sum(
            own._get_paid_amount() * ticket._get_share_paid_at_once()
            for ticket, own in lines.grouped("order_id").items()
        )


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _get_paid_amount(self):
        """What the lines of tickets that were paid come to, with tax."""
        paid = self.filtered(lambda line: line.order_id._is_paid())
        return sum(paid.mapped("price_subtotal_incl"))
