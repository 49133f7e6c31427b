from contextlib import ExitStack

from odoo import api, models, tools

from ..tools.inner import heard
from ..tools.plain_text import storable
from ..tools.value_rule import EVERYBODY

# Names, and what they are made from: a line break would end the header of a mail, or
# pass for another line of a document.
_LINES = ("name", "given_name", "surname", "second_surname", "trade_name")


class ResPartner(models.Model):
    """What is typed, imported or sent, on its way to what is stored.

    Each room names its rules in ``_get_value_rules`` (see ``tools/value_rule.py``);
    here they act, once for whatever is created or written, through whatever door it
    comes. Writing a telephone asks none of them.
    """

    _inherit = "res.partner"

    @api.model
    @tools.ormcache()
    def _load_value_rules(self):
        rules = self._get_value_rules()
        return [rule._replace(fields=frozenset(rule.fields)) for rule in rules]

    @api.model
    @tools.ormcache()
    def _load_outcome_rules(self):
        """The outermost first: what comes later is asked first, as overrides are."""
        rules = reversed(self._get_outcome_rules())
        return [(method, frozenset(fnames)) for method, fnames in rules]

    @api.model_create_multi
    def create(self, vals_list):
        stored_list = []
        for vals in vals_list:
            stored_list.append(storable(vals, self._fields, _LINES))
        if heard(self.env.context, "xpyme_first_contact"):
            return super().create(stored_list)
        # Odoo lets a new partner be made through others, who are not asked here.
        self.browse()._rule_new(stored_list)
        partners = super().create(stored_list)
        partners._complete_new(vals_list)
        return partners

    @api.model
    def _rule_new(self, vals_list):
        given = set(self._get_new_defaults()).union(*vals_list)
        ruled = {EVERYBODY: vals_list}
        for rule in self._load_value_rules():
            if rule.fields and rule.fields.isdisjoint(given):
                continue
            if rule.whose not in ruled:
                is_theirs = getattr(self, rule.whose)
                ruled[rule.whose] = [*filter(is_theirs, vals_list)]
            if ruled[rule.whose]:
                getattr(self, rule.method)(ruled[rule.whose], None)

    def write(self, vals):
        if len(self) > 1 and self._writes_names_apart(vals):
            return all(partner.write(vals) for partner in self)
        vals = storable(vals, self._fields, _LINES)
        for rule in self._load_value_rules():
            if rule.fields.isdisjoint(vals):
                continue
            if rule.whose == EVERYBODY or getattr(self, rule.whose)(vals):
                getattr(self, rule.method)([vals], self)
        tracked = self._get_tracked_with(tuple(vals))
        partners = self.with_context(xpyme_tracked=tracked)
        with ExitStack() as outcome:
            for method, fnames in self._load_outcome_rules():
                if not fnames.isdisjoint(vals):
                    others = outcome.enter_context(getattr(self, method)(vals))
                    if others:
                        # What core asks about each is asked for all of them at once.
                        partners = partners.with_prefetch((self | others)._ids)
            return super(ResPartner, partners).write(vals)

    # === WHO FOLLOWS ===#

    @api.model
    @tools.ormcache()
    def _get_synced_names(self):
        """The fields that core's synchronisation looks at; others concern nobody."""
        commercial = {*self._commercial_fields(), *self._synced_commercial_fields()}
        return frozenset({"parent_id", "type", *self._address_fields(), *commercial})

    def _fields_sync(self, values):
        if self._get_synced_names().isdisjoint(values):
            return None
        return super()._fields_sync(values)

    # === HISTORY ===#

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
        """Before a write, read only what that write can change.

        Core names all fields of the model then, addresses and limits of all companies
        among them; for a compute it names few.
        """
        if len(names := tuple(fields_iter)) == len(self._fields):
            names = self.env.context.get("xpyme_tracked", names)
        return super()._track_prepare(names)


class ResCompany(models.Model):
    """A company keeps its partner's name a second time, as it was typed."""

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([storable(vals, lines=("name",)) for vals in vals_list])

    def write(self, vals):
        return super().write(storable(vals, lines=("name",)))
