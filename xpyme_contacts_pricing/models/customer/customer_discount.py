from odoo import api, fields, models


class CustomerDiscount(models.Model):
    """A discount that a customer's documents may get (seed 004: Descuentos).

    One is applied by itself; of several the user chooses when he enters the customer.
    """

    _name = "xpyme.customer.discount"
    _description = "Discount of a Customer"
    _technicians_only_read = True
    _order = "partner_id, sequence, id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="Description",
        required=True,
        help="What the discount is for; it is read when one of several is chosen.",
    )
    percent = fields.Float(
        string="Disc. %", digits="Discount", aggregator=None, help="From 0 to 100."
    )

    @api.constrains("percent")
    def _check_percent(self):
        for discount in self:
            self.env["xpyme.customer.price"]._check_percent(
                discount.percent, discount.name
            )

    @api.depends("name", "percent")
    def _compute_display_name(self):
        for discount in self:
            percent = f"{discount.percent:.2f}".rstrip("0").rstrip(".")
            discount.display_name = f"{discount.name or ''} ({percent} %)"
