from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError

from odoo.addons.xpyme_contacts.tools.inner import SILENTLY, heard, inner

# Within it a quotation was paid at a till.
_PAID_AT_TILL = inner("xpyme_paid_at_till")


class PosOrder(models.Model):
    """Odoo confirms the quotation that a ticket was made of."""

    _inherit = "pos.order"

    @api.model
    def sync_from_ui(self, orders):
        """The ticket has been paid: whatever refuses the quotation leaves it as it is,
        and managers are told."""
        tickets = self.with_context(**SILENTLY, **_PAID_AT_TILL)
        return super(PosOrder, tickets).sync_from_ui(orders)


class SaleOrder(models.Model):
    """What a till took of an order is owed no more, or owed by the ticket (seed 004:
    Control Deuda)."""

    _inherit = "sale.order"

    def action_confirm(self):
        if not heard(self.env.context, "xpyme_paid_at_till"):
            return super().action_confirm()
        try:
            with self.env.cr.savepoint():
                return super().action_confirm()
        except (UserError, RedirectWarning) as refusal:
            self._tell_of_left_quotation(refusal)
            return True

    def _tell_of_left_quotation(self, refusal):
        """Tell managers why a quotation that was paid at a till is none the less one.

        :param refusal: the error
        """
        # sudo: a cashier need not read orders.
        for order in self.sudo():
            ticket = order.pos_order_line_ids.order_id.sorted("id")[-1:]
            ticket._tell_till_managers(
                lambda env, order=order, ticket=ticket: env._(
                    "%(ticket)s was paid, but %(order)s of it stays a quotation: "
                    "%(reason)s",
                    ticket=ticket._get_till_name(),
                    order=order.name,
                    reason=refusal.args[0],
                ),
                order.partner_id,
            )

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
