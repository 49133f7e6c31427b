from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import code_format
from ...tools.value_rule import ValueRule
from .free_codes import ALTERNATIVES, PARTNERS, Code


class ResPartner(models.Model):
    """The customer's code (seed 004, Fiscales › Código): a number from 1 to 999,999.

    Core's reference holds it as text, ``customer_code`` as a number. Every new customer
    gets the first free one; a typed one is judged when it changes, so that a database
    keeps the references it has from before. What is no code, or is an older customer's,
    has no number and is listed to be reviewed. References of suppliers and contacts are
    none of our business.
    """

    _inherit = "res.partner"

    # Who types over a code leaves a trace of it, as the windows that change codes do.
    ref = fields.Char(tracking=True)
    customer_code = fields.Integer(
        compute="_compute_customer_code",
        store=True,
        copy=False,
        aggregator=None,
        help="The customer's reference as a number from 1 to 999999, unique among the "
        "customers of a company.",
    )
    proposed_code = fields.Char(
        store=False,
        exportable=False,
        help="The code that a new card shows before it is saved. It reserves nothing: "
        "taken meanwhile, the next free one is given instead.",
    )
    code_needs_review = fields.Boolean(
        string="Code to Review",
        compute="_compute_code_needs_review",
        search="_search_code_needs_review",
        help="The reference of this customer is no number from 1 to 999999, or another "
        "customer has had it for longer.",
    )

    _customer_code_unique = models.UniqueIndex(
        "(customer_code, coalesce(company_id, 0)) WHERE customer_code > 0",
        "This customer code has just been given to another customer. Choose another "
        "one, or press the button beside it for the first free code.",
    )

    # === COMPUTE METHODS ===#

    @api.depends("ref", "is_customer_card", "company_id")
    def _compute_customer_code(self):
        """Of several with the same code the oldest keeps it.

        Who has the number already was judged when it was given.
        """
        numbers, wanted = {}, []
        for partner in self:
            is_card = partner.is_customer_card
            number = numbers[partner.id] = is_card and code_format.parse(partner.ref)
            if number and partner.id and number != partner.customer_code:
                row = (PARTNERS, partner.id, partner.ref)
                wanted.append(Code(*row, partner.id, partner.company_id.id))
        given, new = self._get_codes_given(), {numbers[c.row_id] for c in wanted}
        # Each of them one's only: what the register has found free need not be judged.
        if len(new) < len(wanted) or not given.issuperset(new):
            for code in self._get_codes_of_others(wanted, new):
                numbers[code.row_id] = 0
        given -= new
        for partner in self:
            partner.customer_code = numbers[partner.id]

    @api.model
    def _get_codes_of_others(self, wanted, numbers):
        """Those of the codes ``wanted`` that another customer has had for longer."""
        register = self.env["xpyme.code.register"]
        register._reserve({code.name for code in wanted})
        wanted.sort(key=lambda code: code.row_id)
        # Before anything is assigned: this stores what is pending.
        holders = register._read_holders(numbers)
        judged = register._judge(wanted, holders)
        return [code for code, holder in judged if holder]

    @api.model
    def _get_codes_given(self):
        """Numbers that were found free for customers who are just being made.

        They are reserved to the end of the transaction; once they are stored they are
        judged like all others.
        """
        return self.env.cr.precommit.data.setdefault("xpyme.codes.given", set())

    @api.depends("ref", "customer_code")
    def _compute_code_needs_review(self):
        for partner in self:
            has_none = partner.is_customer_card and not partner.customer_code
            partner.code_needs_review = has_none and bool(partner.ref)

    @api.model
    def _search_code_needs_review(self, operator, value):
        self._check_field_access(self._fields["code_needs_review"], "read")
        if operator != "in":
            return NotImplemented
        return [
            ("ref", "!=", False),
            ("customer_code", "=", 0),
            ("is_customer_card", "=", True),
        ]

    # === GIVING CODES ===#

    @api.model
    def _get_value_rules(self):
        marks = ("customer_flag", "customer_rank", "res_partner_search_mode")
        rule = ValueRule("_complete_code_vals", ("ref", "company_id", *marks))
        return [*super()._get_value_rules(), rule]

    @api.model
    def _complete_code_vals(self, vals_list, partners):
        """Typed codes are judged; new customers without one take the first free codes.

        :raise ValidationError: a typed code is none, or is another customer's
        :raise UserError: no code is free
        """
        if partners is not None:
            return partners._judge_code_vals(vals_list[0])
        defaults, register = self._get_new_defaults(), self.env["xpyme.code.register"]
        typed, taken, blank = [], set(), defaultdict(list)
        for place, vals in enumerate(vals_list, 1):
            if "proposed_code" in vals:
                self._leave_proposed_code(vals, taken)
            if not self._will_be_customer(vals):
                continue
            ref = code_format.normalise(vals.get("ref") or defaults.get("ref"))
            company_id = vals.get("company_id", defaults.get("company_id"))
            if ref:
                vals["ref"] = ref
                taken.add(self._parse_code(ref))
                typed.append(Code(PARTNERS, -place, ref, -place, company_id))
            else:
                blank[company_id or False].append(vals)
        if typed:
            register._check_free(typed)
        for company_id, company_vals in blank.items():
            codes = register._get_free_codes(len(company_vals), company_id, taken)
            taken.update(codes)
            self._get_codes_given().update(codes)
            for vals, code in zip(company_vals, codes, strict=True):
                vals["ref"] = str(code)

    @api.model
    def _propose_on_screen(self, values, fields_list):
        """A form that shows a proposal gets the first free code, not reserved."""
        proposed = super()._propose_on_screen(values, fields_list)
        wanted = "proposed_code" in fields_list and not values.get("ref")
        if wanted and self._will_be_customer(values):
            default = self.env.context.get("default_company_id")
            company_id = values.get("company_id", default)
            code = self.env["xpyme.code.register"]._propose(company_id)
            proposed |= {"ref": code, "proposed_code": code}
        return proposed

    @api.model
    def _leave_proposed_code(self, vals, taken):
        """A code that was only proposed, and is given to somebody else by now, goes.

        So does that of whoever has become no customer; ``vals`` are changed.

        :param taken: numbers that others get in the same breath
        """
        proposed = vals.pop("proposed_code")
        if not proposed or vals.get("ref") != proposed:
            return
        register = self.env["xpyme.code.register"]
        if (
            code_format.parse(proposed) in taken
            or not self._will_be_customer(vals)
            or not register._is_free(
                Code(PARTNERS, 0, proposed, 0, vals.get("company_id"))
            )
        ):
            del vals["ref"]

    def _complete_new(self, vals_list):
        """Who is a customer by a default of the database gets a code, too."""
        if blank := self._filtered_without_code():
            # sudo: who may create a customer may not always write on them.
            blank.sudo().action_next_customer_code()
        return super()._complete_new(vals_list)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for partner, vals in zip(self, vals_list, strict=True):
            if partner.is_customer_card:
                vals["ref"] = (default or {}).get("ref")
        return vals_list

    def _filtered_without_code(self):
        """The customers who have no reference at all."""
        return self.filtered("is_customer_card") - self.filtered("ref")

    def action_next_customer_code(self):
        """Give each of these customers the first free code (seed 004, the icon).

        Their own codes count as free: who has the lowest possible one keeps it.

        :raise UserError: not a customer, or all codes are in use
        """
        self.check_access("write")
        for partner in self:
            partner._check_has_code()
        given = set()
        for company, partners in self.grouped("company_id").items():
            codes = self.env["xpyme.code.register"]._get_free_codes(
                len(partners), company.id, given, partners.ids
            )
            given.update(codes)
            for partner, code in zip(partners, codes, strict=True):
                before = partner.ref
                if before == str(code):
                    continue
                # It needs no judgement: the register has just given it.
                told = partner.with_context(mail_notrack=True)
                super(ResPartner, told).write({"ref": str(code)})
                if before:
                    partner._log_code(before)
        return True

    def _check_has_code(self):
        """:raise UserError: not a customer"""
        if not self.is_customer_card:
            raise UserError(
                self.env._(
                    "%(name)s is not a customer: only customers have a code.",
                    name=self.display_name,
                )
            )

    def _log_code(self, before):
        """Tell in the history that the code was ``before``."""
        self._message_log(
            body=self.env._(
                "Customer code changed: %(before)s → %(after)s",
                before=before or "–",
                after=self.ref,
            )
        )

    # === JUDGING CODES ===#

    def _judge_code_vals(self, vals):
        """Before ``write``: what changes is judged; a code is normalised in ``vals``.

        :raise ValidationError: it is none, or is another customer's
        """
        if vals.keys().isdisjoint(("ref", "company_id")):
            return
        ref, wanted = vals.get("ref"), []
        for partner in self:
            code, company_id = partner.ref, partner.company_id.id
            is_typed = "ref" in vals and (ref or "") != (code or "")
            if is_typed and partner._will_be_customer(vals):
                code = vals["ref"] = code_format.normalise(ref) or False
            owner = (partner.id, vals.get("company_id", company_id) or False)
            is_moved = owner[1] != company_id
            if code and (code != partner.ref or is_moved and partner.customer_code):
                self._parse_code(code)
                wanted.append(Code(PARTNERS, partner.id, code, *owner))
            for other in partner.alternative_code_ids if is_moved else ():
                wanted.append(Code(ALTERNATIVES, other.id, other.name, *owner))
        self.env["xpyme.code.register"]._check_free(wanted)
        if "ref" in vals and "company_id" in vals:
            # Else the former number would stand in the new company for a moment, where
            # it may be somebody's.
            # sudo: a figure that nobody writes, of cards that the user writes.
            self.filtered("customer_code").sudo().customer_code = 0

    @api.model
    def _parse_code(self, text):
        """The number of a code.

        :raise ValidationError: it is none
        """
        number = code_format.parse(text)
        if not number:
            raise ValidationError(
                self.env._(
                    "“%(code)s” is no customer code. A code is a whole number from 1 "
                    "to %(highest)s.",
                    code=text,
                    highest=code_format.HIGHEST,
                )
            )
        return number
