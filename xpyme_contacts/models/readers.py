from odoo import api, models


class InternalFieldsMixin(models.AbstractModel):
    """What is ours on models that customers read by a login of the portal.

    Groups on each field would do the same, and forms whose buttons and boxes look at
    such fields would have to name the groups too, core's own boxes among them.
    """

    _name = "xpyme.internal.fields.mixin"
    _description = "Fields for Those Who Work Here"

    # Fields of ours that a customer is to read; all others are not for him.
    _fields_for_customers = frozenset()
    # Names, when the registry is complete.
    _internal_fields = frozenset()

    def _register_hook(self):
        result = super()._register_hook()
        model = type(self)
        model._internal_fields = frozenset(
            name
            for name, field in self._fields.items()
            if self._is_ours(field.base_field)
            and name not in self._fields_for_customers
        )
        return result

    @api.model
    def _is_ours(self, field):
        """Whether a field was made by the addons of this family, and by no other."""
        modules = field._modules
        return bool(modules) and all(name.startswith("xpyme_") for name in modules)

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in self._internal_fields and not self._may_read_ours():
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _may_read_ours(self):
        """Whether the user works here: no customer with a login, no visitor."""
        return self.env.su or self.env.user._is_internal()


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["xpyme.internal.fields.mixin", "res.partner"]

    # His searches leave these addresses out.
    _fields_for_customers = frozenset({"is_document_mailbox"})


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["xpyme.internal.fields.mixin", "res.users"]

    _fields_for_customers = frozenset({"is_document_mailbox"})


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["xpyme.internal.fields.mixin", "res.company"]


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["xpyme.internal.fields.mixin", "sale.order"]


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["xpyme.internal.fields.mixin", "sale.order.line"]


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["xpyme.internal.fields.mixin", "account.move"]


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["xpyme.internal.fields.mixin", "account.move.line"]
