import functools

from odoo import api, models, tools
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...tools.inner import heard

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
        "res.city",
        "res.city.zip",
        "res.partner",
        "res.partner.bank",
        "res.partner.category",
        "res.partner.id_category",
        "res.partner.id_number",
        "res.partner.industry",
    )
)
# Of other addons: rows that hang on any record, and the field that names its model.
_HANGING = {
    "ir.attachment": "res_model",
    "mail.activity": "res_model",
    "mail.compose.message": "model",
    "mail.followers": "res_model",
    "mail.message": "model",
    "mail.scheduled.message": "model",
    "sms.composer": "res_model",
}
# Records that show a customer's tax id, phone or address, besides those that are
# partners by delegation: locations, workers, users.
_NOT_EXPORTED = frozenset(("fsm.order", "payment.transaction"))


class Base(models.AbstractModel):
    """Denies a service order technician every change, whatever other groups they have.

    Groups only ever add rights, so the refusal cannot be an access right: it stands
    where form, list, RPC, import, one2many commands and delegated (``_inherits``)
    writes all pass. It follows the person: what core or an addon does as superuser on
    their behalf is refused too. Printing is reading; taking contacts away as data is
    refused as well.
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

    def check_access(self, operation):
        """Core asks it before it creates, writes and deletes, the superuser too."""
        if (
            operation != "read"
            and (
                self._name in _HANGING
                or self.env.su
                and (self._technicians_only_read or self._name in _FOREIGN)
            )
            and self.env.user.has_group(TECHNICIAN)
        ):
            self._check_technician_behind()
        if operation == "unlink" and self and self._get_uses_by_partners():
            self._check_no_partner_uses()
        return super().check_access(operation)

    @api.model
    @tools.ormcache()
    def _get_uses_by_partners(self):
        """Names of the stored fields of partners that are a link to such a row."""
        return tuple(
            name
            for name, field in self.env["res.partner"]._fields.items()
            if field.type == "many2one"
            and field.comodel_name == self._name
            and (field.store or field.company_dependent)
            and name not in models.MAGIC_COLUMNS
        )

    def _check_no_partner_uses(self):
        """:raise AccessError: a technician's deletion would empty a customer's field"""
        if not self.env.user._is_service_technician():
            return
        # sudo: of whichever company, archived ones included.
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        names, companies = self._get_uses_by_partners(), self.env.company
        if any(partners._fields[name].company_dependent for name in names):
            companies = companies.sudo().search([("id", "!=", False)])
        used = Domain.OR(Domain(name, "in", self.ids) for name in names)
        for company in companies:
            if partners.with_company(company).search_count(used, limit=1):
                raise AccessError(
                    self.env._(
                        "Customers have this on their cards, and as a service order "
                        "technician you change none. Ask the office to delete it."
                    )
                )

    def _check_technician_behind(self):
        """:raise AccessError: what happens for a technician is not theirs to cause

        Left to them are their own user's preferences and what our own code makes of
        their own orders.
        """
        if heard(self.env.context, "xpyme_left_to_technicians"):
            return
        if self._name in _HANGING:
            refused = self._hang_on_what_technicians_only_read()
        else:
            refused = self._name != "res.partner" or self != self.env.user.partner_id
        if refused:
            raise AccessError(self._technician_refusal_message())

    def _hang_on_what_technicians_only_read(self):
        """Whether one of these messages, activities, … is of a customer's file."""
        # sudo: what the rows hang on, whether or not they are the user's to read.
        rows, own = self.sudo(), self.env.user.partner_id
        if self._name == "ir.attachment":
            # An image of a record is judged as the record is.
            rows = rows.filtered(lambda row: not row.res_field)
        for row in rows:
            model = self.env.get(row[_HANGING[self._name]] or None)
            if model is None or not model._is_read_only_for_technicians():
                continue
            is_own = model._name == own._name and "res_id" in row._fields
            if not is_own or row.res_id != own.id:
                return True
        return False

    def _export_rows(self, fields, *args, **kwargs):
        shows = self._name in _NOT_EXPORTED or "res.partner" in self._inherits
        if shows or self._is_read_only_for_technicians():
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
        """:raise AccessError: for what core does on their behalf without asking"""
        if self.env.user._is_service_technician():
            raise AccessError(self._technician_refusal_message())

    @api.model
    def _technician_refusal_message(self):
        return self.env._(
            "As a service order technician you can read and print contacts, not "
            "change them. Ask the office to make the change."
        )


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
