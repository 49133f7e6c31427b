from odoo import models
from odoo.tools import SQL

from odoo.addons.xpyme_contacts.tools.inner import MIRROR_UNLOCKED

from .consents import CONSENT
from .kinds import ADDED
from .row import DONE, MODULE, UNDONE

# What hangs on a customer and is no use of them.
_NO_USE = {
    *("xpyme_movein_row", "mail_followers", "res_partner_res_partner_category_rel"),
    *("xpyme_offer_consent", "mail_message_res_partner_rel"),
}
_LINKS = """
SELECT source.relname, attribute.attname,
       EXISTS (SELECT FROM pg_attribute dated
                WHERE dated.attrelid = source.oid AND dated.attname = 'write_date')
  FROM pg_constraint link
  JOIN pg_class source ON source.oid = link.conrelid
  JOIN pg_attribute attribute
    ON attribute.attrelid = source.oid AND attribute.attnum = link.conkey[1]
 WHERE link.contype = 'f' AND link.confrelid = %s::regclass
   AND array_length(link.conkey, 1) = 1
 ORDER BY 1, 2
"""
# They name a record of any model in two columns.
_HANGING = ("mail_message", "mail_activity", "ir_attachment")


class Movein(models.Model):
    """Taking back what a file has brought, as far as nobody has used it since."""

    _inherit = "xpyme.movein"

    def _undo(self, rows):
        """Delete what rows have created, and restore what they have changed."""
        self.ensure_one()
        created = rows.filtered("is_created")
        named = self._load_named()
        for row in rows - created:
            self._restore(row, named)
        if created:
            self._delete_records(created)
        self._withdraw_consents(rows.filtered(lambda row: row.state == UNDONE))
        self.env.flush_all()

    # === WHAT WAS CHANGED ===#

    def _restore(self, row, named):
        """A value that is still the file's becomes what it was before."""
        record = row.env[row.res_model].browse(row.res_id).exists()
        old_vals = dict(row.old_vals or {})
        old_vals.pop(CONSENT, None)
        if old_vals.pop("is_new_key", False):
            self._forget_key(row)
        added = old_vals.pop(ADDED, {})
        if record:
            self._take_off(row, record, added)
            kept = {
                fname: value
                for fname, value in old_vals.items()
                if self._is_still(row, record, fname, named)
            }
            self._write_back(record, kept)
        row.write({"state": UNDONE, "reason": False})

    def _take_off(self, row, record, added):
        """Take off the lines and tags that a row added, but those in use since.

        :param added: ``{field: ids}``
        """
        for fname, ids in added.items():
            lines = record[fname].filtered(lambda line, ids=ids: line.id in ids)
            if record._fields[fname].type == "many2many":
                record[fname] -= lines
                continue
            made_at = dict.fromkeys(lines.ids, row.made_at)
            if lines._name == "res.partner":
                used = self._get_used_partners(lines, made_at)
            else:
                used = {li.id for li in lines if self._is_touched(li, row.made_at)}
            lines.filtered(lambda line, used=used: line.id not in used).unlink()

    def _is_still(self, row, record, fname, named):
        """Whether nobody has changed a value since the file wrote it."""
        vals = {fname: row.vals.get(fname)}
        self._set_named(vals, named)
        return not record._is_changed_by_import(fname, vals[fname])

    def _write_back(self, record, vals):
        if vals:
            record.with_context(tracking_disable=True, **MIRROR_UNLOCKED).write(vals)

    def _forget_key(self, row):
        # sudo: what tells where a record came from is nobody's to write.
        keys = self.env["ir.model.data"].sudo()
        keys.search([("module", "=", MODULE), ("name", "=", row.key)]).unlink()

    # === WHAT WAS CREATED ===#

    def _delete_records(self, rows):
        model = rows.env[rows[0].res_model].with_context(active_test=False)
        records = model.browse(rows.mapped("res_id")).exists()
        made_at = {row.res_id: row.made_at for row in rows}
        if model._name == "res.partner":
            used = self._get_used_partners(records, made_at)
        else:
            used = {r.id for r in records if self._is_touched(r, made_at[r.id])}
        for row in rows:
            if row.res_id in used:
                row.write({"state": DONE, "reason": self._get_use_text()})
            else:
                row.write({"state": UNDONE, "reason": False})
        unused = records.filtered(lambda record: record.id not in used)
        if model._name == "res.partner":
            # Deleting a customer alone would leave their contacts without one.
            family = model.search([("id", "child_of", unused.ids)])
            (family - unused).unlink()
        unused.unlink()

    def _get_use_text(self):
        return self.env._(
            "It has been used or changed since it moved in, and stays as it is."
        )

    def _is_touched(self, record, made_at):
        """Whether somebody has written on a record after it moved in."""
        return record.write_date > made_at

    def _get_used_partners(self, partners, made_at):
        """Ids of those of ``partners`` whom somebody has changed, or made use of.

        A row of any table that links one of them, or one of their contacts, is a use,
        unless it came with them and is as it came; in a few statements for each
        such table.

        :param made_at: ``{id of a partner: when it was made}``
        """
        family = partners.search([("id", "child_of", partners.ids)])
        owner = {}
        for member in family:
            up = member
            while up.id not in made_at and up.parent_id:
                up = up.parent_id
            owner[member.id] = up.id
        used = {
            owner[member.id]
            for member in family
            if self._is_touched(member, made_at[owner[member.id]])
        }
        self.env.flush_all()
        members = [*owner]
        times = [made_at[owner[member_id]] for member_id in members]
        for link in self._get_links():
            found = self._read_uses(*link, members, times)
            used.update(owner[partner_id] for partner_id in found)
        return used

    def _get_links(self):
        """(table, column, whether it is dated) of all links to partners."""
        query = SQL(_LINKS, "res_partner")
        links = [
            link for link in self.env.execute_query(query) if link[0] not in _NO_USE
        ]
        return [*links, *((table, None, True) for table in _HANGING)]

    def _read_uses(self, table, column, is_dated, ids, times):
        """Ids of the partners ``ids`` that a table links from rows written later.

        :param times: when each of the partners was made
        """
        name = SQL.identifier("use", column or "res_id")
        where = [SQL("TRUE")]
        if column is None:
            where.append(SQL("%s = 'res.partner'", self._get_model_sql(table)))
        if is_dated:
            where.append(SQL("use.write_date > member.made_at"))
        if table == "res_partner":
            where.append(SQL("use.id <> ALL(%s::int[])", ids))
        query = SQL(
            """
            SELECT DISTINCT member.id
              FROM unnest(%s::int[], %s::timestamp[]) AS member(id, made_at)
              JOIN %s use ON %s = member.id
             WHERE %s
            """,
            ids,
            times,
            SQL.identifier(table),
            name,
            SQL(" AND ").join(where),
        )
        return [row[0] for row in self.env.execute_query(query)]

    def _get_model_sql(self, table):
        return SQL.identifier("model" if table == "mail_message" else "res_model")
