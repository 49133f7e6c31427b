from odoo import api, fields, models


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "xpyme.priced.line.mixin", "xpyme.learning.mixin"]

    # Odoo leaves it to be typed; the customer's discounts fill it in direct invoices.
    discount = fields.Float(
        compute="_compute_discount",
        store=True,
        readonly=False,
        precompute=True,
        default=None,
    )

    # === PRICED LINE ===#

    def _get_priced_document(self):
        return self.move_id

    def _get_priced_quantity(self):
        return self.quantity

    def _is_priced_by_engine(self):
        """Lines of a sale without an order, in the customer's name."""
        self.ensure_one()
        return bool(
            self.product_id
            and self.display_type == "product"
            and not self.is_imported
            and not self.sale_line_ids
            and self.move_id.partner_id
            and self.move_id._is_price_open()
        )

    # === PRICE AND DISCOUNT ===#

    def _compute_price_unit(self):
        resolved = self._resolve_lines()
        for line, found in resolved.items():
            line.price_unit = line._get_automatic_price(found)
        return super(
            AccountMoveLine, self - self.browse().concat(*resolved)
        )._compute_price_unit()

    # Not of the document's discount: see ``account.move._follow_discount``.
    @api.depends("product_id", "product_uom_id")
    def _compute_discount(self):
        resolved = self._resolve_lines()
        for line in self:
            found = resolved.get(line)
            line.discount = found.discount if found else line.discount

    @api.onchange("price_unit", "discount")
    def _onchange_price_floor(self):
        return self._get_floor_warning()

    # === CATALOGUE ===#

    def _get_product_catalog_lines_data(self, **kwargs):
        data = super()._get_product_catalog_lines_data(**kwargs)
        if len(self) == 1 and self.move_id._is_price_open():
            data["price"] = self._get_net_price()
        return data

    # === ORM ===#

    @api.model_create_multi
    def create(self, vals_list):
        priced = [bool({"price_unit", "discount"} & vals.keys()) for vals in vals_list]
        lines = super().create(vals_list)
        self.browse().concat(
            *(line for line, is_priced in zip(lines, priced, strict=True) if is_priced)
        )._raise_to_floors()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"price_unit", "discount"} & vals.keys():
            self._raise_to_floors()
        return result
