from odoo import api, fields, models

from odoo.addons.xpyme_contacts.tools.inner import heard
from odoo.addons.xpyme_contacts.tools.risk_terms import Exposure
from odoo.addons.xpyme_contacts_pricing.tools.price_terms import (
    PriceRequest,
    PriceTerms,
)

from ..customer.delivery_terms import CARRIER


class StockPicking(models.Model):
    """A direct note, which no order stands behind, is a new sales document: *Baja*
    refuses it, and limits judge it (seed 004: Esp, Control Deuda).

    What was ordered was judged then, and is never stopped; what leaves beyond it is.
    """

    _name = "stock.picking"
    # The mixin first: it extends what the note tells of its customer.
    _inherit = ["xpyme.risk.document.mixin", "stock.picking"]

    carrier_id = fields.Many2one(
        compute="_compute_carrier_id", store=True, readonly=False
    )

    def _is_direct_note(self):
        """Whether goods leave for a customer beyond what was ordered.

        Neither the goods of a ticket that is being paid, nor what was brought back.
        """
        self.ensure_one()
        if not self._is_delivery_note() or self._is_of_till():
            return False
        if self.move_ids:
            return bool(self.move_ids._get_unordered())
        # What is left of a note, or goes back, gets its goods after it was made.
        return not (self.backorder_id or self.return_id)

    def _is_of_till(self):
        """Whether a ticket of the till is having its goods made ready."""
        return heard(self.env.context, "xpyme_goods_of_ticket")

    # === GOODS OF A TICKET ===#

    def _get_ticket(self):
        """The ticket, paid by whoever gets the goods, that the note delivers; or None.

        Of Odoo's Point of Sale, where that is installed.
        """
        if "pos_order_id" not in self._fields:
            return None
        # sudo: who packs need not see the till.
        ticket = self.sudo().pos_order_id
        receiver = self.partner_id.commercial_partner_id
        is_own = (
            ticket.state in ("paid", "done")
            and ticket.company_id == self.company_id
            and ticket.partner_id.commercial_partner_id == receiver
        )
        return ticket if is_own else None

    def _count_left(self, product, moves):
        """How much of an article its ticket has left to deliver, but for ``moves``."""
        ticket = self._get_ticket()
        sold = ticket.lines.filtered(
            lambda line: line.product_id == product and line.qty > 0
        )
        gone = ticket.picking_ids.move_ids.filtered(
            lambda move: move.state == "done"
            and move.product_id == product
            and move.location_dest_id.usage == "customer"
        )
        gone = sum(move._get_leaving_quantity() for move in gone - moves)
        return sum(sold.mapped("qty")) - gone

    @api.depends("partner_id")
    def _compute_carrier_id(self):
        """Who brings goods to the customer; an order's note has the order's."""
        for note in self:
            carrier = note.carrier_id
            if note.state not in ("done", "cancel") and note._is_direct_note():
                receivers = note.partner_id | note.partner_id.commercial_partner_id
                agreed = receivers._get_delivery_term(CARRIER, note.company_id)
                carrier = agreed or carrier
            note.carrier_id = carrier

    # === BAJA ===#

    @api.constrains("partner_id", "location_dest_id", "move_ids")
    def _check_customer_not_blocked(self):
        """While it is typed; whatever else happens to a note, its goods are judged when
        they leave."""
        if not heard(self.env.context, "xpyme_note_of_order"):
            self._get_direct_customers()._check_not_blocked()

    def _get_direct_customers(self):
        empty = self._get_direct_notes().filtered(lambda note: not note.move_ids)
        return self.move_ids._get_direct_customers() | empty.partner_id

    def _get_direct_notes(self):
        return self.filtered(lambda note: note._is_direct_note())

    def _get_blocked_customer(self):
        return self._get_direct_customers()._get_blocked_customer()

    # === RISK ===#

    def _get_risk_exposure(self, state=None):
        state = state or self.state
        customer = self._get_receiving_customer()
        if state == "cancel" or not customer or not self._is_direct_note():
            return None
        amount = self._get_goods_value()
        return Exposure("delivery", state, customer, amount, amount)

    def _get_receiving_customer(self):
        receivers = self.partner_id or self.move_ids.partner_id
        return receivers[:1].commercial_partner_id

    def _get_goods_value(self):
        """What the goods that were not ordered would cost the customer, with tax, in
        the company's currency.

        No invoice follows from a direct note: the debt never holds them.
        """
        company = self.company_id
        customer = self._get_receiving_customer().with_company(company)
        requests = [
            PriceRequest(move.product_id, quantity, move.product_id.uom_id)
            for move, quantity in self.move_ids._get_unordered().items()
        ]
        terms = PriceTerms(
            customer=customer,
            company=company,
            currency=company.currency_id,
            date=fields.Datetime.now(),
            pricelist=customer.property_product_pricelist,
        )
        resolved = self.env["xpyme.price.engine"]._resolve(requests, terms)
        total = 0.0
        for request, found in zip(requests, resolved, strict=True):
            taxes = request.product.taxes_id._filter_taxes_by_company(company)
            total += taxes.compute_all(
                found.net, company.currency_id, request.quantity, request.product
            )["total_included"]
        return company.currency_id.round(total)

    def _is_counted_in_risk(self):
        return False

    @api.model
    def _is_risk_judged_in(self, state, action):
        return state == "done"

    def _get_next_risk_state(self):
        return "done"

    @api.model
    def _get_risk_continuations(self):
        return {"deliver": "button_validate"}

    def _judging_what_has_left(self):
        """Judge what is changed within of those that are done: more that leaves, or
        another who gets it, is sold as well.

        :raise UserError, RedirectWarning: see :meth:`_refuse_over_risk`
        """
        return self.filtered(lambda note: note.state == "done")._judging_risk()

    def write(self, vals):
        if vals.keys() & {"partner_id", "location_dest_id"}:
            with self._judging_what_has_left():
                return super().write(vals)
        return super().write(vals)

    # === VALIDATING ===#

    def button_validate(self):
        leaving = self.filtered(lambda note: note.state != "done")._get_direct_notes()
        if question := leaving._ask_risk("done", "deliver"):
            return question
        return super().button_validate()

    def _action_done(self):
        self._get_direct_customers()._check_not_blocked()
        direct = self._get_direct_notes()
        direct._check_risk(dict.fromkeys(direct.ids), "done")
        return super()._action_done()
