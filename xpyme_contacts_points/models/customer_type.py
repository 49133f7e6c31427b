from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Days: some ten years.
_LONGEST = 3660


class CustomerType(models.Model):
    """How the customers of a type get vouchers (seed 004, Puntos: el % de los Vales
    por Puntos indicado en Tipos de Cliente)."""

    _inherit = "xpyme.customer.type"

    voucher_mode = fields.Selection(
        [
            ("none", "No vouchers"),
            ("percent", "Percent of the sales"),
            ("points", "Value of the points"),
        ],
        string="Vouchers",
        required=True,
        default="none",
        help="What a settlement gives to a customer of this type: a percentage of the "
        "sales of the period, tax included, or the value of the points earned in it.",
    )
    voucher_percent = fields.Float(
        string="% of Sales",
        digits=(5, 2),
        help="From 0 to 100, of the sales of the period, tax included.",
    )
    point_value = fields.Float(
        string="Value of a Point",
        digits=(16, 4),
        help="What one point is worth, in the company's currency.",
    )
    voucher_validity_days = fields.Integer(
        string="Days of Validity",
        help="How long a voucher can be used, from the day of the settlement. 0: for "
        "ever.",
    )

    @api.constrains("voucher_percent", "point_value", "voucher_validity_days")
    def _check_voucher_terms(self):
        """:raise ValidationError: a percentage beyond 0 to 100, a negative number,
        a voucher that outlives the shop"""
        for kind in self:
            if not 0 <= kind.voucher_percent <= 100:
                raise ValidationError(
                    self.env._(
                        "%(percent)s %% of the sales cannot be given to customers of "
                        "type %(type)s: type a number from 0 to 100.",
                        percent=kind.voucher_percent,
                        type=kind.display_name,
                    )
                )
            if kind.voucher_validity_days > _LONGEST:
                raise ValidationError(
                    self.env._(
                        "Vouchers of type %(type)s would be valid for %(days)s days: "
                        "type at most %(longest)s, or 0 for ever.",
                        type=kind.display_name,
                        days=kind.voucher_validity_days,
                        longest=_LONGEST,
                    )
                )
            if not (kind.point_value >= 0 and kind.voucher_validity_days >= 0):
                raise ValidationError(
                    self.env._(
                        "The value of a point or the days of validity of type %s are "
                        "negative: type 0 or more.",
                        kind.display_name,
                    )
                )
