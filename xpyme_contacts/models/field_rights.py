from odoo import api, models, tools
from odoo.exceptions import AccessError

from ..tools.own_fields import is_ours

_SHARE = "xpyme_contacts.share"
_HAS_ACCESS = "_has_field_access"
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
    """What is ours is not for customers who log in, nor for visitors.

    Groups on each field would do the same, and forms whose buttons and boxes look at
    such fields would have to name the groups too, core's own boxes among them.

    Stored figures are nobody's to write: Odoo would take whatever a client says. Ours
    are refused; core's forms send some of core's back, which are left as they are.
    """

    _inherit = "base"

    # Fields of ours that a customer is to read; all others are not for him.
    _fields_for_customers = frozenset()

    # === READING ===#

    @api.model
    def _may_read_ours(self):
        """Whether the user works here: no customer with a login, no visitor."""
        env = self.env
        if env.su:
            return True
        # Asked for each field that is read: looking the user up would be a twentieth
        # of opening a card.
        key = (_SHARE, env.uid)
        known = env.cr.cache
        if key not in known:
            known[key] = env.user.share
        return not known[key]

    # === WRITING ===#

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
        values = values if self.env.su else self._leave_reckoned(values)
        completed = super()._add_missing_default_values(values)
        for name in self._get_reckoned_fields() - values.keys():
            completed.pop(name, None)
        return completed

    def write(self, vals):
        return super().write(vals if self.env.su else self._leave_reckoned(vals))

    @api.model
    def _leave_reckoned(self, vals):
        """``vals`` without the figures that core reckons.

        :raise AccessError: a client writes one of ours
        """
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


class ResPartner(models.Model):
    _inherit = "res.partner"

    # His searches leave these addresses out.
    _fields_for_customers = frozenset({"is_document_mailbox"})


class ResUsers(models.Model):
    _inherit = "res.users"

    _fields_for_customers = frozenset({"is_document_mailbox"})

    def _compute_share(self):
        """Whoever becomes another kind of user is looked up again."""
        for user in self:
            self.env.cr.cache.pop((_SHARE, user.id), None)
        return super()._compute_share()

    def _register_hook(self):
        """For all models: not each of core's calls ``super()``."""
        result = super()._register_hook()
        for model in self.env.registry.values():
            ours = frozenset(
                name
                for name, field in model._fields.items()
                if is_ours(field.base_field) and name not in model._fields_for_customers
            )
            if ours:
                setattr(model, _HAS_ACCESS, _keep_inside(ours, model._has_field_access))
        return result

    def _unregister_hook(self):
        for model in self.env.registry.values():
            if _HAS_ACCESS in vars(model):
                delattr(model, _HAS_ACCESS)
        return super()._unregister_hook()


def _keep_inside(ours, has_access):
    """``_has_field_access`` of a model, which keeps its fields ``ours`` from customers.

    Asked four thousand times while a card opens: an override that looks for core's
    method by ``super()`` would be another twentieth of it.
    """

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in ours and not self._may_read_ours():
            return False
        return has_access(self, field, operation)

    return _has_field_access
