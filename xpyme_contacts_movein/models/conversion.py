"""What the cells of a row say, as values of a customer: no statement for a row."""

from collections import Counter

from babel import Locale

from odoo.exceptions import ValidationError
from odoo.tools.mail import plaintext2html

from odoo.addons.xpyme_contacts.tools import code_format, pay_days, tax_id
from odoo.addons.xpyme_contacts.tools.mailboxes import normalise_mailbox
from odoo.addons.xpyme_contacts.tools.names import join_name, name_key

from ..tools import converters as conv
from ..tools.headings import fold
from ..tools.targets import COUNT, DATE, FLAG, NAMED, NUMBER, TEXT, get_targets
from .conversion_of_banks import BankConverter
from .row import REJECT

_MONTHS_OF_LEAVE = 2024  # a leap year: the leaves of programs have no year
_MAX_NOTE = 500
_MAX_SHOWN = 100
_NORMALISE = {"CL": tax_id.normalise_rut, "ES": tax_id.normalise_nif}
# A customer's trade (giro), where Chile's localisation is installed.
_ACTIVITY = "l10n_cl_activity_description"


class Rejected(Exception):
    """A row does not come in, with the sentence that says why."""


class CustomerConverter(BankConverter):
    """Converts the rows of one file.

    What it needs of the database is read once. A mapped cell that is blank is False in
    the values: on a record that has come in before, it has been emptied.
    """

    def __init__(self, job):
        self.job = job
        self.env = job.env
        self.kind = job.kind
        self.begins = job.layout_id.code_begins or ""
        self.targets = get_targets(job.kind)
        self.partners = job.env["res.partner"]
        self.model = job.env[job._get_kind_model(job.kind)]
        self.company_country = job.company_id.sudo().country_id
        self.mapped = set(job.column_ids.mapped("target"))
        self.countries = self._load_countries()
        self.states = self._load_states()
        self.found = job._load_found()
        self.words = {target: Counter() for target in self.found}
        self.checked = {}

    def __call__(self, cells):
        """The columns of a row in the staging table.

        :param cells: ``{target: list of cells}``
        """
        self.cells, self.notes, self.vals = cells, [], {}
        row = {}
        try:
            row = self._convert()
        except Rejected as error:
            row.update(verdict=REJECT, reason=str(error))
        vat = self.vals.get("vat") or ""
        return {
            "vals": self.vals,
            "code": self.get("code") or None,
            "name": (self.vals.get("name") or self.get("name"))[:200] or None,
            "zip": self.vals.get("zip") or None,
            "vat_key": tax_id.get_key(vat) or None,
            "note": " ".join(self.notes)[:_MAX_NOTE] or None,
            **row,
        }

    # === CELLS ===#

    def get(self, target):
        """The text of a target: of the first of its columns that is not blank."""
        texts = map(conv.as_text, self.cells.get(target, ()))
        return next(filter(None, texts), "")

    def note(self, text):
        self.notes.append(text)

    def reject(self, text):
        raise Rejected(text)

    def parse(self, target, function):
        """What ``function`` reads in a cell.

        :raise Rejected: it is not what the column is
        """
        cells = self.cells.get(target, ())
        cell = next((cell for cell in cells if conv.as_text(cell)), None)
        try:
            return function(cell)
        except ValueError:
            return self.reject(
                self.env._(
                    "“%(text)s” in the column %(column)s cannot be read. Correct it, "
                    "or leave the cell blank.",
                    text=self.get(target)[:_MAX_SHOWN],
                    column=self.job._get_target_label(target),
                )
            )

    def _convert(self):
        self._convert_plain()
        return getattr(self, f"_convert_{self.kind}")()

    def _convert_plain(self):
        """Targets that are fields and are read by themselves."""
        readings = {
            TEXT: conv.as_text,
            DATE: lambda cell: conv.as_date(cell),
            NUMBER: conv.as_number,
            COUNT: conv.as_count,
            FLAG: conv.as_flag,
            NAMED: conv.as_text,
        }
        for code, target in self.targets.items():
            if code not in self.mapped or target.reading not in readings:
                continue
            value = self.parse(code, readings[target.reading])
            if target.reading == DATE and value:
                value = value.isoformat()
            if not self.is_stored(code):
                if value:
                    self.note(self._describe_missing(code))
                continue
            self.vals[code] = value or False

    def is_stored(self, code):
        """Whether there is a field for a target; first contacts have computed ones."""
        return code in self.model._fields

    def _describe_missing(self, code):
        return self.env._(
            "%s is left out: the addon that knows it is not installed.",
            self.job._get_target_label(code),
        )

    # === CUSTOMERS ===#

    def _convert_customers(self):
        vals = self.vals
        vals["name"] = join_name(self.get("name"), self.get("surname"), "")
        vals["name"] = vals["name"] or self.get("trade_name")
        if not vals["name"]:
            self.reject(
                self.env._("The customer has no name. Type it in the column of names.")
            )
        self._add_place()
        self._add_tax_id()
        self._add_phones()
        self._add_mailboxes()
        self._add_comment()
        self._add_bank()
        self._add_agreements()
        self._add_found()
        self._add_persons()
        self._add_marks()
        vals["is_company"] = self._is_company()
        return self._get_customer_code()

    def _get_customer_code(self):
        code = code_format.normalise(self.get("code"))
        self._check_account_code(code)
        key = code or self._get_key_without_code()
        number = code_format.parse(code)
        if code and self.job.codes == "keep":
            if not number:
                self.reject(
                    self.env._(
                        "“%(code)s” is no customer code, which is a whole number from "
                        "1 to %(highest)s. Correct it, or have new codes given.",
                        code=code,
                        highest=code_format.HIGHEST,
                    )
                )
            self.vals["ref"] = str(number)
        elif code:
            self.vals["alternative_code"] = code
            number = 0
        return {
            "code": key,
            "key": self.job._get_key(self.kind, key),
            "code_number": number or None,
        }

    def _check_account_code(self, code):
        """:raise Rejected: the table is of all accounts, and this is no customer's"""
        if not code.startswith(self.begins):
            self.reject(
                self.env._(
                    "“%(code)s” is no customer's account: theirs begin with "
                    "%(begins)s. Leave it out.",
                    code=code,
                    begins=self.begins,
                )
            )

    def _get_key_without_code(self):
        """What a row is known by that has no code."""
        if key := tax_id.get_key(self.vals.get("vat") or ""):
            return f"id {key}"
        return (
            f"name {name_key(self.vals['name'])} {self.vals.get('zip') or ''}".strip()
        )

    def _is_company(self):
        """Whether the tax id is no person's."""
        key = tax_id.get_key(self.vals.get("vat") or "")
        if self._get_country().code == "CL" and key:
            return tax_id.is_rut_of_company(self.vals["vat"])
        return not key or key[0] in "ABCDEFGHJNPQRSUVW"

    # === PLACE AND TAX ID ===#

    def _load_countries(self):
        """``{folded name or code: country}``, in Spanish whatever is installed."""
        countries, spanish = {}, Locale("es").territories
        for country in self.env["res.country"].with_context(lang="en_US").search([]):
            for word in (country.name, country.code, spanish.get(country.code, "")):
                countries[fold(word)] = country
        countries.pop("", None)
        return countries

    def _load_states(self):
        """``{(country id, folded name or code): state}``, with all its names."""
        states = {}
        for state in self.env["res.country.state"].search([]):
            country = state.country_id
            words = [state.name, *state.name.replace("(", "/").strip(")").split("/")]
            for word in (*words, state.code, state.code.rpartition("-")[2]):
                states.setdefault((country.id, fold(word)), state)
            xml_id = state.get_external_id()[state.id] if country.code == "CL" else ""
            if xml_id.startswith("base.state_cl_"):
                states[country.id, str(int(xml_id[-2:]))] = state
        return states

    def _get_country(self):
        country_id = self.vals.get("country_id")
        if country_id:
            return self.env["res.country"].browse(country_id)
        return self.company_country

    def _add_zip(self):
        """A sheet has taken the zero from the beginning of 08013."""
        code = self.vals.get("zip") or ""
        if len(code) == 4 and code.isdigit() and self._get_country().code == "ES":
            self.vals["zip"] = f"0{code}"

    def _add_place(self):
        if "country_id" in self.mapped:
            country = self._find_country(self.get("country_id"))
            self.vals["country_id"] = country.id if country else False
        self._add_zip()
        if "state_id" in self.mapped:
            text = self.get("state_id")
            state = text and self._find_state(text)
            if text and not state:
                self.note(
                    self.env._("The province %s is not known: it is left out.", text)
                )
            self.vals["state_id"] = state.id if state else False

    def _find_country(self, text):
        """:raise Rejected: there is none"""
        word = fold(text)
        if not word:
            return None
        found = self.countries.get(word)
        if not found and len(word) > 3:
            begun = {c for name, c in self.countries.items() if name.startswith(word)}
            found = begun.pop() if len(begun) == 1 else None
        if not found:
            self.reject(
                self.env._(
                    "There is no country %s. Correct it, or leave the cell blank.", text
                )
            )
        return found

    def _find_state(self, text):
        country = self._get_country()
        code = country.code == "ES" and conv.get_spanish_province(text)
        word = fold(code or text)
        number = word.lstrip("0") if word.isdigit() else word
        return self.states.get((country.id, word)) or self.states.get(
            (country.id, number)
        )

    def _add_tax_id(self):
        """The tax id as it is stored.

        :raise Rejected: it is wrong for its country
        """
        if "vat" not in self.mapped:
            return
        number, country = self.get("vat"), self._get_country()
        if tax_id.is_missing(number):
            self.vals["vat"] = False
            return
        normalise = _NORMALISE.get(country.code, tax_id.clean_tax_id)
        self.vals["vat"] = normalise(number)
        known = (country.id, self.vals["vat"])
        if known not in self.checked:
            self.checked[known] = self._is_tax_id(*known)
        if not self.checked[known]:
            self.reject(
                self.env._(
                    "The tax ID %(number)s is not valid in %(country)s. Check its "
                    "digits.",
                    number=number,
                    country=country.name,
                )
            )

    def _is_tax_id(self, country_id, number):
        country = self.env["res.country"].browse(country_id)
        if not country:
            return True  # no country has a rule for it
        if country.code == "CL":
            return tax_id.is_rut(number)
        bare = number.removeprefix(country.code or "")
        if self.partners._check_vat_number(country.code, bare):
            return True
        try:
            # What it says of numbers of other countries takes statements.
            self.partners._run_vat_checks(country, number, partner_name="")
        except ValidationError:
            return False
        return True

    # === HOW THEY ARE REACHED ===#

    def _add_phones(self):
        """Several telephones in one cell go where there is room."""
        if "phone" not in self.mapped:
            return
        cells = self.cells.get("phone", ())
        phones = [phone for cell in cells for phone in conv.split_phones(cell)]
        self.vals["phone"] = phones[0] if phones else False
        room = [name for name in ("mobile", "phone2") if self.is_stored(name)]
        for phone in phones[1:]:
            free = [name for name in room if not self.vals.get(name)]
            if free:
                self.vals[free[0]] = phone
            else:
                self.note(self.env._("The telephone %s has no room.", phone))

    def _add_mailboxes(self):
        for target in ("email", "document_email"):
            if target not in self.mapped:
                continue
            words = self.get(target).replace(";", " ").replace(",", " ").split()
            good = [word for word in map(normalise_mailbox, words) if word]
            self.vals[target] = good[0] if good else False
            if len(good) > 1:
                self.note(self.env._("Of the e-mails the first is taken: %s.", good[0]))
            if words and not good:
                self.note(
                    self.env._(
                        "%s is no e-mail address: it is left out.", self.get(target)
                    )
                )

    def _add_comment(self):
        """Remarks of several columns are lines of one; a trade too, without a field."""
        texts = [conv.as_text(cell) for cell in self.cells.get("comment", ())]
        if "activity" in self.mapped and self.is_stored(_ACTIVITY):
            self.vals[_ACTIVITY] = self.get("activity") or False
        elif "activity" in self.mapped:
            texts.insert(0, self.get("activity"))
        if {"comment", "activity"} & self.mapped:
            text = "\n".join(dict.fromkeys(filter(None, texts)))
            self.vals["comment"] = text and str(plaintext2html(text)) or False

    def _add_persons(self):
        """Persons beyond the first contact, of programs that have several."""
        persons = []
        for number in range(1, 6):
            name = self.get(f"contact_{number}_name")
            if not name:
                continue
            email = normalise_mailbox(self.get(f"contact_{number}_email"))
            phone = self.get(f"contact_{number}_phone")
            persons.append({"name": name, "phone": phone, "email": email or ""})
        known = {name_key(self.vals.get("contact_name") or "")}
        self.vals["contacts"] = [
            person for person in persons if name_key(person["name"]) not in known
        ] or False

    # === AGREEMENTS, MARKS ===#

    def _add_agreements(self):
        cells = [self.get(f"payment_day_{number}") for number in (1, 2, 3)]
        days = [day for day in [self.get("payment_days"), *cells] if day.strip("0 ")]
        try:
            days = pay_days.parse(" ".join(days))
        except ValueError as error:
            self.note(self.env._("%s is no day of a month: it is left out.", error))
            days = []
        if {"payment_days", "payment_day_1"} & self.mapped:
            self.vals["payment_days"] = ", ".join(map(str, days)) or False
        self._add_leave()
        discounts = [
            {"name": f"DT{n}", "percent": self.parse(f"discount_{n}", conv.as_number)}
            for n in (1, 2, 3)
        ]
        discounts = [discount for discount in discounts if discount["percent"]]
        self._add_if_stored("customer_discount_ids", "discounts", discounts)

    def _add_found(self):
        """Terms, tariff and representative are those that are here already."""
        missing = []
        for target in self.found:
            if target not in self.mapped:
                continue
            word = self.get(target)
            if not word.strip("0"):  # a program's word for none
                self.vals[target] = False
                continue
            self.words[target][word] += 1
            self.vals[target] = self.found[target].get(fold(word), False)
            if not self.vals[target]:
                missing.append(f"{self.job._get_target_label(target)} {word}")
        if missing:
            self.note(self.job._tell_left_empty(missing))

    def _add_leave(self):
        first = self.parse("leave_from", conv.as_day)
        last = self.parse("leave_to", conv.as_day)
        leaves = []
        if first and last:
            year = _MONTHS_OF_LEAVE
            until = year + 1 if (last[1], last[0]) < (first[1], first[0]) else year
            day = min(last[0], 28) if (last[1], until % 4) == (2, 1) else last[0]
            leaves.append(
                {
                    "date_from": f"{year}-{first[1]:02}-{first[0]:02}",
                    "date_to": f"{until}-{last[1]:02}-{day:02}",
                }
            )
        self._add_if_stored("leave_ids", "leaves", leaves)

    def _add_if_stored(self, fname, key, rows):
        if rows and not self.is_stored(fname):
            self.note(self._describe_missing(key))
        elif rows:
            self.vals[key] = rows

    def _add_marks(self):
        if "is_active" in self.mapped and self.get("is_active"):
            self.vals["is_blocked"] = not self.parse("is_active", conv.as_flag)
        if self.get("state_number") == "3":  # FactuSOL's word for one who has left
            self.vals["is_blocked"] = True
        if self.get("advertising"):
            self.vals["advertising"] = self.parse("advertising", conv.as_flag)
