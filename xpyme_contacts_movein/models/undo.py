from collections import defaultdict, namedtuple

from odoo import models
from odoo.tools import SQL

from odoo.addons.xpyme_contacts.tools.inner import MIRROR_UNLOCKED

from .consents import CONSENT
from .kinds import ADDED, NEW_KEY, TOUCHED
from .row import DONE, MODULE, UNDONE

# What a row keeps beside the values of before.
NOTED = (ADDED, NEW_KEY, TOUCHED, CONSENT)
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


class Changes(namedtuple("Changes", "moments touched")):
    """When files have changed records, and which of them a person had by then.

    ``moments``: ``{id: times}``. What is written at the very time of a file is its own.
    """

    def is_touched(self, record, record_id, made_at):
        """Whether somebody has written on a record after it moved in.

        :param record_id: of the record whose moments hold
        """
        at = record.write_date
        is_later = at > made_at and at not in self.moments[record_id]
        return is_later or record_id in self.touched


class Movein(models.Model):
    """Taking back what a file has brought, as far as nobody has used it since."""

    _inherit = "xpyme.movein"

    def _undo(self, rows):
        """Delete what rows have created, and restore what they have changed."""
        self.ensure_one()
        created = rows.filtered("is_created")
        if changed := rows - created:
            self._restore(changed)
        if created:
            self._delete_records(created)
        self._withdraw_consents(rows.filtered(lambda row: row.state == UNDONE))
        self.env.flush_all()

    # === WHAT WAS CHANGED ===#

    def _restore(self, rows):
        """Values that are still the file's become what they were before."""
        named = self._load_named()
        known = rows.env[rows[0].res_model].browse(rows.mapped("res_id")).exists()
        records = {row: known.browse(row.res_id) & known for row in rows}
        self._forget_keys(rows.filtered(lambda row: (row.old_vals or {}).get(NEW_KEY)))
        self._take_off({row: record for row, record in records.items() if record})
        for row, record in records.items():
            old_vals = {
                fname: value
                for fname, value in (row.old_vals or {}).items()
                if fname not in NOTED and self._is_still(row, record, fname, named)
            }
            if record:
                self._write_back(record, old_vals)
        now = self.env.cr.now()
        rows.write({"state": UNDONE, "reason": False, "undone_at": now})

    def _take_off(self, records):
        """Take off the lines and tags that rows added, but those in use since.

        :param records: ``{row: record}``
        """
        lines = defaultdict(dict)
        for row, record in records.items():
            for fname, ids in (row.old_vals or {}).get(ADDED, {}).items():
                added = record[fname].filtered(lambda line, ids=ids: line.id in ids)
                if added and record._fields[fname].type == "many2many":
                    record[fname] -= added
                elif added:
                    lines[fname].update(dict.fromkeys(added, row.made_at))
        for made_at in lines.values():
            added = next(iter(made_at)).union(*made_at)
            times = {line.id: time for line, time in made_at.items()}
            used = self._get_used(added, times)
            added.filtered(lambda line, used=used: line.id not in used).unlink()

    def _is_still(self, row, record, fname, named):
        """Whether nobody has changed a value since the file wrote it."""
        vals = {fname: row.vals.get(fname)}
        self._set_named(vals, named)
        return bool(record) and not record._is_changed_by_import(fname, vals[fname])

    def _write_back(self, record, vals):
        if vals:
            record.with_context(tracking_disable=True, **MIRROR_UNLOCKED).write(vals)

    def _forget_keys(self, rows):
        # sudo: what tells where a record came from is nobody's to write.
        keys = self.env["ir.model.data"].sudo()
        domain = [("module", "=", MODULE), ("name", "in", rows.mapped("key"))]
        keys.search(domain).unlink()

    # === WHAT WAS CREATED ===#

    def _delete_records(self, rows):
        model = rows.env[rows[0].res_model].with_context(active_test=False)
        records = model.browse(rows.mapped("res_id")).exists()
        used = self._get_used(records, {row.res_id: row.made_at for row in rows})
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

    def _get_used(self, records, made_at):
        """Ids of those of ``records`` that somebody has changed, or made use of.

        :param made_at: ``{id of a record: when it was made}``
        """
        if records._name == "res.partner":
            return self._get_used_partners(records, made_at)
        changes = self._read_changes(records)
        return {
            record.id
            for record in records
            if changes.is_touched(record, record.id, made_at[record.id])
        }

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
        changes = self._read_changes(family, owner)
        used = {
            owner[member.id]
            for member in family
            if changes.is_touched(member, owner[member.id], made_at[owner[member.id]])
        }
        self.env.flush_all()
        members = [*owner]
        times = [made_at[owner[member_id]] for member_id in members]
        moments = [(m, at) for m in members for at in changes.moments[owner[m]]]
        for link in self._get_links():
            found = self._read_uses(*link, members, times, moments)
            used.update(owner[partner_id] for partner_id in found)
        return used

    def _read_changes(self, records, owner=None):
        """When this file, or one that was undone, has changed records: no use of them.

        :param owner: ``{id of a record: id of the one that it belongs to}``
        """
        self.env["xpyme.movein.row"].flush_model()
        query = SQL(
            """
            SELECT res_id, made_at, undone_at, COALESCE(old_vals ? %s, FALSE)
              FROM xpyme_movein_row
             WHERE res_model = %s AND res_id = ANY(%s) AND is_created IS NOT TRUE
               AND made_at IS NOT NULL AND (movein_id = %s OR state = %s)
            """,
            *(TOUCHED, records._name, records.ids, self.id, UNDONE),
        )
        changes = Changes(defaultdict(set), set())
        for record_id, made_at, undone_at, was_touched in self.env.execute_query(query):
            whose = owner[record_id] if owner else record_id
            changes.moments[whose].update(filter(None, (made_at, undone_at)))
            if was_touched:
                changes.touched.add(whose)
        return changes

    def _get_links(self):
        """(table, column, whether it is dated) of all links to partners."""
        query = SQL(_LINKS, "res_partner")
        links = [
            link for link in self.env.execute_query(query) if link[0] not in _NO_USE
        ]
        return [*links, *((table, None, True) for table in _HANGING)]

    def _read_uses(self, table, column, is_dated, ids, times, moments):
        """Ids of the partners ``ids`` that a table links from rows written later.

        :param times: when each of the partners was made
        :param moments: pairs of a partner and a time when a file has changed them
        """
        name = SQL.identifier("use", column or "res_id")
        where = [SQL("TRUE")]
        if column is None:
            where.append(SQL("%s = 'res.partner'", self._get_model_sql(table)))
        if is_dated:
            where.append(SQL("use.write_date > member.made_at"))
            where.append(
                SQL(
                    "(member.id, use.write_date) NOT IN ("
                    "SELECT * FROM unnest(%s::int[], %s::timestamp[]))",
                    [partner_id for partner_id, _at in moments],
                    [at for _partner_id, at in moments],
                )
            )
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
