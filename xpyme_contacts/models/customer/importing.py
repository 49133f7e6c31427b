from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.models import fix_import_export_id_paths

from ...tools import tax_id

_GUARDED = ("'+", "'-", "'=", "'@")


def _as_exported(cell):
    """What stood in the record: Odoo's export keeps formulas off with an apostrophe."""
    is_guarded = isinstance(cell, str) and cell[:2] in _GUARDED
    return cell[1:] if is_guarded else cell


class ResPartner(models.Model):
    """Importing customers: with a bad row nothing is saved, and every one is named.

    Odoo's import stops looking after ten bad rows. A file of customers is corrected in
    one go, so where core gave up the records are tried one by one, and undone. Wrong
    RUTs, the usual fault, are looked for beforehand: one by one, thousands of customers
    take longer than a server lets a request work.
    """

    _inherit = "res.partner"

    @api.model
    def load(self, fields, data):  # pylint: disable=redefined-outer-name
        """What core answers, with a message for each bad row."""
        load = super().load
        data = [[_as_exported(cell) for cell in row] for row in data]
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
        if not self._will_be_customer(vals):
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
