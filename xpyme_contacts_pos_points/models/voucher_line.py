from odoo import models


class PosOrderLine(models.Model):
    """What a line of a ticket pays with a voucher, or gives back to it.

    Reckoned here, of its price and quantity: whoever calls the server can say of a
    line what it costs, what it comes to, and what it is linked to.
    """

    _inherit = "pos.order.line"

    def _get_voucher(self):
        """The voucher that the line moves, if any: the one that it names, or of whose
        payment it gives some back, or that of the order that it is taken of; its
        customer's, if it only is a voucher's line."""
        self.ensure_one()
        if self._gives_voucher_back():
            return self.refunded_orderline_id._get_voucher()
        card = self.coupon_id or self.sale_order_line_id.coupon_id
        if card.is_customer_voucher:
            return card._get_living_voucher()
        program = self._get_voucher_program()
        customer = self.order_id.partner_id.commercial_partner_id
        return program._find_voucher_of(customer) if program else card.browse()

    def _get_voucher_program(self):
        """The program of vouchers, if the line takes off what its reward does."""
        program = self.reward_id.program_id
        if not program and self.qty * self.price_unit < 0:
            program = program._find_voucher_program(self.company_id)
            if self.product_id not in program.reward_ids.discount_line_product_id:
                return program.browse()
        return program.filtered("is_customer_voucher")

    def _gives_voucher_back(self):
        """Whether it gives back what a line of a paid ticket paid with a voucher."""
        sold = self.refunded_orderline_id
        is_back = self.qty * self.price_unit > 0 > sold.qty * sold.price_unit
        return is_back and sold.order_id._is_paid() and bool(sold._get_voucher())

    def _sum_up(self):
        """What the lines of a ticket come to, with tax, rounded as a whole only."""
        taxes = self.env["account.tax"]
        base_lines = [
            taxes._prepare_base_line_for_taxes_computation(
                line,
                tax_ids=line.tax_ids_after_fiscal_position,
                quantity=line.qty,
                currency_id=line.order_id.currency_id,
                partner_id=line.order_id.partner_id,
            )
            for line in self
        ]
        taxes._add_tax_details_in_base_lines(base_lines, self.company_id)
        totals = [
            line["tax_details"]["raw_total_included_currency"] for line in base_lines
        ]
        return self.order_id.currency_id.round(sum(totals)) if totals else 0.0

    def _sum_up_ordered(self, card):
        """What of these lines the customer's confirmed orders have paid with a voucher.

        :return: below 0
        """
        total = 0.0
        for ordered, own in self.grouped("sale_order_line_id").items():
            if ordered.coupon_id != card or not own[0]._is_of_confirmed(ordered):
                continue
            others = ordered.pos_order_line_ids - own
            others = others.filtered(lambda line: line.order_id._is_paid())
            invoiced = sum(
                line.price_total * (-1 if line.move_type == "out_refund" else 1)
                for line in ordered.invoice_lines
                if line.parent_state == "posted"
            )
            taken = invoiced + sum(
                min(lines._sum_up(), 0.0)
                for lines in others.grouped("order_id").values()
            )
            total += max(own._sum_up(), min(ordered.price_total - taken, 0.0))
        return total

    def _is_of_confirmed(self, ordered):
        """Whether the line is taken of a line of a confirmed order of the customer."""
        order = self._get_own_order()
        return order.state == "sale" and ordered.order_id == order
