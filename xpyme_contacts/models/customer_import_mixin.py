from odoo import api, models
from odoo.models import fix_import_export_id_paths


class CustomerImportMixin(models.AbstractModel):
    """Importing customers: with a bad row nothing is saved, and every one is named.

    Odoo's import stops looking after ten bad rows. A file of customers is corrected in
    one go, so where core gave up the records are tried one by one, and undone.
    """

    _name = "xpyme.customer.import.mixin"
    _description = "Import of Customers"

    @api.model
    def _complete_import_messages(self, load, fields, data, result):
        """The answer of ``load`` with a message for each bad row, not just ten.

        :param load: core's ``load``
        :param result: what it answered for all of ``data``
        """
        if result["ids"] or all("rows" in message for message in result["messages"]):
            return result
        messages = []
        paths = [fix_import_export_id_paths(name) for name in fields]
        limit = self.env.context.get("_import_limit") or len(data)
        savepoint = self.env.cr.savepoint()
        for _record, info in self._extract_records(paths, data, limit=limit):
            first, last = info["rows"]["from"], info["rows"]["to"]
            for message in load(fields, data[first : last + 1])["messages"]:
                messages.append({**message, "record": first, "rows": info["rows"]})
        savepoint.rollback()
        savepoint.close(rollback=False)
        self.pool.reset_changes()
        return {**result, "messages": messages}
