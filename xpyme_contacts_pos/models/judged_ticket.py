from collections import namedtuple
from contextlib import contextmanager

from odoo import api, models

from odoo.addons.xpyme_contacts.tools import row_locks
from odoo.addons.xpyme_contacts.tools.inner import heard, inner

PAID = ("paid", "done")
# What can make a paid ticket another sale: who owes it, how it was paid, what is sold.
_OWING = {"partner_id", "payment_ids", "lines"}
_PAYING = {"amount", "payment_method_id", "pos_order_id"}
_SELLING = {
    *("order_id", "product_id", "qty", "price_unit", "discount", "tax_ids"),
    *("price_subtotal", "price_subtotal_incl", "refunded_orderline_id"),
    *("sale_order_origin_id", "sale_order_line_id"),
}
# The server's to say.
_MARKS = {"sold_to_blocked", "sold_under_minimum"}
# Within it payments and lines leave the judgement to their ticket.
_JUDGED_ABOVE = inner("xpyme_ticket_judged_above")
# What a ticket comes to: whose it is, what of it they owe more than before, in the
# company's currency, and the quantity and money of what it sells anew.
Outcome = namedtuple("Outcome", "customer owed quantity money")


class PosOrder(models.Model):
    """Whatever brings a ticket to be paid is judged here by what comes of it, and what
    makes more of a paid one: the till, the form, a payment or a line that is changed.
    """

    _inherit = "pos.order"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._without_marks(vals) for vals in vals_list]
        tickets = super(PosOrder, self.with_context(**_JUDGED_ABOVE)).create(vals_list)
        tickets = tickets.with_env(self.env)
        for ticket in tickets:
            ticket._judge_change()
        return tickets

    def write(self, vals):
        vals = self._without_marks(vals)
        judged = self if not _OWING.isdisjoint(vals) else self.browse()
        if vals.get("state") in PAID:
            judged |= self.filtered(lambda ticket: not ticket._is_paid())
        if not judged:
            return super().write(vals)
        with judged._judging_sales():
            tickets = self.with_context(**_JUDGED_ABOVE)
            return super(PosOrder, tickets).write(vals)

    def _is_paid(self):
        return self.state in PAID

    @api.model
    def _without_marks(self, vals):
        if self.env.su:
            return vals
        return {name: vals[name] for name in vals if name not in _MARKS}

    @contextmanager
    def _judging_sales(self):
        """Around whatever may bring tickets ``self`` to be paid, or on account."""
        if heard(self.env.context, "xpyme_ticket_judged_above"):
            yield
            return
        before = [
            ticket._get_outcome() if ticket._is_paid() else None for ticket in self
        ]
        yield
        for ticket, outcome in zip(self, before, strict=True):
            ticket._judge_change(outcome)

    def _get_outcome(self):
        sold = self.lines.filtered(lambda line: line._sells_anew())
        return Outcome(
            self.partner_id.commercial_partner_id,
            self._get_owed_more(),
            sum(abs(line.qty) for line in sold),
            sum(sold.mapped("price_subtotal_incl")),
        )

    def _judge_change(self, before=None):
        """
        :param before: what a ticket that was paid already came to
        :raise ValidationError: the customer is blocked
        :raise UserError: a limit blocks what is put on account
        """
        if not self._is_paid():
            return
        self._meet_others_of_returns()
        if not before:
            self._check_customer()
            return
        now = self._get_outcome()
        is_same = now.customer == before.customer
        if now.owed > (before.owed if is_same else 0.0):
            self._refuse_customer()
        elif not is_same:
            self._judge_named_customer()
        elif now.quantity > before.quantity or now.money > before.money:
            self.partner_id._check_not_blocked()

    def _meet_others_of_returns(self):
        """What came back once is given again once, whichever till is quicker."""
        # sudo: a ticket of whichever till.
        lines = self.sudo().lines.filtered("refunded_orderline_id")
        given = lines.filtered(lambda line: line._is_sold())
        row_locks.touch(given.refunded_orderline_id.order_id)


class PosPayment(models.Model):
    """A payment that is added to a paid ticket, or becomes one on account."""

    _inherit = "pos.payment"

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals.get("pos_order_id") for vals in vals_list} - {None, False}
        with self.env["pos.order"].browse(ids)._judging_sales():
            return super().create(vals_list)

    def write(self, vals):
        if _PAYING.isdisjoint(vals):
            return super().write(vals)
        tickets = self.pos_order_id
        tickets |= tickets.browse(vals.get("pos_order_id") or ())
        with tickets._judging_sales():
            return super().write(vals)

    def unlink(self):
        with self.pos_order_id._judging_sales():
            return super().unlink()


class PosOrderLine(models.Model):
    """A line that is added to a paid ticket, or sells more or for less."""

    _inherit = "pos.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals.get("order_id") for vals in vals_list} - {None, False}
        with self.env["pos.order"].browse(ids)._judging_sales():
            return super().create(vals_list)

    def write(self, vals):
        if _SELLING.isdisjoint(vals):
            return super().write(vals)
        tickets = self.order_id
        tickets |= tickets.browse(vals.get("order_id") or ())
        with tickets._judging_sales():
            return super().write(vals)
