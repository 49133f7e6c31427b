from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# A customer's cost rules tell what the company earns: neither he nor his salesman's
# colleagues without sales rights read them; a copy leaves them out, as these colleagues
# could not make one.
_GROUPS = "sales_team.group_sale_salesman,account.group_account_invoice"


class ResPartner(models.Model):
    """Prices and discounts of a customer (seed 004: Precios, Dtos, Descuentos,
    Cálculo Precio Venta, Tarifa Descuento). Percentages are 0 to 100."""

    _inherit = "res.partner"

    customer_price_ids = fields.One2many(
        "xpyme.customer.price",
        "partner_id",
        string="Special Prices",
        domain=lambda self: [("company_id", "in", self.env.companies.ids)],
        groups=_GROUPS,
    )
    family_discount_ids = fields.One2many(
        "xpyme.customer.family.discount",
        "partner_id",
        string="Family Discounts",
        groups=_GROUPS,
    )
    customer_discount_ids = fields.One2many(
        "xpyme.customer.discount",
        "partner_id",
        string="Document Discounts",
        groups=_GROUPS,
    )
    discount_pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Discount Tariff",
        company_dependent=True,
        domain="[('company_id', 'in', (allowed_company_ids[0], False))]",
        copy=False,
        groups=_GROUPS,
        help="Its percentage rules are discounts for the customer; rules that fix a "
        "price are passed over.",
    )
    margin_on_sale = fields.Float(
        string="% on Sale",
        digits="Discount",
        copy=False,
        groups=_GROUPS,
        help="Prices are the cost divided by (1 − this part): with 20, a cost of 40 "
        "is sold for 50. Not together with the margin on cost.",
    )
    margin_on_cost = fields.Float(
        string="% on Cost",
        digits="Discount",
        copy=False,
        groups=_GROUPS,
        help="Prices are the cost plus this part: with 25, a cost of 40 is sold for "
        "50. Not together with the margin on sale.",
    )
    price_increase = fields.Float(
        string="% Increase",
        digits="Discount",
        copy=False,
        groups=_GROUPS,
        help="Raises what the tariff or the cost give; special prices only if the "
        "settings say so.",
    )

    # === CHECKS ===#

    @api.constrains("margin_on_sale", "margin_on_cost", "price_increase")
    def _check_price_percents(self):
        """:raise ValidationError: a percentage that gives no price"""
        for partner in self:
            if not 0 <= partner.margin_on_sale < 100:
                raise ValidationError(
                    self.env._("The margin on sale goes from 0 to less than 100.")
                )
            if partner.margin_on_cost < 0:
                raise ValidationError(
                    self.env._("The margin on cost cannot be under zero.")
                )
            if partner.margin_on_sale and partner.margin_on_cost:
                raise ValidationError(
                    self.env._(
                        "The margin on sale and the margin on cost exclude each other: "
                        "leave one of them at 0."
                    )
                )
            if partner.price_increase <= -100:
                raise ValidationError(
                    self.env._("The increase must be more than −100.")
                )

    @api.constrains("discount_pricelist_id", "specific_property_product_pricelist")
    def _check_discount_pricelist(self):
        for partner in self.filtered("discount_pricelist_id"):
            if partner.discount_pricelist_id == partner.property_product_pricelist:
                raise ValidationError(
                    self.env._(
                        "%s is the customer's sales tariff already: its discounts "
                        "would count twice. Choose another discount tariff.",
                        partner.discount_pricelist_id.name,
                    )
                )

    # === DISCOUNTS OF DOCUMENTS ===#

    def get_document_discounts(self):
        """What the web client asks when a customer enters a document.

        :return: ``[{"id": int, "name": str, "percent": float}]``
        :raise AccessError: the customer himself asks; the names are not meant for him
        """
        self.env["xpyme.customer.discount"].check_access("read")
        customer = self.commercial_partner_id
        customer.check_access("read")
        # sudo: who may read the customer may choose among his discounts.
        return [
            {"id": found.id, "name": found.name, "percent": found.percent}
            for found in customer.sudo().customer_discount_ids
        ]

    def _get_only_discount(self):
        """The customer's document discount where there is no choice, else none."""
        # sudo: the discount is applied for whoever makes the document.
        discounts = self.commercial_partner_id.sudo().customer_discount_ids
        return discounts if len(discounts) == 1 else discounts.browse()

    # === ACTIONS ===#

    def action_review_prices(self):
        """Open *Revisar precios especiales* with what would change."""
        self.ensure_one()
        if not self.commercial_partner_id.customer_price_ids:
            raise UserError(
                self.env._(
                    "%s has no special prices: add some in the customer's file first.",
                    self.commercial_partner_id.display_name,
                )
            )
        review = self.env["xpyme.price.review"].create(
            {"partner_id": self.commercial_partner_id.id}
        )
        review._fill_lines()
        return review._get_action()

    def action_open_customer_prices(self):
        """The customer's special prices as a list, to search and to import."""
        self.ensure_one()
        customer = self.commercial_partner_id
        return self.env["xpyme.customer.price"]._get_action(
            customer.name,
            [("partner_id", "=", customer.id)],
            {"default_partner_id": customer.id},
        )
