from odoo import api, models, tools
from odoo.exceptions import AccessError

from ..tools.own_fields import is_ours

# Of core: stored figures that limits, *Baja* and the customer's rules are judged by.
_OF_CORE = {
    "account.move": {
        "amount_residual",
        "amount_residual_signed",
        "amount_total_signed",
        "commercial_partner_id",
    },
    "account.move.line": {
        "amount_residual",
        "amount_residual_currency",
        "parent_state",
        "price_total",
        "reconciled",
    },
    "res.partner": {
        "commercial_company_name",
        "commercial_partner_id",
        "complete_name",
        "email_normalized",
        "partner_share",
        "phone_sanitized",
    },
    "sale.order": {
        "amount_tax",
        "amount_total",
        "amount_untaxed",
        "currency_rate",
        "invoice_status",
    },
    "sale.order.line": {
        "invoice_status",
        "price_subtotal",
        "price_tax",
        "price_total",
        "qty_invoiced",
        "qty_to_invoice",
        "state",
        "untaxed_amount_to_invoice",
    },
}


class Base(models.AbstractModel):
    """Stored figures are nobody's to write: Odoo would take whatever a client says.

    Ours are refused. Core's forms send some of core's back, which are left as they are.
    """

    _inherit = "base"

    @api.model
    @tools.ormcache()
    def _get_reckoned_fields(self):
        """Names of our stored fields that nobody writes but their own method."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store
            and field.compute
            and field.readonly
            and not field.inverse
            and is_ours(field)
        )

    @api.model
    def _add_missing_default_values(self, values):
        """A figure is no default either, of a context or of a user's own."""
        values = self._leave_reckoned(values)
        completed = super()._add_missing_default_values(values)
        for name in self._get_reckoned_fields() - values.keys():
            completed.pop(name, None)
        return completed

    def write(self, vals):
        return super().write(self._leave_reckoned(vals))

    @api.model
    def _leave_reckoned(self, vals):
        """``vals`` without the figures that core reckons.

        :raise AccessError: a client writes one of ours
        """
        if self.env.su:
            return vals
        for name in self._get_reckoned_fields() & vals.keys():
            field = self._fields[name]
            raise AccessError(
                self.env._(
                    "%(field)s is reckoned from other fields: leave it out.",
                    field=field._description_string(self.env),
                )
            )
        of_core = _OF_CORE.get(self._name)
        if of_core and of_core & vals.keys():
            return {name: vals[name] for name in vals.keys() - of_core}
        return vals
