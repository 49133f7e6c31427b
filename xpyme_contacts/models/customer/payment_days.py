from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import pay_days
from ...tools.value_rule import ValueRule


class ResPartner(models.Model):
    """The days of the month when a customer pays (seed 004, Factura: Días de Pago).

    Due dates of invoices follow them where the addon of billing is installed.
    """

    _inherit = "res.partner"

    payment_days = fields.Char(
        help="Days of the month when the customer pays, such as 5 and 20. A month that "
        "is too short has its last day instead.",
    )

    @api.model
    def _get_value_rules(self):
        rule = ValueRule("_complete_payment_days_vals", ("payment_days",))
        return [*super()._get_value_rules(), rule]

    @api.model
    def _complete_payment_days_vals(self, vals_list, _partners):
        """However they are typed, they are stored as *5, 20*.

        :raise ValidationError: a word is no day of a month
        """
        for vals in vals_list:
            if not vals.get("payment_days"):
                continue
            try:
                days = pay_days.parse(vals["payment_days"])
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%s” is no day of a month. Type the days when the customer "
                        "pays, from 1 to 31, such as 5, 20.",
                        error,
                    )
                ) from error
            vals["payment_days"] = ", ".join(map(str, days)) or False

    def _get_payment_days(self):
        """The days of the month when this partner's customer pays; empty: any."""
        self.ensure_one()
        return pay_days.parse(self.commercial_partner_id.payment_days)

    def _get_pay_day_from(self, day, any_day=False):
        """The first date from ``day`` on when this partner's customer pays.

        :param any_day: whatever their days of the month are
        :return: a date; None: there is none within two years
        """
        self.ensure_one()
        return day if any_day else pay_days.shift(day, self._get_payment_days())
