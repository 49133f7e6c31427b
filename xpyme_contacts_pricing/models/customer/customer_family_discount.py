from odoo import api, fields, models


class CustomerFamilyDiscount(models.Model):
    """Discount of a customer on a family of articles (seed 004: Dtos).

    It reaches the families below; the nearest one's holds. 0 to 100, without currency.
    """

    _name = "xpyme.customer.family.discount"
    _description = "Family Discount of a Customer"
    _technicians_only_read = True
    _order = "partner_id, categ_id, id"
    _rec_name = "categ_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Family",
        required=True,
        index=True,
        ondelete="cascade",
        help="The families below it have the discount too, if they have none.",
    )
    discount = fields.Float(
        string="Disc. %", digits="Discount", aggregator=None, help="From 0 to 100."
    )

    _family_unique = models.Constraint(
        "UNIQUE(partner_id, categ_id)",
        "This family already has a discount for the customer: change that one.",
    )

    @api.constrains("discount")
    def _check_discount(self):
        for family in self:
            self.env["xpyme.customer.price"]._check_percent(
                family.discount, family.categ_id.display_name
            )
