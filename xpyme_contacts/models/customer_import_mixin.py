from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.models import fix_import_export_id_paths

from ..tools import tax_id
from ..tools.names import same_name
from .mirror_contact_mixin import MIRROR_UNLOCKED


class CustomerImportMixin(models.AbstractModel):
    """Importing customers: with a bad row nothing is saved, and every one is named.

    Odoo's import stops looking after ten bad rows. A file of customers is corrected in
    one go, so where core gave up the records are tried one by one, and undone. Wrong
    RUTs, the usual fault, are looked for beforehand: one by one, thousands of customers
    take longer than a server lets a request work.
    """

    _name = "xpyme.customer.import.mixin"
    _description = "Import of Customers"

    @api.model
    def _load_customers(self, load, fields, data):
        """What ``load`` answers, with a message for each bad row.

        :param load: core's ``load``
        """
        wrong = self._get_wrong_tax_ids(fields, data)
        if not wrong:
            return self._complete_messages(load, fields, data, load(fields, data))
        skipped = {line for first, last, _text in wrong for line in range(first, last)}
        lines = [line for line in range(len(data)) if line not in skipped]
        savepoint = self.env.cr.savepoint()
        others = [data[line] for line in lines]
        result = self._complete_messages(load, fields, others, load(fields, others))
        self._undo_import(savepoint)
        messages = [self._place_message(told, lines) for told in result["messages"]]
        for first, last, text in wrong:
            rows = {"from": first, "to": last - 1}
            message = {"type": "error", "message": text, "field": "vat"}
            messages.append({**message, "rows": rows, "record": first})
        messages.sort(key=lambda message: message.get("record", len(data)))
        return {**result, "ids": False, "messages": messages, "nextrow": 0}

    @api.model
    def _complete_messages(self, load, fields, data, result):
        """The answer of ``load`` with a message for each bad row, not just ten.

        :param result: what it answered for all of ``data``
        """
        if result["ids"] or all("rows" in message for message in result["messages"]):
            return result
        messages = []
        savepoint = self.env.cr.savepoint()
        for _record, info in self._extract_customers(fields, data):
            first, last = info["rows"]["from"], info["rows"]["to"]
            for message in load(fields, data[first : last + 1])["messages"]:
                messages.append({**message, "record": first, "rows": info["rows"]})
        self._undo_import(savepoint)
        return {**result, "messages": messages}

    @api.model
    def _get_wrong_tax_ids(self, fields, data):
        """First line, line after the last and message of each customer's wrong RUT."""
        if "vat" not in fields:
            return []
        wrong = []
        savepoint = self.env.cr.savepoint()
        partners = self.with_context(import_cache={}, import_flush=lambda **_what: None)
        for _id, _xid, vals, info in partners._convert_records(
            self._extract_customers(fields, data), savepoint=savepoint
        ):
            if text := self._describe_wrong_rut(vals):
                wrong.append((info["rows"]["from"], info["rows"]["to"] + 1, text))
        self._undo_import(savepoint)
        return wrong

    @api.model
    def _describe_wrong_rut(self, vals):
        """The message for a new customer's wrong RUT; None if it is none."""
        if not (vals.get("customer_flag") or vals.get("customer_rank")):
            return None
        vals = dict(vals)
        self._normalise_tax_id_vals(vals)
        number = vals.get("vat")
        chilean = self._get_tax_id_country(vals).code == "CL"
        if tax_id.is_missing(number) or not chilean or vals.get("parent_id"):
            return None
        if not self._is_tax_id_type_of_rut(vals):
            return None
        try:
            self.new({"name": vals.get("name")})._check_rut(number)
        except ValidationError as error:
            return str(error)
        return None

    @api.model
    def _extract_customers(self, fields, data):
        paths = [fix_import_export_id_paths(name) for name in fields]
        limit = self.env.context.get("_import_limit") or len(data)
        return self._extract_records(paths, data, limit=limit)

    @api.model
    def _undo_import(self, savepoint):
        savepoint.rollback()
        savepoint.close(rollback=False)
        self.pool.reset_changes()

    @api.model
    def _place_message(self, message, lines):
        """A message with the lines of the whole file instead of those of a part."""
        if "rows" not in message:
            return message
        rows = {edge: lines[line] for edge, line in message["rows"].items()}
        return {**message, "rows": rows, "record": rows["from"]}

    # === LOADING AGAIN ===#

    def _get_changed_import_vals(self, values):
        """What a file changes on a record that it has loaded before."""
        self.ensure_one()
        values = {fname: value for fname, value in values.items() if fname != "id"}
        self._normalise_tax_id_vals(values, self)
        # Left blank in a file of contacts, because it is the customer's.
        locked = self._get_locked_fields() if self.is_mirror_contact else []
        return {
            fname: value
            for fname, value in values.items()
            if (value or fname not in locked)
            and self._is_changed_by_import(fname, value)
        }

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
