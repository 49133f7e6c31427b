from odoo import api, models

from ...tools.inner import MIRROR_UNLOCKED
from ...tools.names import same_name


class ResPartner(models.Model):
    """Importing contacts: again without changes, and the mirror only once."""

    _inherit = "res.partner"

    def _load_records_write(self, values):
        changed = self._get_changed_import_vals(values)
        return super()._load_records_write(changed) if changed else None

    def _load_records_create(self, vals_list):
        """Core's import writes the parent's address over the children's own."""
        own = [self._is_contact_of_card_vals(vals) for vals in vals_list]
        if not any(own):
            return super()._load_records_create(vals_list)
        contacts = self._load_contacts(
            [vals for vals, is_own in zip(vals_list, own, strict=True) if is_own]
        )
        contacts._clean_properties()
        others = super()._load_records_create(
            [vals for vals, is_own in zip(vals_list, own, strict=True) if not is_own]
        )
        queues = {True: iter(contacts), False: iter(others)}
        return self.browse([next(queues[is_own]).id for is_own in own])

    # === LOADING AGAIN ===#

    def _get_changed_import_vals(self, values):
        """What a file changes on a record that it has loaded before."""
        self.ensure_one()
        values = {fname: value for fname, value in values.items() if fname != "id"}
        self._normalise_tax_id_vals(values, self)
        kept = self._get_kept_by_import(values)
        return {
            fname: value
            for fname, value in values.items()
            if (value or fname not in kept) and self._is_changed_by_import(fname, value)
        }

    def _get_kept_by_import(self, values):
        """Names of what a file that leaves it blank does not empty."""
        if self.is_customer_card:
            # The card was completed with it when the file was loaded before.
            return {"ref", "contact_phone", *self._propose_card_vals(values)}
        # Left blank in a file of contacts, because it is the customer's.
        return set(self._get_locked_fields() if self.is_mirror_contact else ())

    def _is_changed_by_import(self, fname, value):
        field = self._fields[fname]
        if field.type in ("one2many", "many2many", "properties"):
            return True
        new = field.convert_to_record(field.convert_to_cache(value, self), self)
        return new != self[fname]

    # === CONTACTS ===#

    @api.model
    def _load_contacts(self, vals_list):
        """The contacts of a file's new rows.

        A customer has got his mirror with his own row, or in a file before: the row
        named like him is that one, completed, and no second.
        """
        mirrors = self._get_mirrors_to_load(vals_list)
        taken = [self._take_mirror(mirrors, vals) for vals in vals_list]
        created = iter(
            self.create(
                [v for v, mirror in zip(vals_list, taken, strict=True) if not mirror]
            )
        )
        return self.browse([(mirror or next(created)).id for mirror in taken])

    @api.model
    def _get_mirrors_to_load(self, vals_list):
        """``{customer: mirrors}`` that no file has named and nobody signs in with."""
        customers = self.browse(
            {
                vals["parent_id"]
                for vals in vals_list
                if same_name(vals.get("name"), self.browse(vals["parent_id"]).name)
            }
        )
        mirrors = customers._search_mirrors()
        known = mirrors._get_external_ids()
        free = mirrors.filtered(lambda m: not known[m.id] and not m.is_user_partner)
        return dict(free.grouped("parent_id"))

    @api.model
    def _take_mirror(self, mirrors, vals):
        """The mirror that the row ``vals`` is, with its values; empty for none.

        :param mirrors: ``{customer: mirrors}``; who is taken goes out
        """
        customer = self.browse(vals["parent_id"])
        mirror = mirrors.get(customer, self.browse())[:1]
        if not mirror or not same_name(vals.get("name"), customer.name):
            return self.browse()
        mirrors[customer] -= mirror
        typed = {fname: value for fname, value in vals.items() if value}
        if changed := mirror._get_changed_import_vals(typed):
            mirror.with_context(**MIRROR_UNLOCKED).write(changed)
            mirror._become_mirrors()
        return mirror
