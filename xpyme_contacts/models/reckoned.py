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
    "account.move.line": {"amount_residual", "amount_residual_currency", "price_total"},
    "res.partner": {"commercial_partner_id"},
    "sale.order": {"amount_total", "currency_rate", "invoice_status"},
    "sale.order.line": {
        "invoice_status",
        "price_subtotal",
        "price_total",
        "qty_invoiced",
        "qty_to_invoice",
    },
}


class Base(models.AbstractModel):
    """Stored figures are nobody's to write: Odoo would take whatever a client says."""

    _inherit = "base"

    @api.model
    @tools.ormcache()
    def _get_reckoned_fields(self):
        """Names of the stored fields that nobody writes but their own method."""
        ours = {
            name
            for name, field in self._fields.items()
            if field.store
            and field.compute
            and field.readonly
            and not field.inverse
            and is_ours(field)
        }
        return frozenset(ours | _OF_CORE.get(self._name, set()))

    @api.model
    def _add_missing_default_values(self, values):
        """A figure is no default either, of a context or of a user's own."""
        self._refuse_reckoned(values)
        completed = super()._add_missing_default_values(values)
        for name in self._get_reckoned_fields() - values.keys():
            completed.pop(name, None)
        return completed

    def write(self, vals):
        self._refuse_reckoned(vals)
        return super().write(vals)

    @api.model
    def _refuse_reckoned(self, vals):
        """:raise AccessError: a client writes what is reckoned"""
        if self.env.su:
            return
        for name in self._get_reckoned_fields() & vals.keys():
            field = self._fields[name]
            raise AccessError(
                self.env._(
                    "%(field)s is reckoned from other fields: leave it out.",
                    field=field._description_string(self.env),
                )
            )
