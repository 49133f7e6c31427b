from collections import namedtuple

from odoo import api, models
from odoo.tools import float_compare, float_round

_DIGITS = 2

# A line of a document: what of it comes back is above 0, what is sold below.
ReturnedLine = namedtuple("ReturnedLine", "product quantity untaxed total")


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _reckon_returned(self, lines, currency):
        """By the rules that ask for no code."""
        rules = self.filtered("active").rule_ids
        rules = rules.filtered(lambda rule: rule.mode == "auto")
        return sum(rule._reckon_returned(lines, currency) for rule in rules)


class LoyaltyRule(models.Model):
    _inherit = "loyalty.rule"

    def _reckon_returned(self, lines, currency):
        """What the rule would give for what comes back, if it was sold.

        What each order gives, however large it is, nobody knows to have been given.

        :param lines: of a document in ``currency``, sold and returned
        """
        self.ensure_one()
        domain = self._get_valid_product_domain()
        own = [
            one for one in lines if not domain or one.product.filtered_domain(domain)
        ]
        quantity = sum(one.quantity for one in own)
        untaxed, total = sum(one.untaxed for one in own), sum(one.total for one in own)
        amount = total if self.minimum_amount_tax_mode == "incl" else untaxed
        if (
            total <= 0
            or quantity < self.minimum_qty
            or amount < self._compute_amount(currency)
        ):
            return 0.0
        units = {"money": total, "unit": quantity}.get(self.reward_point_mode, 0.0)
        return float_round(self.reward_point_amount * units, precision_digits=_DIGITS)


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _set_taken_back(self, document, points, description, is_free=False):
        """A document takes so many points off the card, no more and no less.

        :param is_free: for goods that come back without a link
        """
        lines = self._get_taken_lines(document, is_free)
        taken = -sum(lines.mapped("issued"))
        points = float_round(points, precision_digits=_DIGITS)
        if not float_compare(points, taken, precision_digits=_DIGITS):
            return
        self.points += taken - points
        lines.unlink()
        if points:
            self.env["loyalty.history"].create(
                {
                    "card_id": self.id,
                    "issued": -points,
                    "description": description,
                    "order_model": document._name,
                    "order_id": document.id,
                    "is_free_return": is_free,
                }
            )

    def _get_taken_lines(self, documents, is_free=False):
        """The lines of history with what documents take off these cards."""
        taken = self._search_taken_lines(documents, is_free)
        return taken.filtered(lambda line: line.card_id in self)

    @api.model
    def _search_taken_lines(self, documents, is_free):
        """Those of all cards."""
        return self.env["loyalty.history"].search(
            [
                ("order_model", "=", documents._name),
                ("order_id", "in", documents.ids),
                ("issued", "<", 0),
                ("is_free_return", "=", is_free),
                ("changed_order_id", "=", False),
            ]
        )


class ResPartner(models.Model):
    """Goods that come back without a link to what was sold: a line of -1, a credit note
    that somebody typed.

    They take off what the program gives for as much, and no more than the customer's
    cards were given: which sale it was, nobody says.
    """

    _inherit = "res.partner"

    def _update_free_returns(self, document, lines):
        """Take their points, or give back what the document does not take any more.

        :param document: of the partner ``self``
        :param lines: list of :class:`ReturnedLine`, empty if it counts no more
        """
        customer = self.commercial_partner_id
        # sudo: whoever takes goods back changes their customer's points.
        cards = self.env["loyalty.card"].sudo()
        taken = cards._search_taken_lines(document, is_free=True)
        cards = taken.card_id | cards.search(
            [
                ("partner_id.commercial_partner_id", "=", customer.id),
                ("program_id.program_type", "=", "loyalty"),
                ("company_id", "in", (False, document.company_id.id)),
            ]
        )
        description = self.env._("Goods given back: %s", document.display_name)
        for program, held in cards.grouped("program_id").items():
            due = 0.0
            if not customer.no_points:
                due = program._reckon_returned(lines, document.currency_id)
            for card in held.sorted(lambda card: card.partner_id != self):
                given = sum((card.history_ids - taken).mapped("issued"))
                part = max(min(due, given), 0.0)
                card._set_taken_back(document, part, description, is_free=True)
                due -= part


class SaleOrder(models.Model):
    """An order of which more comes back than is sold."""

    _inherit = "sale.order"

    def action_confirm(self):
        result = super().action_confirm()
        self._filtered_returning()._update_free_returns()
        return result

    def _action_cancel(self):
        """Before core deletes what the history has of the order."""
        for order in self._filtered_returning():
            order.partner_id._update_free_returns(order, [])
        return super()._action_cancel()

    def _get_real_points_for_coupon(self, coupon, post_confirm=False):
        """Points that were spent before their goods came back stop no order that spends
        none: core would confirm none until they are made up for."""
        points = super()._get_real_points_for_coupon(coupon, post_confirm)
        if coupon.program_type == "loyalty" and coupon not in self.order_line.coupon_id:
            return max(points, 0.0)
        return points

    def _filtered_returning(self):
        """The confirmed ones with lines that give something back."""
        return self.filtered(
            lambda order: order.id
            and order.state == "sale"
            # Most orders end here, without a look at their combos.
            and any(line.price_total < 0 for line in order.order_line)
            and any(line.total > 0 for line in order._list_returned_lines())
        )

    def _update_free_returns(self):
        for order in self:
            order.partner_id._update_free_returns(order, order._list_returned_lines())

    def _list_returned_lines(self):
        lines = self.order_line.filtered(
            lambda line: not (
                line.display_type
                or line.reward_id
                or line.is_downpayment
                or line.combo_item_id
            )
        )
        return [
            ReturnedLine(
                line.product_id,
                -line.product_uom_qty if line.price_unit >= 0 else 0.0,
                -sum(line._get_lines_with_price().mapped("price_subtotal")),
                -sum(line._get_lines_with_price().mapped("price_total")),
            )
            for line in lines
        ]


class AccountMove(models.Model):
    """A credit note, or an invoice with more that comes back than is sold."""

    _inherit = "account.move"

    def _update_free_returns(self):
        for move in self:
            lines = move._list_returned_lines()
            if any(line.total > 0 for line in lines):
                lines = lines if move.state == "posted" else []
                move.partner_id._update_free_returns(move, lines)

    def _list_returned_lines(self):
        """What it takes back of an invoice that sold as much without an order had
        given no points."""
        lines = []
        for move in self | self.reversed_entry_id:
            sign = 1 if move.move_type == "out_refund" else -1
            lines += [
                ReturnedLine(
                    line.product_id,
                    sign * line.quantity if line.price_unit >= 0 else 0.0,
                    sign * line.price_subtotal,
                    sign * line.price_total,
                )
                for line in move._get_free_lines()
            ]
        return lines

    def _get_free_lines(self):
        """Those that are of no order; an addon leaves out its documents, which give and
        take points themselves."""
        # sudo: of which orders they are, whoever posts the invoice.
        return self.sudo().invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and not line.sale_line_ids
        )
