from contextlib import contextmanager

from odoo import api, models

from odoo.addons.xpyme_contacts.tools.inner import heard, inner

PAID = ("paid", "done")
# What can make a paid ticket another sale: who owes it, and how it was paid.
_OWING = {"partner_id", "payment_ids"}
# The server's to say.
_MARKS = {"sold_to_blocked", "sold_under_minimum"}
# Within it payments leave the judgement to their ticket.
_JUDGED_ABOVE = inner("xpyme_ticket_judged_above")


class PosOrder(models.Model):
    """Whatever brings a ticket to be paid is judged here, and what puts more of a paid
    one on an account: the till, the form, a payment that is changed."""

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
            (ticket.partner_id, ticket._get_amount_on_account())
            if ticket._is_paid()
            else None
            for ticket in self
        ]
        yield
        for ticket, owed in zip(self, before, strict=True):
            ticket._judge_change(owed)

    def _judge_change(self, owed=None):
        """
        :param owed: what of a ticket that was paid already was on account before, as
            ``(customer, amount)``
        :raise ValidationError: the customer is blocked
        :raise UserError: a limit blocks what is put on account
        """
        if not self._is_paid():
            return
        if not owed:
            self._check_customer()
            return
        partner, amount = owed
        now = self._get_amount_on_account()
        is_same = partner.commercial_partner_id == self.partner_id.commercial_partner_id
        if now > (amount if is_same else 0.0):
            self._refuse_customer()


class PosPayment(models.Model):
    """A payment that is added to a paid ticket, or becomes one on account."""

    _inherit = "pos.payment"

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals.get("pos_order_id") for vals in vals_list} - {None, False}
        with self.env["pos.order"].browse(ids)._judging_sales():
            return super().create(vals_list)

    def write(self, vals):
        if {"amount", "payment_method_id", "pos_order_id"}.isdisjoint(vals):
            return super().write(vals)
        tickets = self.pos_order_id
        tickets |= tickets.browse(vals.get("pos_order_id") or ())
        with tickets._judging_sales():
            return super().write(vals)
