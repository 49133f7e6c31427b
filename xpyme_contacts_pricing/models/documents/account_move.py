from contextlib import contextmanager

from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.xpyme_contacts.tools.inner import inner

# Odoo takes other taxes into the prices of lines.
_CALCULATED = inner("xpyme_price_calculated")
# With another one of these automatic prices may be others.
_PRICE_TERMS = {
    "partner_id",
    "customer_discount_id",
    "invoice_date",
    "currency_id",
    "journal_id",
}
# With another one of these a line may be under a minimum price.
_UNDER_MINIMUM = _PRICE_TERMS | {"move_type", "debit_origin_id"}


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "xpyme.priced.document.mixin"]

    # The lines of a copy have their discounts, so it must say which one they have.
    customer_discount_id = fields.Many2one(copy=True)

    def copy_data(self, default=None):
        return self._leave_strange_discounts(super().copy_data(default))

    # === PRICED DOCUMENT ===#

    def _remember_shortages(self):
        sold = self.filtered(lambda move: move._is_price_open())
        return super(AccountMove, sold)._remember_shortages()

    def _is_price_open(self):
        is_sale = self.is_sale_document(include_receipts=True)
        return self.state == "draft" and is_sale and not self._is_of_ticket()

    def _is_of_ticket(self):
        """Whether it is the invoice of a till's ticket, which was paid as it stands."""
        if "pos_order_ids" not in self._fields:
            return False
        # The till makes the invoice before it is its ticket's, as superuser: so that
        # no client can say that word.
        is_made = self.env.su and self.env.context.get("linked_to_pos")
        # sudo: who invoices need not see the till.
        return bool(is_made or self.sudo().pos_order_ids)

    def _get_debited(self):
        """The document of the same customer that a debit note corrects."""
        if "debit_origin_id" not in self._fields:
            return self.browse()
        # sudo: to compare, whoever writes.
        return self.sudo().debit_origin_id.filtered(
            lambda move: move.state == "posted"
            and move.commercial_partner_id == self.commercial_partner_id
        )

    def _teaches_prices(self):
        """What is given back, corrected or was sold at a till teaches no price."""
        is_debit = "debit_origin_id" in self._fields and self.debit_origin_id
        is_sale = self.move_type != "out_refund" and not is_debit
        return is_sale and not self._is_of_ticket()

    def _get_priced_lines(self):
        return self.invoice_line_ids

    def _get_price_date(self):
        return self.invoice_date or fields.Date.context_today(self)

    def _get_price_pricelist(self):
        """The customer's tariff: an invoice has none of its own."""
        partner = self.partner_id.sudo().with_company(self.company_id)
        return partner.property_product_pricelist

    def _get_price_terms(self, **changes):
        # Who takes goods back is given back what he paid.
        refund = self.move_type == "out_refund"
        return super()._get_price_terms(**{"with_minimum": not refund, **changes})

    # === WHAT THE LINES FOLLOW ===#

    @api.onchange("partner_id", "invoice_date", "currency_id")
    def _onchange_price_terms(self):
        self.invoice_line_ids._follow_terms()

    @api.onchange("customer_discount_id")
    def _follow_discount(self):
        """Discounts of the lines follow the document's, automatic prices as well.

        If they depended on it, so would totals of Odoo, which bank statement lines
        inherit: removing the addon would take these fields of Odoo along.
        """
        self._follow(self.invoice_line_ids)

    def _follow(self, lines):
        # With the discount the minimum price may act, or no longer.
        automatic = lines._get_automatic_lines()
        automatic._reprice()
        (lines - automatic)._reprice(kept=("price_unit", "automatic_price"))

    def _get_followed_terms(self):
        """The document's discount, and what else prices depend on."""
        # sudo: to compare, whoever writes.
        move = self.sudo()
        others = (move.partner_id, move.currency_id, move._get_price_date())
        return move.customer_discount_id, others

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._without_word(vals_list))

    def write(self, vals):
        self._check_word(vals)
        with self._keeping_lines(vals):
            result = super().write(vals)
        if _UNDER_MINIMUM & vals.keys():
            sold = self.filtered(lambda move: move._is_price_open())
            sold.invoice_line_ids._raise_to_minimums()
            sold._remember_shortages()
        return result

    @contextmanager
    def _keeping_lines(self, vals):
        """Around a write: the lines follow what their prices depend on."""
        if not _PRICE_TERMS & vals.keys():
            yield
            return
        priced = self._get_lines_given_prices(vals)
        before = {
            move: (move._get_followed_terms(), move.invoice_line_ids - priced)
            for move in self
            if move._is_price_open()
        }
        yield
        for move, ((discount, others), lines) in before.items():
            lines &= move.invoice_line_ids
            new_discount, new_others = move._get_followed_terms()
            if discount != new_discount:
                move._follow(lines)
            elif others != new_others:
                lines._follow_terms()

    def _get_lines_given_prices(self, vals):
        """The lines whose prices are among what is written: the screen's follow."""
        commands = [
            *(vals.get("line_ids") or ()),
            *(vals.get("invoice_line_ids") or ()),
        ]
        return self.line_ids.browse(
            command[1]
            for command in commands
            if command[0] == Command.UPDATE
            and {"price_unit", "discount"} & command[2].keys()
        )

    def action_update_fpos_values(self):
        """Odoo takes the new taxes into the prices: automatic ones stay automatic.

        What costs nothing gets the price that is calculated.
        """
        lines = self.invoice_line_ids
        automatic = lines._get_automatic_lines()
        automatic |= lines._get_known_lines().filtered(lambda li: not li.price_unit)
        moves = self.with_context(**_CALCULATED)
        result = super(AccountMove, moves).action_update_fpos_values()
        automatic._reprice(kept=("discount",))
        return result

    def _is_customer_price(self, found):
        """Whether a ``ResolvedPrice`` is more than the price of the article's card.

        Odoo's invoices know of no pricelists: a rule of the tariff is the customer's.
        """
        return found.is_ours or found.has_rule

    def _get_plain_price(self, product, uom):
        """Odoo's own price of a direct invoice's line, to the letter."""
        return product._get_tax_included_unit_price(
            self.company_id,
            self.currency_id,
            self.date,
            "sale",
            fiscal_position=self.fiscal_position_id,
            product_uom=uom,
        )

    # === CATALOGUE ===#

    def _get_net_of(self, product, found):
        if self._is_customer_price(found):
            return super()._get_net_of(product, found)
        return self._get_plain_price(product, product.uom_id)

    def _get_product_catalog_order_data(self, products, **kwargs):
        data = super()._get_product_catalog_order_data(products, **kwargs)
        if self._is_price_open() and self.partner_id:
            for product_id, price in self._get_catalogue_prices(products).items():
                data[product_id]["price"] = price
        return data

    def _get_product_price_and_data(self, product):
        data = super()._get_product_price_and_data(product)
        if self._is_price_open() and self.partner_id:
            data["price"] = self._get_catalogue_prices(product)[product.id]
        return data

    def _update_order_line_info(
        self, product_id, quantity, *, section_id=False, **kwargs
    ):
        """Odoo answers the price before the discount, which an invoice has seldom."""
        price = super()._update_order_line_info(
            product_id, quantity, section_id=section_id, **kwargs
        )
        line = self.invoice_line_ids.filtered(
            lambda line: line.product_id.id == product_id
            and line.get_parent_section_line().id == section_id
        )
        return line[0]._get_net_price() if line and self._is_price_open() else price

    # === MINIMUM PRICES ===#

    def _get_agreed_discounts(self, off):
        """What confirmed orders have taken off is taken off once."""
        left = {}
        deducted = [line._get_deducted(left) for line in off]
        discounts, payments = zip(*deducted, strict=True)
        return sum(discounts), sum(payments)

    def _raise_minded(self):
        """A minimum that was agreed since the draft holds; those who may have one."""
        minded = self._with_minimum_prices()
        minded.invoice_line_ids._raise_to_minimums()
        return minded

    def _check_shortages(self):
        """:raise UserError: more is taken off than a sales administrator allowed"""
        if self.env.user._is_sales_administrator():
            return
        for move in self:
            shortage = move._get_minimum_shortage()
            # sudo: whoever posts need not read what was allowed.
            allowed = move.sudo().insisted_shortage
            if move.currency_id.compare_amounts(shortage, allowed) > 0:
                move._refuse_shortage(shortage)

    # === POSTING ===#

    def _post(self, soft=True):
        self._raise_minded()._check_shortages()
        typed = self.invoice_line_ids._get_learnable_prices("always")
        posted = super()._post(soft)
        self.invoice_line_ids._learn_always(typed)
        return posted

    def action_post(self):
        # Asked is about what is posted.
        self._raise_minded()
        typed = self.invoice_line_ids._get_learnable_prices("ask")
        result = super().action_post()
        return self.invoice_line_ids._ask_to_learn(typed, result)
