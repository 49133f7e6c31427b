import functools

from odoo import api, models
from odoo.exceptions import AccessError

TECHNICIAN = "xpyme_contacts.group_service_technician"
# Of other addons: rows that belong to a customer's file, or make some that do.
_FOREIGN = frozenset(
    (
        "base.partner.merge.automatic.wizard",
        "fsm.wizard",
        "mail.blacklist",
        "phone.blacklist",
        "portal.wizard",
        "portal.wizard.user",
        "privacy.lookup.wizard",
        "privacy.lookup.wizard.line",
        "res.bank",
        "res.partner",
        "res.partner.bank",
        "res.partner.category",
        "res.partner.id_number",
        "res.partner.industry",
    )
)
# Records of their own work that show a customer's tax id, phone or address.
_NOT_EXPORTED = frozenset(("fsm.location", "fsm.order", "res.users"))


class Base(models.AbstractModel):
    """Denies a service order technician every change, whatever other groups they have.

    Groups only ever add rights, so the refusal cannot be an access right: it stands
    in ``_check_access``, through which form, list, RPC, import, one2many commands and
    delegated (``_inherits``) writes all pass. Printing is reading; taking contacts away
    as data is refused too.
    """

    _inherit = "base"

    # Of a model of the family: whether its rows belong to a customer's file.
    _technicians_only_read = False

    def _is_read_only_for_technicians(self):
        return self._technicians_only_read or self._name in _FOREIGN

    def _check_access(self, operation):
        if (
            operation != "read"
            and (self._technicians_only_read or self._name in _FOREIGN)
            and self.env.user.has_group(TECHNICIAN)
        ):
            return self, functools.partial(
                AccessError, self._technician_refusal_message()
            )
        return super()._check_access(operation)

    def _export_rows(self, fields, *args, **kwargs):
        if self._is_read_only_for_technicians() or self._name in _NOT_EXPORTED:
            self._check_export_allowed()
        return super()._export_rows(fields, *args, **kwargs)

    @api.model
    def _check_export_allowed(self):
        """Called by the export of records, of their parents and by the vCard files.

        :raise AccessError: a technician takes contacts away as data
        """
        if not self.env.su and self.env.user._is_service_technician():
            raise AccessError(
                self.env._(
                    "As a service order technician you can read and print contacts, "
                    "not export them. Ask the office for the file."
                )
            )

    @api.model
    def _refuse_technician(self):
        """:raise AccessError: for what core would do as superuser on their behalf"""
        if not self.env.su and self.env.user._is_service_technician():
            raise AccessError(self._technician_refusal_message())

    @api.model
    def _technician_refusal_message(self):
        return self.env._(
            "As a service order technician you can read and print contacts, not "
            "change them. Ask the office to make the change."
        )


class ResUsers(models.Model):
    _inherit = "res.users"

    def _is_service_technician(self):
        """Whether the user is marked as service order technician.

        The superuser (code that runs by itself) never is.
        """
        self.ensure_one()
        return self.has_group(TECHNICIAN)

    def write(self, vals):
        if "partner_id" in vals:
            # Odoo lets everybody write on their own partner as superuser.
            self._refuse_technician()
        return super().write(vals)


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    @api.model
    def get_bindings(self, model_name):
        """A technician is offered to print contacts, and nothing else with them."""
        bindings = super().get_bindings(model_name)
        model = self.env.get(model_name)
        if (
            model is not None
            and model._is_read_only_for_technicians()
            and self.env.user._is_service_technician()
        ):
            return {kind: bindings[kind] for kind in ("report",) if kind in bindings}
        return bindings
