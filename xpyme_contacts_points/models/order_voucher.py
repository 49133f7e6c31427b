from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.xpyme_contacts.tools.inner import heard

from .loyalty_card import BY_DOCUMENT


class SaleOrder(models.Model):
    """A voucher is its customer's; who accumulates no points earns none."""

    _inherit = "sale.order"

    def _try_apply_code(self, code):
        """Another customer's voucher is refused; gift cards may be anybody's."""
        # sudo: whose the voucher is, to say so.
        card = self.env["loyalty.card"].sudo().search([("code", "=", code)])
        if self._is_foreign_voucher(card):
            return {"error": self._get_foreign_voucher_sentence(card)}
        card._take_lapsed()
        return super()._try_apply_code(code)

    def action_confirm(self):
        # sudo: what has lapsed is nobody's any more, whoever confirms.
        self.order_line.coupon_id.sudo()._take_lapsed()
        return super().action_confirm()

    def _get_point_changes(self):
        """Core puts them on the cards when an order is confirmed or cancelled."""
        changes = super()._get_point_changes()
        return {
            card.with_context(**BY_DOCUMENT): change for card, change in changes.items()
        }

    def _add_loyalty_history_lines(self):
        orders = self.with_context(**BY_DOCUMENT)
        return super(SaleOrder, orders)._add_loyalty_history_lines()

    def _is_foreign_voucher(self, card):
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        return card.is_customer_voucher and card.partner_id != customer

    def _get_foreign_voucher_sentence(self, card):
        return self.env._(
            "The voucher %s is another customer's: only they can use it.", card.code
        )

    @api.constrains("partner_id", "order_line")
    def _check_own_vouchers(self):
        """:raise ValidationError: a line is paid with another customer's voucher"""
        for order in self:
            # sudo: as above.
            for card in order.order_line.coupon_id.sudo():
                if order.state != "cancel" and order._is_foreign_voucher(card):
                    raise ValidationError(order._get_foreign_voucher_sentence(card))

    @api.constrains("order_line")
    def _check_voucher_costs(self):
        """A confirmed order takes of a voucher what is paid with it.

        :raise ValidationError: it takes less, or gives
        """
        for order in self.filtered(lambda order: order.state == "sale"):
            # sudo: as above.
            lines = order.order_line.sudo().filtered("coupon_id.is_customer_voucher")
            for card, own in lines.grouped("coupon_id").items():
                order._check_voucher_cost(card, own)

    def _check_voucher_cost(self, card, lines):
        """:param lines: those that the voucher pays"""
        program = card.program_id
        paid = self.currency_id._convert(
            -sum(lines.mapped("price_total")),
            program.currency_id,
            self.company_id,
            self.date_order,
        )
        # A coin for each line, which taxes round.
        points = program._to_points(paid) - len(lines)
        if sum(lines.mapped("points_cost")) < max(points, 0):
            raise ValidationError(
                self.env._(
                    "%(order)s would take less of the voucher %(code)s than is paid "
                    "with it: leave the voucher's line as it is, or cancel the order.",
                    order=self.display_name,
                    code=card.code,
                )
            )

    def _program_check_compute_points(self, programs):
        result = super()._program_check_compute_points(programs)
        if self.partner_id.commercial_partner_id.no_points:
            for program, status in result.items():
                if program.program_type == "loyalty" and "points" in status:
                    status["points"] = [0]
        return result


class SaleOrderLine(models.Model):
    """A line of a confirmed order moves the voucher that pays it."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not any(vals.get("coupon_id") for vals in vals_list):
            return super().create(vals_list)
        lines = self.with_context(**BY_DOCUMENT)
        return super(SaleOrderLine, lines).create(vals_list).with_env(self.env)

    def write(self, vals):
        if "points_cost" not in vals:
            return super().write(vals)
        return super(SaleOrderLine, self.with_context(**BY_DOCUMENT)).write(vals)

    def unlink(self):
        if not self.coupon_id:
            return super().unlink()
        return super(SaleOrderLine, self.with_context(**BY_DOCUMENT)).unlink()

    @api.constrains("coupon_id")
    def _check_own_voucher(self):
        self.order_id._check_own_vouchers()

    @api.constrains("coupon_id", "points_cost", "price_unit", "product_uom_qty")
    def _check_voucher_cost(self):
        """Of several lines that are written at once all count: the order checks."""
        if not heard(self.env.context, "xpyme_risk_judged_above"):
            self.filtered("coupon_id").order_id._check_voucher_costs()
