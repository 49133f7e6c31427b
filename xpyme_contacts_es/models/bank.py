from schwifty.exceptions import SchwiftyException

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base_iban.models.res_partner_bank import pretty_iban
from odoo.addons.xpyme_contacts.tools.bank import clean_account, iban_country
from odoo.addons.xpyme_contacts.tools.plain_text import storable

from ..tools import ccc

# In the order of the digits.
PARTS = (
    "bank_entity_code",
    "bank_branch_code",
    "bank_check_digits",
    "bank_account_digits",
)


class ResPartnerBank(models.Model):
    """A Spanish account by its digits (seed 004, Banco: Entidad, Sucursal, DC, Cuenta).

    Each number that is stored goes through ``_with_iban()``, wherever it comes from.
    """

    _inherit = "res.partner.bank"

    bank_entity_code = fields.Char(
        "Entity", size=4, compute="_compute_parts", readonly=False
    )
    bank_branch_code = fields.Char(
        "Branch", size=4, compute="_compute_parts", readonly=False
    )
    bank_check_digits = fields.Char(
        "DC",
        size=2,
        compute="_compute_parts",
        readonly=False,
        help="Check digits: left empty they are reckoned.",
    )
    bank_account_digits = fields.Char(
        "Account", size=10, compute="_compute_parts", readonly=False
    )
    is_spanish_account = fields.Boolean(compute="_compute_is_spanish_account")

    @api.depends("acc_number")
    def _compute_parts(self):
        for account in self:
            account.update(dict(zip(PARTS, ccc.split(account.acc_number), strict=True)))

    @api.depends("partner_id.country_id", "acc_number")
    @api.depends_context("company")
    def _compute_is_spanish_account(self):
        for account in self:
            country = iban_country(account.acc_number)
            account.is_spanish_account = (
                country == "ES" if country else account._is_held_in_spain({})
            )

    # === THE ONE DOOR ===#

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_iban(vals) for vals in vals_list])

    def write(self, vals):
        if len(self) > 1 and not vals.keys().isdisjoint(PARTS):
            return all([account.write(vals) for account in self])
        return super().write(self._with_iban(vals))

    def _with_iban(self, vals):
        """The values, with the IBAN in place of the parts, or of the twenty digits.

        :raise ValidationError: digits of no account, or a wrong Spanish IBAN
        """
        vals = storable(vals, self._fields)
        typed = {part: vals[part] for part in PARTS if part in vals}
        vals = {name: vals[name] for name in vals if name not in PARTS}
        if "sanitized_acc_number" in vals:  # as core takes it
            vals["acc_number"] = vals.pop("sanitized_acc_number")
        number = vals.get("acc_number")
        if number and ccc.is_typed(number) and self._is_held_in_spain(vals):
            self._check_digits(*ccc.split(number))
            vals["acc_number"] = pretty_iban(ccc.to_iban(number))
        elif number and ccc.is_slip(number) and self._is_held_in_spain(vals):
            self._refuse_slip(number)
        elif iban_country(number) == "ES" and self.env.company._is_taxed_in_spain():
            # elsewhere those of customers are, and others as core has them
            self._check_spanish_iban(number)
        if any(typed.values()):
            iban = self._join_parts(typed, vals.get("acc_number"))
            if number and clean_account(vals["acc_number"]) != iban:
                raise ValidationError(
                    self.env._(
                        "%(number)s is another account than that of the digits typed: "
                        "leave one of them empty.",
                        number=number,
                    )
                )
            vals["acc_number"] = pretty_iban(iban)
        return vals

    @api.model
    def _refuse_slip(self, number):
        """:raise ValidationError: a digit or two too few or too many"""
        raise ValidationError(
            self.env._(
                "A Spanish account has twenty digits, and %(number)s has %(count)s: "
                "check them. Type an account abroad with the letters of its IBAN.",
                number=number,
                count=len(clean_account(number)),
            )
        )

    def _join_parts(self, typed, number):
        """The IBAN of the parts that are typed, the others being those of ``number`` or
        of the account. Check digits that are not typed are reckoned."""
        known = dict(zip(PARTS, ccc.split(number or self[:1].acc_number), strict=True))
        entity, branch, check, account = (
            clean_account(typed.get(part, known[part])) for part in PARTS
        )
        if not typed.get("bank_check_digits"):
            check = self._reckon_check_digits(entity, branch, account)
        self._check_digits(entity, branch, check, account)
        return ccc.to_iban(f"{entity}{branch}{check}{account}")

    @api.model
    def _reckon_check_digits(self, entity, branch, account):
        """:raise ValidationError: digits are missing, or are none"""
        digits = f"{entity}{branch}00{account}"
        lengths = tuple(map(len, (entity, branch, "00", account)))
        if lengths != ccc.LENGTHS or not ccc.is_typed(digits):
            raise ValidationError(
                self.env._(
                    "A Spanish account has four digits of the entity, four of the "
                    "branch and ten of the account: check “%(entity)s”, “%(branch)s” "
                    "and “%(account)s”.",
                    entity=entity,
                    branch=branch,
                    account=account,
                )
            )
        return ccc.get_check_digits(entity, branch, account)

    @api.model
    def _check_digits(self, entity, branch, check, account):
        """:raise ValidationError: the DC is another one"""
        wanted = self._reckon_check_digits(entity, branch, account)
        if check != wanted:
            raise ValidationError(
                self.env._(
                    "The check digits of account %(entity)s %(branch)s %(account)s are "
                    "not “%(check)s”: check the number, or leave the DC empty.",
                    entity=entity,
                    branch=branch,
                    account=account,
                    check=check,
                )
            )

    @api.model
    def _check_spanish_iban(self, number):
        """:raise ValidationError: too short, too long or with wrong check digits"""
        parts = ccc.split(number)
        if not any(parts) or ccc.to_iban("".join(parts)) != clean_account(number):
            raise ValidationError(
                self.env._(
                    "%(number)s is not a valid Spanish IBAN: type ES and 22 digits, as "
                    "they stand on the bank's papers.",
                    number=number,
                )
            )
        self._check_digits(*parts)

    def _is_held_in_spain(self, vals):
        """Whether the holder lives in Spain, or the company if that is not known."""
        holder_id = vals.get("partner_id") or self.env.context.get("default_partner_id")
        holder = self.env["res.partner"].browse(holder_id) or self[:1].partner_id
        # sudo: the country only, of a holder whose account the user enters.
        country = holder.sudo().country_id or self.env.company.country_id
        return country.code == "ES"

    def _search_acc_number(self, operator, value):
        """An account is found by its twenty digits too."""
        if isinstance(value, str) and ccc.is_typed(value):
            operator = "not in" if operator.startswith(("not", "!")) else "in"
            value = [value]
        if operator in ("in", "not in"):
            typed = [number for number in value if number and ccc.is_typed(number)]
            value = [*value, *map(ccc.to_iban, typed)]
        return super()._search_acc_number(operator, value)

    # === THE BANK OF THE ENTITY ===#

    def _add_bank_vals(self, vals):
        """A domestic number of another country says nothing about the bank, and leaves
        the one that was chosen."""
        if not iban_country(vals.get("acc_number")):
            return vals
        return super()._add_bank_vals(vals)

    @api.model
    def _get_bank_from_iban(self, acc_number):
        """Without a bank where the library stumbles over the number."""
        try:
            return super()._get_bank_from_iban(clean_account(acc_number))
        except SchwiftyException:
            return self.env["res.bank"]

    # === ON THE SCREEN ===#

    @api.onchange("acc_number", "acc_type")
    def _onchange_acc_number_base_bank_from_iban(self):
        number = self.acc_number
        if ccc.is_typed(number) and self._is_held_in_spain({}):
            entity, branch, check, account = ccc.split(number)
            if ccc.get_check_digits(entity, branch, account) == check:
                self.acc_number = pretty_iban(ccc.to_iban(number))
        elif iban_country(number):
            self.acc_number = pretty_iban(clean_account(number))
        return super()._onchange_acc_number_base_bank_from_iban()

    @api.onchange(*PARTS)
    def _onchange_parts(self):
        """The number follows the parts as soon as they are complete.

        Not where they have just followed it: a slip in a number is told on saving.
        """
        parts = [clean_account(self[part]) for part in PARTS]
        if parts == list(map(clean_account, ccc.split(self.acc_number))):
            return None
        entity, branch, check, account = parts
        lengths = tuple(map(len, (entity, branch, check or "00", account)))
        if lengths != ccc.LENGTHS or not ccc.is_typed(f"{entity}{branch}00{account}"):
            return None
        wanted = ccc.get_check_digits(entity, branch, account)
        old = ccc.split(self.acc_number)
        if check and check != wanted and check != old[2]:
            message = self.env._(
                "The check digits of this account are not “%(check)s”: check the "
                "number, or leave the DC empty.",
                check=check,
            )
            return {"warning": {"title": self.env._("DC"), "message": message}}
        self.acc_number = pretty_iban(ccc.to_iban(f"{entity}{branch}{wanted}{account}"))
        return None
