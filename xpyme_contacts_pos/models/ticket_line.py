from odoo import api, fields, models


class PosOrderLine(models.Model):
    """What a line of a ticket sells anew, and who may sell it for less."""

    _inherit = "pos.order.line"

    insisted_minimum = fields.Boolean(
        string="Under the Minimum",
        readonly=True,
        copy=False,
        help="A sales administrator sold it for less than the customer's minimum "
        "price.",
    )

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "insisted_minimum"]

    # === WHO INSISTS ===#

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._without_insisting(vals) for vals in vals_list])

    def write(self, vals):
        insisted = self.filtered("insisted_minimum")
        before = [(line, line.product_id, line._get_net_unit()) for line in insisted]
        result = super().write(self._without_insisting(vals))
        if before and not self.env.user._is_sales_administrator():
            for line, product, price in before:
                if line.product_id != product or line._get_net_unit() < price:
                    line.insisted_minimum = False
        return result

    @api.model
    def _without_insisting(self, vals):
        """The ticket has been paid: whoever may not insist has not, and no more."""
        if not vals.get("insisted_minimum") or self.env.user._is_sales_administrator():
            return vals
        return {name: vals[name] for name in vals if name != "insisted_minimum"}

    # === WHAT IS SOLD ANEW ===#

    def _sells_anew(self):
        """Whether the line is neither given back nor of an order confirmed before.

        Links say nothing by themselves, anybody may write them.
        """
        self.ensure_one()
        return self._is_sold() and not self._is_undoing() and not self._is_ordered()

    def _is_sold(self):
        """Whether an article leaves or money comes in, whatever their signs."""
        money = max(self.price_subtotal_incl, self.qty * self.price_unit)
        return self.qty > 0 or money > 0

    def _is_undoing(self):
        """Whether the line takes back, in quantity and in money, no more than is left
        of what the one that it names has done with the same article and customer."""
        # sudo: a ticket of whichever till.
        line = self.sudo()
        done, ticket = line.refunded_orderline_id, line.order_id
        customer = ticket.partner_id.commercial_partner_id
        if (
            done.order_id in (ticket.browse(), ticket)
            or not done.order_id._is_paid()
            or done.product_id != line.product_id
            or done.order_id.partner_id.commercial_partner_id != customer
        ):
            return False
        compare_money = ticket.currency_id.compare_amounts
        return line._undoes("qty", line.product_uom_id.compare) and line._undoes(
            "price_subtotal_incl", compare_money, ticket.currency_id.rounding
        )

    def _undoes(self, fname, compare, rounding=0.0):
        """Whether a figure takes back what the other line has, and all that name it no
        more than that.

        :param rounding: what each of them may differ by
        """
        done = self.refunded_orderline_id
        others = self._filter_paid(done.refund_orderline_ids)
        undone = [value for value in others.mapped(fname) if value * done[fname] < 0]
        most = abs(done[fname]) + rounding * len(undone)
        is_back = not self[fname] or self[fname] * done[fname] < 0
        return is_back and compare(abs(sum(undone)), most) <= 0

    def _is_ordered(self):
        """Whether a confirmed order of the customer and company had it still to be
        paid, in quantity and in money."""
        # sudo: a cashier need not read orders.
        line, order = self.sudo(), self._get_own_order()
        if order.state != "sale" or not line._is_left_of(order):
            return False
        ordered = line.sale_order_line_id
        if ordered.order_id == order and not ordered.is_downpayment:
            return ordered.product_id == line.product_id and line._is_within(ordered)
        return line.product_id == line.order_id.config_id.down_payment_product_id

    def _is_left_of(self, order):
        """Whether tickets and invoices take no more of an order than its total."""
        lines = order.order_line._get_invoiced_lines()
        invoiced = sum(line._get_amount_in(order) for line in lines)
        tickets = self._filter_paid(order.pos_order_line_ids)
        return self._is_covered(tickets, order.amount_total - invoiced)

    def _get_own_order(self):
        """The order that the line names, if it is of the same customer, company and
        currency."""
        # sudo: a cashier need not read orders.
        line = self.sudo()
        order, ticket = line.sale_order_origin_id, line.order_id
        payers = (order.partner_id | order.partner_invoice_id).commercial_partner_id
        is_own = (
            order.company_id == ticket.company_id
            and order.currency_id == ticket.currency_id
            and ticket.partner_id.commercial_partner_id in payers
        )
        return order if is_own else order.browse()

    def _is_within(self, ordered):
        """Whether tickets and invoices take no more of an order's line than it has."""
        tickets = self._filter_paid(ordered.pos_order_line_ids)
        left = ordered.product_uom_id.compare(
            ordered.product_uom_qty, ordered.qty_invoiced
        )
        return left >= 0 and self._is_covered(tickets, ordered.price_total)

    def _filter_paid(self, lines):
        """Those of paid tickets, and of this one."""
        return lines.filtered(
            lambda other: other.order_id == self.order_id
            or other.order_id.state not in ("draft", "cancel")
        )

    def _is_covered(self, lines, total):
        """Whether lines of tickets come to no more than a total, with tax.

        The till rounds each of them.
        """
        currency = self.order_id.currency_id
        slack = currency.rounding * len(lines)
        amount = sum(lines.mapped("price_subtotal_incl"))
        return currency.compare_amounts(amount, total + slack) <= 0
