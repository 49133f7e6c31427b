from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import formatLang

from ...tools.days import day_of, moment_of
from ...tools.price_terms import PriceRequest, PriceTerms


class PricedDocumentMixin(models.AbstractModel):
    """A document whose lines the price engine prices: orders and direct invoices."""

    _name = "xpyme.priced.document.mixin"
    _description = "Document Priced for a Customer"

    customer_discount_id = fields.Many2one(
        "xpyme.customer.discount",
        string="Customer Discount",
        compute="_compute_customer_discount_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        domain="[('partner_id', 'parent_of', partner_id)]",
        groups="base.group_user",
        help="Of the customer's discounts the one that this document gets, on top of "
        "the discounts of its lines.",
    )

    # Not for customers, who read their documents.
    insisted_shortage = fields.Float(
        copy=False,
        groups="base.group_user",
        help="What discounts of the whole document may take of its minimum prices by "
        "the word of a sales administrator.",
    )

    # === CUSTOMER'S DISCOUNT ===#

    @api.depends("partner_id")
    def _compute_customer_discount_id(self):
        """The only discount; of several none is guessed."""
        for document in self.filtered(lambda d: d._is_price_open()):
            document.customer_discount_id = document.partner_id._get_only_discount()

    @api.constrains("customer_discount_id", "partner_id")
    def _check_customer_discount(self):
        """:raise ValidationError: the discount belongs to another customer"""
        for document in self.filtered("customer_discount_id"):
            customer = document.partner_id.commercial_partner_id
            # sudo: to tell a stranger's discount, not to show it.
            owner = document.sudo().customer_discount_id.partner_id
            if owner.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "The discount belongs to another customer: choose one of "
                        "%(customer)s, or none.",
                        customer=customer.display_name,
                    )
                )

    @api.model
    def _leave_strange_discounts(self, vals_list):
        """Values of copies: one made for another customer gets his own discount."""
        for vals in vals_list:
            # sudo: to tell whose discount it is, not to show it.
            discounts = self.env["xpyme.customer.discount"].sudo()
            owner = discounts.browse(vals.get("customer_discount_id")).partner_id
            customer = self.env["res.partner"].browse(vals.get("partner_id"))
            if owner and owner.commercial_partner_id != customer.commercial_partner_id:
                vals.pop("customer_discount_id", None)
        return vals_list

    # === PRICES ===#

    def _with_minimum_prices(self):
        """The open documents of customers who have one: few, asked in one query."""
        documents = self.filtered(lambda document: document._is_price_open())
        # Whole cards would take longer to read than all that is asked of them.
        customers = documents.partner_id._get_judged_customers()._with_minimum_prices()
        return documents.filtered(
            lambda document: document.partner_id.commercial_partner_id in customers
        )

    def _is_price_open(self):
        """Whether the document is a sale whose prices may still change."""
        raise NotImplementedError

    def _teaches_prices(self):
        """Whether prices typed in the document may become the customer's."""
        return True

    def _get_priced_lines(self):
        """The lines, with those that the engine does not price."""
        raise NotImplementedError

    def _get_price_day(self):
        """The day of the document as the user's clock has it."""
        return day_of(self, self._get_price_date())

    def _get_price_terms(self, **changes):
        """What the lines have in common; ``changes`` for a what-if."""
        self.ensure_one()
        document = self.sudo()
        options = {
            "customer": document.partner_id.commercial_partner_id,
            "company": document.company_id or self.env.company,
            "currency": document.currency_id or self.env.company.currency_id,
            "date": moment_of(self, self._get_price_date()),
            "pricelist": self._get_price_pricelist(),
            "header": document.customer_discount_id.percent,
        }
        return PriceTerms(**{**options, **changes})

    def _get_catalogue_prices(self, products):
        """``{product_id: price}`` of one unit of each, as they would be paid."""
        Engine = self.env["xpyme.price.engine"]
        requests = [PriceRequest(product, 1.0, product.uom_id) for product in products]
        terms = self._get_price_terms()
        return {
            product.id: self._get_net_of(product, found)
            for product, found in zip(
                products, Engine._resolve(requests, terms), strict=True
            )
        }

    def _get_net_of(self, product, found):
        """What a ``ResolvedPrice`` has paid for a unit of the article."""
        company = self.company_id or self.env.company
        position = self.fiscal_position_id
        return product._to_fiscal_position(found.net, company, position)

    # === DISCOUNTS OF THE WHOLE DOCUMENT ===#

    def _get_minimum_shortage(self):
        """What discounts of the whole document take of its lines' minimum prices.

        In the document's currency, without tax; 0 if what lies above them is enough.
        """
        self.ensure_one()
        lines = self._get_priced_lines()
        off = lines.filtered(lambda line: line._takes_off())
        if not off:
            return 0.0
        sold = lines.filtered(lambda line: line.price_subtotal > 0)
        minimums = sold._get_minimum_prices()
        if not minimums:
            return 0.0
        discounts, payments = self._get_agreed_discounts(off)
        above = sum(
            line.price_subtotal * line._get_part_above(minimums.get(line, 0.0))
            for line in sold
        )
        taken = -sum(off.mapped("price_subtotal")) - discounts - payments
        shortage = taken - max(above - discounts, 0.0) if taken > 0 else 0.0
        currency = self.currency_id or self.env.company.currency_id
        return shortage if currency.compare_amounts(shortage, 0.0) > 0 else 0.0

    def _get_agreed_discounts(self, off):
        """What of the lines ``off`` a document takes that this one follows.

        :return: discounts and down payments, without tax
        """
        return 0.0, 0.0

    def _refuse_shortage(self, shortage):
        """:raise UserError: too much is taken off the whole document"""
        raise UserError(
            self.env._(
                "The discounts of the whole document take %(amount)s of the minimum "
                "prices of its lines: take less off, or ask a sales administrator.",
                amount=formatLang(
                    self.env, shortage, currency_obj=self.currency_id
                ).replace("\N{NO-BREAK SPACE}", " "),
            )
        )

    def _remember_shortages(self):
        """A sales administrator insists, also for whoever confirms it: on what is
        taken off now, which may be nothing any more."""
        if self.env.su or not self.env.user._is_sales_administrator():
            return
        for document in self:
            shortage = document._get_minimum_shortage()
            currency = document.currency_id or self.env.company.currency_id
            if currency.compare_amounts(shortage, document.insisted_shortage):
                document.insisted_shortage = shortage

    @api.model
    def _without_word(self, vals_list):
        """Values of new documents, for which nobody has insisted yet.

        They are said, so that no default of a user says otherwise.
        """
        for vals in vals_list:
            self._check_word(vals)
        return [{"insisted_shortage": 0.0, **vals} for vals in vals_list]

    @api.model
    def _check_word(self, vals):
        """:raise AccessError: somebody else gives a sales administrator's word"""
        user = self.env.user
        if vals.get("insisted_shortage") and not user._is_sales_administrator():
            raise AccessError(
                self.env._(
                    "Only a sales administrator takes more off than minimum prices "
                    "allow: ask one to write the discount."
                )
            )

    # === ORM ===#

    def onchange(self, values, field_names, fields_spec):
        """Its lines are shown along, and each is priced once."""
        with self._get_priced_lines()._resolving_once():
            return super().onchange(values, field_names, fields_spec)
