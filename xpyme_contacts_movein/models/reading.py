import base64
import json
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.xpyme_contacts.tools.inner import inner

from ..tools import headings as heads
from ..tools.converters import as_raw, as_text
from ..tools.table_files import open_tables
from ..tools.targets import CUSTOMERS, get_targets, get_words
from ..tools.unreadable import Unreadable
from .movein import DEFAULT_SOURCE

# Rows that are converted and stored together.
CHUNK = 2000
MAX_ROWS = 300_000
MAX_COLUMNS = 256
_SAMPLES = 3
_MAX_TOLD = 80
# What the file says of itself is stored: it is not read once more.
READ = inner("xpyme_movein_read")
_STORE = """
INSERT INTO xpyme_movein_row (
       movein_id, number, raw, vals, code, key, owner_key, code_number, customer, name,
       vat_key, zip, verdict, reason, note, res_model)
SELECT %(movein)s, number, raw, vals, code, key, owner_key, code_number, customer, name,
       vat_key, zip, verdict, reason, note, %(model)s
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS given(
       number int, raw jsonb, vals jsonb, code varchar, key varchar,
       owner_key varchar, code_number int, customer varchar, name varchar,
       vat_key varchar, zip varchar,
       verdict varchar, reason varchar, note varchar)
"""


class MoveinColumn(models.Model):
    """A column of a file, and what it is."""

    _name = "xpyme.movein.column"
    _description = "Column of a File to Move In"
    _technicians_only_read = True
    _order = "position"
    _rec_name = "heading"

    movein_id = fields.Many2one("xpyme.movein", required=True, ondelete="cascade")
    position = fields.Integer(readonly=True)
    heading = fields.Char(readonly=True)
    sample = fields.Char(string="For example", readonly=True)
    target = fields.Selection(
        selection="_get_target_labels",
        string="Is",
        help="What the column is. Left empty it does not come in.",
    )

    @api.model
    def _get_target_labels(self):
        """All targets of all kinds, with the words of the screens."""
        own = self.env["xpyme.movein"]._get_target_labels()
        known = self.env["res.partner"]._fields
        labels = {}
        for kind, _label in self.env["xpyme.movein"]._get_kinds():
            for code in get_targets(kind):
                if code in known and code not in own:
                    labels[code] = known[code]._description_string(self.env)
                else:
                    labels[code] = own.get(code, code)
        return sorted(labels.items(), key=lambda pair: pair[1])


class Movein(models.Model):
    """From the bytes of a file to rows of texts, each with what it says."""

    _inherit = "xpyme.movein"

    # === FILE ===#

    def _open_tables(self):
        """``{name: function}`` of the tables of the file.

        :raise UserError: it cannot be read
        """
        self.ensure_one()
        data = base64.b64decode(self.with_context(bin_size=False).file or b"")
        if not data and self.row_ids:
            raise UserError(
                self.env._(
                    "The file is kept no more, because somebody in it has been "
                    "forgotten. Bring it in again as a new file."
                )
            )
        try:
            return open_tables(data, self.file_name or "")
        except Unreadable as error:
            raise UserError(self._describe_unreadable(error)) from error

    def _describe_unreadable(self, error):
        texts = {
            "empty": self.env._("Nothing is in the file. Choose another one."),
            "broken": self.env._(
                "The file is damaged. Make it again with the old program."
            ),
            "bomb": self.env._(
                "The file unpacks to more than a program of customers writes. Bring "
                "the table of the customers alone."
            ),
            "path": self.env._(
                "The archive holds the file %s, whose path leads out of it. Make it "
                "again with the table alone.",
                error.detail,
            ),
            "password": self.env._(
                "The archive has a password. Make it again without one."
            ),
            "deep": self.env._(
                "There are archives within archives in the file. Bring the table alone."
            ),
            "entities": self.env._(
                "The XML declares a document type, which is not read. Take its first "
                "lines, with DOCTYPE, out."
            ),
            "wide": self.env._(
                "The table has more than %s columns. Take out those that are not of "
                "customers.",
                MAX_COLUMNS,
            ),
            "long": self.env._(
                "The table has too many rows to be read at once. Cut it in two."
            ),
            "quotes": self.env._(
                "A quotation mark that is opened near line %s of the file is not "
                "closed. Close it, or take it out.",
                error.detail,
            ),
            "cut": self.env._(
                "The table says that it has %s rows, and holds fewer: it was cut off. "
                "Copy it again from the old program.",
                error.detail,
            ),
            "large": self.env._(
                "The sheet is too large to be read. Save it as text (csv)."
            ),
        }
        return texts.get(error.why) or self.env._(
            "This is no table that can be read. Bring text (csv), a spreadsheet (xlsx, "
            "xls, ods), dBase (dbf) or XML."
        )

    def _iter_table(self):
        """Rows of the table of the file that is meant.

        :raise UserError: there are several, and it is not said which
        """
        tables = self._open_tables()
        table = tables.get(self.part) or (len(tables) == 1 and [*tables.values()][0])
        if not table:
            raise UserError(
                self.env._(
                    "The file holds several tables: %s. Type which one is meant.",
                    ", ".join([*tables][:10]),
                )
            )
        try:
            yield from table()
        except Unreadable as error:
            raise UserError(self._describe_unreadable(error)) from error

    # === COLUMNS ===#

    def _read_columns(self):
        """Propose what each column is, by a layout or by the words of its heading.

        A layout says also what the file holds, unless that is chosen already.
        """
        for job in self:
            # What somebody has typed is theirs; what a layout has proposed is not.
            is_typed = job.source not in (DEFAULT_SOURCE, job.layout_id.source)
            job.column_ids.unlink()
            job.layout_id = False
            if job.file:
                job._choose_table()
                job._propose_columns(is_typed)

    def _choose_table(self):
        """Of several tables the one whose layout is known, if there is only one."""
        tables = self._open_tables()
        vals = {"parts": [*tables]}
        if self.part not in tables:
            known = [name for name, rows in tables.items() if self._find_layout(rows)]
            vals["part"] = known[0] if len(known) == 1 else False
            if len(tables) == 1:
                vals["part"] = [*tables][0]
        self.with_context(**READ).write(vals)

    def _find_layout(self, rows):
        layouts = self.env["xpyme.movein.layout"]
        try:
            first = [*islice(rows(), heads.HIGHEST)]
        except Unreadable:
            first = []
        found = (
            layouts._find(map(as_text, row), self._get_chosen_kind()) for row in first
        )
        return next(filter(None, found), layouts)

    def _get_chosen_kind(self):
        """What the file holds, if somebody has said so: it begins as customers."""
        return self.kind if self.kind != CUSTOMERS else None

    def _get_known_headings(self):
        layouts = self.env["xpyme.movein.layout"].search([("kind", "=", self.kind)])
        return get_words(self.kind).keys() | layouts._get_words().keys()

    def _propose_columns(self, is_typed):
        """
        :param is_typed: somebody has said which program it is
        """
        if self.has_parts and not self.part:
            return
        headings, below = self._read_headings()
        layouts = self.env["xpyme.movein.layout"]
        layout = layouts._find(headings, self._get_chosen_kind())
        vals = {"layout_id": layout.id}
        if layout:
            vals["kind"] = layout.kind
            if not is_typed:
                vals["source"] = layout.source
            if self.codes == "keep":
                vals["codes"] = layout.codes
        self.with_context(**READ).write(vals)
        words = layout._get_words() or get_words(self.kind)
        targets = heads.recognise(headings, words, guess=not layout)
        self.column_ids = [
            fields.Command.create(
                {
                    "position": position,
                    "heading": heading,
                    "sample": self._get_sample(below, position),
                    "target": targets[position],
                }
            )
            for position, heading in enumerate(headings)
        ]

    def _read_headings(self):
        """The headings of the table, and some rows below them.

        :raise UserError: there are none, or too many
        """
        rows = [*islice(self._iter_table(), heads.HIGHEST + _SAMPLES)]
        known = self._get_known_headings()
        place = heads.find_headings(rows, known)
        if place is None:
            raise UserError(self._describe_unreadable(Unreadable("empty")))
        if not heads.count_known(rows[place], known):
            self._check_headings(rows[place])
        if len(rows[place]) > MAX_COLUMNS:
            raise UserError(self._describe_unreadable(Unreadable("wide")))
        return heads.name_columns(rows[place]), rows[place + 1 :]

    def _check_headings(self, row):
        """:raise UserError: the row that would be the headings is one of data"""
        if heads.looks_like_data(row):
            raise UserError(
                self.env._(
                    "The file has no headings: it begins with “%s”. Write above it "
                    "what each column is.",
                    " · ".join(filter(None, map(as_text, row)))[:_MAX_TOLD],
                )
            )

    @api.model
    def _get_sample(self, rows, position):
        cells = (as_text(row[position]) for row in rows if position < len(row))
        return " · ".join([cell for cell in cells if cell][:_SAMPLES])[:100]

    def action_save_layout(self):
        """Keep what the columns are for the next files with the same headings."""
        self._check_may_move()
        for job in self:
            known = job.column_ids.filtered("target")
            job.layout_id = self.env["xpyme.movein.layout"].create(
                {
                    "name": job.name,
                    "source": job.source,
                    "kind": job.kind,
                    "codes": job.codes,
                    "code_begins": job.layout_id.code_begins,
                    "sequence": 5,
                    "signature": ",".join(known.mapped("heading")),
                    "columns": {column.heading: column.target for column in known},
                }
            )
            job.layout_id._learn(job.word_ids)
        return True

    # === ROWS ===#

    def _read_rows(self):
        """Store the rows of the file, converted; those of before go.

        :raise UserError: there is none, or no column is known
        """
        self.ensure_one()
        self._check_columns()
        self._drop_rows()
        convert = self._get_converter()
        rows, count = self._iter_data(), 0
        model = self._get_kind_model(self.kind)
        while chunk := [*islice(rows, CHUNK)]:
            count += len(chunk)
            if count > MAX_ROWS:
                raise UserError(self._describe_unreadable(Unreadable("long")))
            given = [
                {"number": number, "raw": raw, **convert(cells)}
                for number, raw, cells in chunk
            ]
            query = SQL(_STORE, movein=self.id, rows=json.dumps(given), model=model)
            self.env.cr.execute(query)
        self.env["xpyme.movein.row"].invalidate_model()
        self._keep_words(convert.words, convert.found)
        if not count:
            raise UserError(
                self.env._("The file has headings and no rows. Choose another one.")
            )

    def _check_columns(self):
        """:raise UserError: the column that a row cannot do without is not known"""
        known = set(self.column_ids.mapped("target"))
        if not self.column_ids:
            raise UserError(self.env._("Choose a file first."))
        if self.kind == CUSTOMERS and not known & {"name", "trade_name"}:
            raise UserError(
                self.env._(
                    "It is not known which column is the customer's name. Say so in "
                    "the list of columns."
                )
            )
        if self.kind != CUSTOMERS and not known & {"customer", "vat"}:
            raise UserError(
                self.env._(
                    "It is not known which column says whose each row is: the "
                    "customer's code, or their tax ID. Say so in the list of columns."
                )
            )

    def _iter_data(self):
        """Line of the file, its texts, and ``{target: its cells}`` of each row."""
        columns = self.column_ids.sorted("position")
        places = [(column.position, column.target) for column in columns]
        known, begun = self._get_known_headings(), 0
        wanted = [heads.fold(column.heading) for column in columns]
        for number, row in enumerate(self._iter_table(), 1):
            if not begun:
                named = map(heads.fold, heads.name_columns(row))
                begun = number if [*named] == wanted else 0
                continue
            raw = [as_raw(cell) for cell in row[:MAX_COLUMNS]]
            is_below = number <= begun + heads.HIGHEST
            if not any(raw) or is_below and heads.repeats_headings(raw, known):
                continue
            cells = {}
            for position, target in places:
                if target and position < len(row):
                    cells.setdefault(target, []).append(row[position])
            yield number, raw, cells

    # === WORDS ===#

    def _get_target_label(self, code):
        """What people call a target."""
        own = self._get_target_labels()
        partner = self.env["res.partner"]._fields
        if code in own or code not in partner:
            return own.get(code, code)
        return partner[code]._description_string(self.env)

    @api.model
    def _get_target_labels(self):
        """Words for targets that are no field of a partner, or have another name."""
        labels = {
            "code": self.env._("Code"),
            "customer": self.env._("Code of its customer"),
            "vat": self.env._("Tax ID"),
            "name": self.env._("Name"),
            "surname": self.env._("Surnames"),
            "is_active": self.env._("Is a customer still"),
            "property_payment_term_id": self.env._("Terms of payment"),
            "property_product_pricelist": self.env._("Tariff"),
            "user_id": self.env._("Representative"),
            "state_number": self.env._("State, 3 for one who has left"),
            "activity": self.env._("Trade"),
            "address_type": self.env._("Kind of address"),
            "advertising": self.env._("Agrees to advertising"),
            "iban": self.env._("IBAN or account"),
            "bic": self.env._("Swift code"),
            "bank_name": self.env._("Name of the bank"),
            "bank_entity": self.env._("Account: entity"),
            "bank_branch": self.env._("Account: branch"),
            "bank_digits": self.env._("Account: check digits"),
            "bank_account": self.env._("Account: number"),
            "leave_from": self.env._("Leave, first day"),
            "leave_to": self.env._("Leave, last day"),
            "leaves": self.env._("The leave"),
            "discounts": self.env._("The discount"),
            "product": self.env._("Article"),
            "min_price": self.env._("Minimum price"),
            "special_discount": self.env._("Special discount of the article"),
            "family": self.env._("Family"),
            "discount": self.env._("Discount"),
            "date_from": self.env._("From"),
            "date_to": self.env._("To"),
            "reason": self.env._("Reason"),
        }
        for number in range(1, 7):
            labels[f"price_{number}"] = self.env._("Price %s", number)
            labels[f"pvp_{number}"] = self.env._("Price %s with tax", number)
        for number in range(1, 6):
            labels[f"contact_{number}_name"] = self.env._("Contact %s", number)
            labels[f"contact_{number}_phone"] = self.env._(
                "Telephone of contact %s", number
            )
            labels[f"contact_{number}_email"] = self.env._(
                "E-mail of contact %s", number
            )
        for number in range(1, 4):
            labels[f"payment_day_{number}"] = self.env._("Payment day %s", number)
            labels[f"discount_{number}"] = self.env._("Discount %s", number)
        return labels
