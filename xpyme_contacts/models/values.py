from odoo import api, models, tools

from ..tools.plain_text import storable


class ResPartner(models.Model):
    """What is typed, imported or sent, on its way to what is stored.

    Each room names its rules in ``_get_value_rules`` (see ``customer/card.py``); here
    they act, once for whatever is created or written, through whatever door it comes.
    Writing a telephone asks none of them.
    """

    _inherit = "res.partner"

    @api.model
    @tools.ormcache()
    def _load_value_rules(self):
        return [(name, frozenset(fnames)) for name, fnames in self._get_value_rules()]

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [storable(vals, self._fields) for vals in vals_list]
        for name, _fnames in self._load_value_rules():
            getattr(self, name)(vals_list, None)
        return super().create(vals_list)

    def write(self, vals):
        if len(self) > 1 and self._writes_names_apart(vals):
            return all(partner.write(vals) for partner in self)
        vals = storable(vals, self._fields)
        for name, fnames in self._load_value_rules():
            if not fnames.isdisjoint(vals):
                getattr(self, name)([vals], self)
        return super(ResPartner, self._with_tracked(vals)).write(vals)
