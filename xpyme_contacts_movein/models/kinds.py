from collections import defaultdict

from odoo import Command, api, models
from odoo.tools import SQL

from odoo.addons.xpyme_contacts.tools.inner import MIRROR_UNLOCKED
from odoo.addons.xpyme_contacts.tools.names import same_name

from ..tools.targets import CUSTOMERS, NAMED, PRICES, get_targets
from .row import DONE, DUPLICATE, MIRROR, MODULE, PENDING

# Nobody is told, and no history is begun, of what moves in.
SILENT = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "mail_auto_subscribe_no_notify": True,
}
# What a row says that is no field by itself.
_NO_FIELDS = {
    *("account", "bank", "contacts", "leaves", "discounts", "advertising"),
    "alternative_code",
}
_TAGS = "category_id"
_STORABLE = str | int | float | bool | list | dict
# Where a row keeps the lines and tags that it added to a record, to undo it.
ADDED = "added"
# That a row knows a record again that had no key, and that a person had written on it.
NEW_KEY, TOUCHED = "is_new_key", "is_touched"
# What a card that is completed has of its own, filled or not.
_OWN = {"ref", "name", "vat", "is_company"}


class Movein(models.Model):
    """What becomes of a row: records, through the doors that everything passes."""

    _inherit = "xpyme.movein"

    # === ROWS ===#

    def _make(self, rows):
        """Create or change the records of rows, and write down what became of each."""
        self.ensure_one()
        company = {"xpyme_movein_company_id": self.company_id.id}
        rows = rows.with_context(**SILENT, **company)
        named = self._load_named()
        records, last = self._get_records(rows), self._read_last_vals(rows)
        self._create_records(rows.filtered(lambda row: row not in records), named)
        self._note_keys({row: rec for row, rec in records.items() if not row.res_id})
        moments = self._read_moments(records)
        for row, record in records.items():
            self._change_record(row, record, named, last.get(row.key), moments)
        self._note_consents(rows, last)
        # What is computed when it is stored knows the context, too.
        rows.env.flush_all()

    def _get_records(self, rows):
        """``{row: record}`` of those that change what is there already."""
        mirrors = rows.filtered(lambda row: row.verdict == MIRROR).partner_id
        found = mirrors._search_mirrors() if mirrors else mirrors
        mirror_by_card = {mirror.parent_id: mirror for mirror in found}
        records = {}
        for row in rows:
            record = rows.env[row.res_model].browse(row.res_id or ())
            if not record and row.verdict == MIRROR:
                record = mirror_by_card.get(row.partner_id, record)
            elif not record and self._completes_card(row):
                record = row.partner_id
            if record:
                records[row] = record
        return records

    def _completes_card(self, row):
        """Whether a row goes into the card that has its tax id already."""
        is_same = row.verdict == DUPLICATE and not row.is_chosen
        return is_same and self.duplicates == "update"

    def _create_records(self, rows, named):
        model = rows.env[self._get_kind_model(self.kind)]
        records = model._load_records(
            [
                {
                    "xml_id": f"{MODULE}.{row.key}",
                    "noupdate": True,
                    "values": self._prepare_vals(row, named),
                }
                for row in rows
            ]
        )
        is_partner = model._name == "res.partner"
        for row, record in zip(rows, records, strict=True):
            partner = record if is_partner else record.partner_id
            row.write(
                {
                    "state": DONE,
                    "res_id": record.id,
                    "partner_id": partner.id,
                    "is_created": True,
                    "made_at": self.env.cr.now(),
                }
            )

    # === VALUES ===#

    def _prepare_vals(self, row, named):
        """Values of the new record of a row.

        :param named: of ``_load_named``
        """
        vals = {k: v for k, v in row.vals.items() if v and k not in _NO_FIELDS}
        self._set_named(vals, named)
        if self.kind == CUSTOMERS:
            vals["customer_flag"] = True
            if row.code_number:
                vals["ref"] = str(row.code_number)
            if self.is_company_only:
                vals["company_id"] = self.company_id.id
            vals.update(self._prepare_lists(row.vals, named))
        elif row.res_model == "res.partner":
            vals["parent_id"] = row.partner_id.id
            vals.setdefault("type", "contact")
        else:
            vals["partner_id"] = row.partner_id.id
        if self.kind == PRICES:
            vals["company_id"] = self.company_id.id
        return vals

    def _prepare_lists(self, vals, named):
        """What a customer's row says that are records of their own.

        :param named: of ``_load_named``
        """
        lists = {}
        if vals.get("account"):
            bank_id = self._get_bank_id(vals.get("bank"), named)
            account = {"acc_number": vals["account"], "bank_id": bank_id}
            lists["bank_ids"] = [Command.create(account)]
        if vals.get("contacts"):
            lists["child_ids"] = [
                Command.create({k: v for k, v in person.items() if v})
                for person in vals["contacts"]
            ]
        if vals.get("leaves"):
            lists["leave_ids"] = [*map(Command.create, vals["leaves"])]
            lists["leave_ignore_year"] = True
        if vals.get("discounts"):
            lists["customer_discount_ids"] = [*map(Command.create, vals["discounts"])]
        if vals.get("alternative_code"):
            code = {"name": vals["alternative_code"]}
            lists["alternative_code_ids"] = [Command.create(code)]
        return lists

    # === WHAT IS KNOWN BY ITS NAME ===#

    def _get_named_fields(self):
        """Fields of customers whose record a file names."""
        return [
            target.code
            for target in get_targets(self.kind).values()
            if target.reading == NAMED
        ]

    def _split_named(self, fname, text):
        if fname != _TAGS:
            return [text]
        return [*filter(None, map(str.strip, text.replace("-", ",").split(",")))]

    def _read_named(self):
        """``{field: names}`` in the rows that are to be done."""
        names = defaultdict(set)
        for fname in self._get_named_fields():
            query = SQL(
                "SELECT DISTINCT vals ->> %s FROM xpyme_movein_row"
                " WHERE movein_id = %s AND state = %s",
                *(fname, self.id, PENDING),
            )
            for (text,) in self.env.execute_query(query):
                if text and text != "false":
                    names[fname].update(self._split_named(fname, text))
        return names

    def _load_named(self):
        """``{(field, name in small letters): id}`` of all that there is.

        Banks are known by their BIC too, as the field "bank".
        """
        named = {}
        for fname in self._get_named_fields():
            model = self.env["res.partner"]._fields[fname].comodel_name
            for record in self.env[model].search_fetch([], ["name"], order="id desc"):
                named[fname, record.name.lower()] = record.id
        banks = self.env["res.bank"].search_fetch([], ["name", "bic"], order="id desc")
        named.update({("bank", bank.name.lower()): bank.id for bank in banks})
        named.update(
            {("bank", bank.bic.lower()): bank.id for bank in banks if bank.bic}
        )
        return named

    def _make_named(self):
        """Routes, types, tags and banks that the file names and that are not there.

        Before the lanes begin: two of them would make the same twice.
        """
        named = self._load_named()
        for fname, names in self._read_named().items():
            field = self.env["res.partner"]._fields[fname]
            missing = sorted(n for n in names if (fname, n.lower()) not in named)
            unique = {name.lower(): name for name in missing}.values()
            model = self.env[field.comodel_name]
            model.create([self._prepare_named_vals(model, name) for name in unique])
        query = SQL(
            "SELECT DISTINCT vals -> 'bank' FROM xpyme_movein_row"
            " WHERE movein_id = %s AND state = %s AND vals ? 'bank'",
            *(self.id, PENDING),
        )
        for (bank,) in self.env.execute_query(query):
            bic, name = bank or ("", "")
            if (bic or name) and not self._get_bank_id(bank, named):
                new = self.env["res.bank"].create({"bic": bic, "name": name or bic})
                named["bank", (bic or name).lower()] = new.id

    def _prepare_named_vals(self, model, name):
        vals = {"name": name}
        if "code" in model._fields and model._fields["code"].required:
            vals["code"] = name[:10]
        return vals

    def _set_named(self, vals, named):
        """Ids in place of names; ``vals`` changes."""
        for fname in self._get_named_fields():
            if not vals.get(fname):
                continue
            names = self._split_named(fname, vals[fname])
            ids = [
                named[fname, n.lower()] for n in names if (fname, n.lower()) in named
            ]
            vals[fname] = [*map(Command.link, ids)] if fname == _TAGS else ids[0]

    @api.model
    def _get_bank_id(self, bank, named):
        """:param bank: pair of BIC and name, or nothing"""
        bic, name = bank or ("", "")
        return named.get(("bank", (bic or name or "").lower()), False)

    # === WHAT HAS COME IN BEFORE ===#

    def _note_keys(self, records):
        """Records that were there without a file are known again by their row.

        :param records: ``{row: record}``
        """
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": f"{MODULE}.{row.key}", "record": record, "noupdate": True}
                for row, record in records.items()
            ]
        )

    def _read_moments(self, records):
        """``{id of a record: times at which files have made or changed it}``.

        :param records: ``{row: record}``
        """
        self.env["xpyme.movein.row"].flush_model()
        ids = {record.id for record in records.values()}
        if self._get_kind_model(self.kind) == "res.partner":
            ids.update(record.parent_id.id for record in records.values())
        query = SQL(
            "SELECT res_id, made_at, undone_at FROM xpyme_movein_row"
            " WHERE res_model = %s AND res_id = ANY(%s)",
            *(self._get_kind_model(self.kind), [*filter(None, ids)]),
        )
        moments = defaultdict(set)
        for record_id, *times in self.env.execute_query(query):
            moments[record_id].update(times)
        return moments

    def _is_touched(self, record, moments):
        """Whether a person has written on a record since it came in.

        On a contact too: those that came with a customer came when the customer did.

        :param moments: of ``_read_moments``
        """
        family, known = record, moments[record.id]
        if record._name == "res.partner":
            family |= record.child_ids
            known = known | moments[record.parent_id.id]
        return any(member.write_date not in known for member in family)

    def _change_record(self, row, record, named, last, moments):
        """Write on a record what the file has changed since it last came in.

        What people have typed meanwhile stays, unless the file changes it too.

        :param last: what its row said when it came in last; None if it never did
        :param moments: of ``_read_moments``
        """
        old_vals = {} if row.res_id else {NEW_KEY: True}
        if changed := self._get_changed_vals(row, record, named, last):
            if self._is_touched(record, moments):
                old_vals[TOUCHED] = True
            old_vals.update(self._write_changes(record, changed))
            if row.verdict == MIRROR:
                record._become_mirrors()
        row.write(
            {
                "state": DONE,
                "res_id": record.id,
                "old_vals": self._as_json(old_vals),
                "made_at": self.env.cr.now(),
            }
        )

    def _write_changes(self, record, changed):
        """Write, and tell what undoes it."""
        old_vals = {
            fname: record._fields[fname].convert_to_write(record[fname], record)
            for fname in changed
            if not record._fields[fname].type.endswith("2many")
        }
        lists = {name: record[name].ids for name in changed.keys() - old_vals.keys()}
        record.with_context(**MIRROR_UNLOCKED).write(changed)
        old_vals[ADDED] = {
            name: [*{*record[name].ids} - {*ids}] for name, ids in lists.items()
        }
        return old_vals

    def _as_json(self, vals):
        """Dates as texts: a column of JSON has none."""
        return {k: v if isinstance(v, _STORABLE) else str(v) for k, v in vals.items()}

    def _read_last_vals(self, rows):
        """``{key: what the row of that key said when it came in last}``.

        By the key, not by the record: one card may have rows of several programs, or
        of customers that have been merged into it.
        """
        self.env["xpyme.movein.row"].flush_model()
        query = SQL(
            "SELECT DISTINCT ON (key) key, vals FROM xpyme_movein_row"
            " WHERE key = ANY(%s) AND state = %s ORDER BY key, id DESC",
            *(rows.mapped("key"), DONE),
        )
        return dict(self.env.execute_query(query))

    def _get_changed_vals(self, row, record, named, last):
        """What a row changes on a record.

        On one that has not come in before a blank cell changes nothing, and what is
        typed there stays; a mirror contact was made from its customer by itself.
        """
        given = row.vals
        if last is None:
            said = {k: v for k, v in given.items() if v and k not in _OWN}
        else:
            said = {k: v for k, v in given.items() if v != last.get(k, False)}
        vals = {k: v for k, v in said.items() if k in record._fields}
        self._set_named(vals, named)
        is_free = last is not None or row.verdict == MIRROR
        vals = {
            k: v
            for k, v in vals.items()
            if record._is_changed_by_import(k, v) and (is_free or not record[k])
        }
        if self.kind == CUSTOMERS:
            new_lists = self._get_new_lists(record, said)
            vals.update(self._prepare_lists(new_lists, named))
        return vals

    def _get_new_lists(self, record, said):
        """Of the lists that a row says, what the record does not have."""
        said = {k: said[k] for k in said if k in _NO_FIELDS}
        persons = said.get("contacts") or ()
        said["contacts"] = [
            person
            for person in persons
            if not any(same_name(person["name"], c.name) for c in record.contact_ids)
        ]
        for key, fname in (
            ("leaves", "leave_ids"),
            ("discounts", "customer_discount_ids"),
        ):
            if said.get(key) and record[fname]:
                said.pop(key)
        codes = record.alternative_code_ids.mapped("name")
        if said.get("alternative_code") in codes:
            said.pop("alternative_code")
        return said
