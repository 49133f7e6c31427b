from odoo import api, models, tools
from odoo.exceptions import AccessError

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


class Reckoned(models.AbstractModel):
    """A record with stored figures: Odoo would take whatever a client writes there."""

    _name = "xpyme.reckoned.mixin"
    _description = "Record whose Figures no Client writes"

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
            and all(module.startswith("xpyme_") for module in field._modules)
        }
        return frozenset(ours | _OF_CORE.get(self._name, set()))

    @api.model
    def _check_field_access(self, field, operation):
        """:raise AccessError: a client writes what is reckoned"""
        if (
            operation == "write"
            and not self.env.su
            and field.name in self._get_reckoned_fields()
        ):
            raise AccessError(
                self.env._(
                    "%(field)s is reckoned from other fields: leave it out.",
                    field=field._description_string(self.env),
                )
            )
        return super()._check_field_access(field, operation)


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "xpyme.reckoned.mixin"]


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "xpyme.reckoned.mixin"]


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "xpyme.reckoned.mixin"]


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "xpyme.reckoned.mixin"]


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "xpyme.reckoned.mixin"]
