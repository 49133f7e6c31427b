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
    def _check_linked_vals(self, vals_list, _partners):
        """:raise AccessError: a partner that the user may not read"""
        if self.env.su:
            return
        names = self._get_partner_links()
        ids = {vals.get(name) for vals in vals_list for name in names}
        self.browse(ids - {None, False}).check_access("read")
