from odoo import api, models, tools

from ...tools.value_rule import ValueRule


class ResPartner(models.Model):
    """Who links a partner to another one may read that one.

    What the link brings along, or an error tells of it, is that partner's file.
    """

    _inherit = "res.partner"

    @api.model
    @tools.ormcache()
    def _get_partner_links(self):
        """Names of the fields by which a partner is linked to another one."""
        return tuple(
            name
            for name, field in self._fields.items()
            if field.type == "many2one"
            and field.comodel_name == self._name
            and field.store
            and not field.readonly
        )

    @api.model
    def _get_value_rules(self):
        rule = ValueRule("_check_linked_vals", frozenset(self._get_partner_links()))
        return [rule, *super()._get_value_rules()]

    @api.model
    def _check_linked_vals(self, vals_list, partners):
        """:raise AccessError: a partner that the user may not read"""
        if self.env.su:
            return
        names, defaults = self._get_partner_links(), {}
        if partners is None:
            defaults = {name: self.env.context.get(f"default_{name}") for name in names}
        ids = {vals.get(n, defaults.get(n)) for vals in vals_list for n in names}
        self.browse(ids - {None, False}).check_access("read")

    @api.model
    def _prepare_create_values(self, vals_list):
        """A user's own default links as well; it is known here."""
        complete = super()._prepare_create_values(vals_list)
        if not self.env.su:
            self._check_linked_vals(complete, self)
        return complete
