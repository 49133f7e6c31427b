from odoo import api, models, tools

_TOUCHED = "xpyme_touched"


class PartnerTrackingMixin(models.AbstractModel):
    """Reading before a write only what that write can change.

    Core reads every tracked field of a record, addresses and limits of all companies
    among them, before it writes anything at all.
    """

    _name = "xpyme.partner.tracking.mixin"
    _description = "History of a Partner"

    def _with_touched(self, names):
        """``self`` for a write of the fields ``names``."""
        through = (self._get_tracked_through(name) for name in names)
        return self.with_context(**{_TOUCHED: frozenset().union(*through)})

    @api.model
    @tools.ormcache("name")
    def _get_tracked_through(self, name):
        """Names of the tracked fields that change with the field ``name``."""
        field = self._fields.get(name)
        dependent = self.env.registry.get_dependent_fields(field) if field else ()
        names = {name, *(f.name for f in dependent if f.model_name == self._name)}
        return frozenset(names & self._track_get_fields())

    def _get_fields_to_track(self, fields_iter):
        """What of ``fields_iter``, all fields where core writes, is to be read."""
        if fields_iter is self._fields:
            return self.env.context.get(_TOUCHED, fields_iter)
        return fields_iter
