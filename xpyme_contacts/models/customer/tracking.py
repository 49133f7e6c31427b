from odoo import api, models, tools


class ResPartner(models.Model):
    """Reading before a write only what that write can change.

    Core reads every tracked field of a record, addresses and limits of all companies
    among them, before it writes anything at all.
    """

    _inherit = "res.partner"

    def _with_tracked(self, names):
        """``self`` for a write of the fields ``names``."""
        return self.with_context(xpyme_tracked=self._get_tracked_with(tuple(names)))

    @api.model
    @tools.ormcache("names")
    def _get_tracked_with(self, names):
        """Names of the tracked fields that change with the fields ``names``."""
        changed = set(names)
        for field in filter(None, map(self._fields.get, names)):
            dependent = self.env.registry.get_dependent_fields(field)
            changed.update(f.name for f in dependent if f.model_name == self._name)
        return frozenset(changed & self._track_get_fields())

    def _track_prepare(self, fields_iter):
        """Core names all fields of the model before a write, and few for a compute."""
        if len(names := tuple(fields_iter)) == len(self._fields):
            names = self.env.context.get("xpyme_tracked", names)
        return super()._track_prepare(names)
