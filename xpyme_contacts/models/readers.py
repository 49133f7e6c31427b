from odoo import api, models

from ..tools.own_fields import is_ours

_SHARE = "xpyme_contacts.share"
_HAS_ACCESS = "_has_field_access"


class Base(models.AbstractModel):
    """What is ours is not for customers who log in, nor for visitors.

    Groups on each field would do the same, and forms whose buttons and boxes look at
    such fields would have to name the groups too, core's own boxes among them.
    """

    _inherit = "base"

    # Fields of ours that a customer is to read; all others are not for him.
    _fields_for_customers = frozenset()

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
