from odoo import fields, models
from odoo.tools import formatLang

from odoo.addons.xpyme_contacts_pricing.tools.price_terms import (
    PriceRequest,
    PriceTerms,
)
from odoo.addons.xpyme_contacts_pricing.tools.rewards import is_reward

# So many lines are named.
_TOLD = 3


class PosOrder(models.Model):
    """Minimum prices of a ticket (seed 004: Precios Mínimos): the till raises what is
    typed under them. What comes under them nevertheless has been paid: it is kept,
    marked and told, unless a sales administrator sold it."""

    _inherit = "pos.order"

    sold_under_minimum = fields.Boolean(
        string="Sold under a Minimum Price",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Paid at less than the customer's minimum prices, by somebody who may "
        "not sell for less.",
    )

    def _judge_change(self, before=None):
        result = super()._judge_change(before)
        self._tell_of_minimums()
        return result

    def _tell_of_minimums(self):
        """Mark a paid ticket that sells under minimum prices, and tell managers."""
        if self.env.user._is_sales_administrator():
            return
        for ticket in self:
            if ticket._is_paid() and not ticket.sold_under_minimum:
                missed, shortage = ticket._get_missed_minimums()
                if missed or shortage:
                    ticket._mark_under_minimum(missed, shortage)

    def _mark_under_minimum(self, missed, shortage):
        # sudo: the server's to say, not a till's.
        self.sudo().sold_under_minimum = True
        self._tell_till_managers(
            lambda env: self.with_env(env)._describe_under_minimum(missed, shortage)
        )

    def _describe_under_minimum(self, missed, shortage):
        """What was sold for less: articles, or else what discounts take of them."""
        if missed:
            told = [
                self.env._(
                    "%(article)s at %(price)s instead of %(minimum)s",
                    article=line.full_product_name or line.product_id.display_name,
                    price=self._format_unit(line._get_net_unit()),
                    minimum=self._format_unit(missed[line]),
                )
                for line in self.lines.filtered(lambda one: one in missed)[:_TOLD]
            ]
            told += ["…"] if len(missed) > _TOLD else []
        else:
            amount = formatLang(self.env, shortage, currency_obj=self.currency_id)
            told = [self.env._("discounts of the whole ticket take %s of it", amount)]
        return self.env._(
            "%(ticket)s: sold to %(customer)s under the minimum price: %(lines)s.",
            ticket=self._get_till_name(),
            customer=self.partner_id.commercial_partner_id.name,
            lines=", ".join(told),
        )

    def _get_missed_minimums(self):
        """``{line: minimum}`` of what is sold for less, and what discounts of the whole
        ticket take of the minimums where nothing is."""
        minimums = self._get_line_minimums()
        missed = {
            line: minimum
            for line, minimum in minimums.items()
            if line._is_sold_for_less(minimum)
        }
        if missed or not minimums:
            return missed, 0.0
        shortage = self._get_minimum_shortage(minimums)
        # The till rounds each line.
        slack = self.currency_id.rounding * len(self.lines)
        is_short = self.currency_id.compare_amounts(shortage, slack) > 0
        return missed, shortage if is_short else 0.0

    def _get_line_minimums(self):
        """``{line: least price of a unit, without tax}`` of the lines that have one."""
        customer = self.partner_id.sudo().commercial_partner_id
        if not customer._with_minimum_prices():
            return {}
        lines = self.lines.filtered(lambda line: line._minds_minimum())
        terms = PriceTerms(
            customer=customer,
            company=self.company_id,
            currency=self.currency_id,
            date=self.date_order,
            pricelist=self.pricelist_id,
        )
        requests = [
            PriceRequest(line.product_id, abs(line.qty), line.product_id.uom_id)
            for line in lines
        ]
        minimums = self.env["xpyme.price.engine"]._get_minimums(requests, terms)
        rows = zip(lines, minimums, strict=True)
        return {line: minimum for line, minimum in rows if minimum}

    def _get_minimum_shortage(self, minimums):
        """What discounts of the whole ticket take of the minimums of its lines."""
        off = self.lines.filtered(lambda line: line._takes_off())
        agreed = off.filtered(lambda line: line._is_quoted())
        sold = self.lines.filtered(lambda line: line._get_net_amount() > 0)
        above = sum(
            max(line._get_net_amount() - minimums.get(line, 0.0) * abs(line.qty), 0.0)
            for line in sold
        )
        discounts = -sum(line._get_net_amount() for line in agreed)
        taken = -sum(line._get_net_amount() for line in off - agreed)
        return taken - max(above - discounts, 0.0)

    def _format_unit(self, price):
        return self.env["decimal.precision"]._format_price(price, self.currency_id)


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _minds_minimum(self):
        """Whether a minimum price holds: for an article that is sold, but for what is
        priced as part of another. Marks say nothing by themselves."""
        is_sold = self.qty and (self.qty > 0) == (self.price_unit >= 0)
        return (
            is_sold
            and self.product_id.type != "combo"
            and not self._is_undone_at_its_price()
            and not self._is_in_combo()
            and not is_reward(self)
        )

    def _is_undone_at_its_price(self):
        """Whether the customer gets back what they had brought, for no less."""
        if not self._is_undoing():
            return False
        # sudo: a ticket of whichever till.
        done = self.sudo().refunded_orderline_id
        price = done._get_net_amount() / (done.qty or 1.0)
        compare = self.env["decimal.precision"]._compare_prices
        return compare(self._get_net_unit(), price) >= 0

    def _is_in_combo(self):
        """Whether the article is one to choose of the combo that the line is of."""
        item = self.combo_item_id
        combos = self.combo_parent_id.product_id.combo_ids
        return item.product_id == self.product_id and item.combo_id in combos

    def _takes_off(self):
        """Whether the line is a discount of the whole ticket.

        Goods of a negative quantity are given back, as what was sold before; a service
        cannot be.
        """
        is_back = self.qty < 0 and self.price_unit >= 0
        is_back = is_back and (self.product_id.type != "service" or self._is_undoing())
        return (
            self._get_net_amount() < 0
            and not is_back
            and not self.sale_order_line_id.sudo().is_downpayment
            and not is_reward(self)
        )

    def _get_net_amount(self):
        """What the line brings without tax, whichever is less: as the till has told
        it, or by its price."""
        reckoned = self._compute_amount_line_all()["price_subtotal"]
        return min(self.price_subtotal, reckoned)

    def _get_net_unit(self):
        return self._get_net_amount() / (abs(self.qty) or 1.0)

    def _is_sold_for_less(self, minimum):
        """Whether it brings less than ``minimum`` a unit, without a word that it may.

        The till rounds what a line comes to.
        """
        currency = self.currency_id
        price = self._get_net_unit()
        missing = (minimum - price) * abs(self.qty)
        return (
            self.env["decimal.precision"]._compare_prices(price, minimum) < 0
            and currency.compare_amounts(missing, currency.rounding) > 0
            and not self.insisted_minimum
            and not self._is_quoted()
        )

    def _is_quoted(self):
        """Whether an order of the customer's had it at this price: orders have been
        judged."""
        ordered = self.sudo().sale_order_line_id
        if ordered.order_id != self._get_own_order() or not ordered.order_id:
            return False
        agreed = ordered.price_unit * (1 - ordered.discount / 100)
        price = self.price_unit * (1 - self.discount / 100)
        compare = self.env["decimal.precision"]._compare_prices
        is_same = ordered.product_id == self.product_id
        return is_same and compare(price, agreed) >= 0 and self._is_within(ordered)
