from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import customer_code
from .register import CodeHolder


class ResPartner(models.Model):
    """The customer's code (seed 004, Fiscales › Código): a number from 1 to 999,999.

    Core's reference holds it as text, ``customer_code`` as a number. Every new customer
    gets the first free one; a typed one is judged when it changes, so that a database
    keeps the references it has from before. What is no code, or is an older customer's,
    has no number and is listed to be reviewed. References of suppliers and contacts are
    none of our business.
    """

    _inherit = "res.partner"

    customer_code = fields.Integer(
        compute="_compute_customer_code",
        store=True,
        copy=False,
        aggregator=None,
        help="The customer's reference as a number from 1 to 999999, unique among the "
        "customers of a company.",
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
        """Of several with the same code the oldest keeps it."""
        wanted = {}
        for partner in self:
            code = customer_code.parse(partner.ref) if partner.is_customer_card else 0
            if code and partner.id:
                wanted[partner] = code
        # Before anything is assigned: looking who has a code stores what is pending.
        if wanted:
            self._assign_wanted_codes(wanted)
        for partner in self - self.browse().concat(*wanted):
            own = partner.is_customer_card and customer_code.parse(partner.ref)
            partner.customer_code = own or 0

    def _assign_wanted_codes(self, wanted):
        """Give each partner his code, or 0 if it is somebody else's."""
        register = self.env["xpyme.code.register"]
        register._flush()
        holders = register._read_holders(self.env.cr, set(wanted.values()))
        taken = defaultdict(list)
        for holder in holders:
            taken[holder.number].append((holder.partner_id, holder.company_id))
        if wanted.items() - {(self.browse(h.partner_id), h.number) for h in holders}:
            register._lock()
        for partner in sorted(wanted, key=lambda p: p.id):
            code, company_id = wanted[partner], partner.company_id.id
            if any(
                partner_id != partner.id
                and register._is_one_range(company_id, other_company_id)
                for partner_id, other_company_id in taken[code]
            ):
                partner.customer_code = 0
            else:
                partner.customer_code = code
                taken[code].append((partner.id, company_id))

    @api.depends("ref", "customer_code")
    def _compute_code_needs_review(self):
        for partner in self:
            partner.code_needs_review = (
                bool(partner.ref)
                and not partner.customer_code
                and partner.is_customer_card
            )

    @api.model
    def _search_code_needs_review(self, operator, value):
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
        return [
            *super()._get_value_rules(),
            ("_complete_code_vals", ("ref", "company_id")),
        ]

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        # sudo: who may create a customer may not always write on them.
        partners._filtered_without_code().sudo().action_next_customer_code()
        return partners

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for partner, vals in zip(self, vals_list, strict=True):
            if partner.is_customer_card:
                vals["ref"] = (default or {}).get("ref")
        return vals_list

    @api.model
    def _complete_code_vals(self, vals_list, partners):
        """Typed codes are judged; new customers without one take the first free codes.

        :raise ValidationError: a typed code is none, or is another customer's
        :raise UserError: no code is free
        """
        if partners is not None:
            partners._judge_code_vals(vals_list[0])
            return
        typed, blank = [], {}
        for vals in vals_list:
            if not self._will_be_customer(vals):
                continue
            ref = vals.get("ref") or self.env.context.get("default_ref")
            vals["ref"] = customer_code.normalise(ref)
            company_id = vals.get(
                "company_id", self.env.context.get("default_company_id")
            )
            if vals["ref"]:
                typed.append((vals["ref"], company_id, self.browse()))
            else:
                blank.setdefault(company_id or False, []).append(vals)
        self._check_codes(typed)
        reserved = {customer_code.parse(ref) for ref, *_rest in typed}
        for company_id, company_vals in blank.items():
            codes = self.env["xpyme.code.register"]._get_free_codes(
                len(company_vals), company_id, reserved
            )
            reserved.update(codes)
            for vals, code in zip(company_vals, codes, strict=True):
                vals["ref"] = str(code)

    def _filtered_without_code(self):
        """The customers who have no reference at all."""
        return self.filtered(lambda p: not p.ref and p.is_customer_card)

    def action_next_customer_code(self):
        """Give each of these customers the first free code (seed 004, the icon).

        His own code counts as free: who has the lowest possible one keeps it.

        :raise UserError: not a customer, or all codes are in use
        """
        self.check_access("write")
        for partner in self:
            if not partner.is_customer_card:
                raise UserError(
                    self.env._(
                        "%(name)s is not a customer: only customers have a code.",
                        name=partner.display_name,
                    )
                )
        given = set()
        for company, partners in self.grouped("company_id").items():
            codes = self.env["xpyme.code.register"]._get_free_codes(
                len(partners), company.id, given, partners.ids
            )
            given.update(codes)
            for partner, code in zip(partners, codes, strict=True):
                partner._change_code(str(code))

    def _change_code(self, code):
        """Write a code that is known to be free and tell the change in the history."""
        self.ensure_one()
        before = self.ref
        if before == code:
            return
        # It needs no judgement: the register has just given it.
        super().write({"ref": code})
        if before:
            self._message_log(
                body=self.env._(
                    "Customer code changed: %(before)s → %(after)s",
                    before=before,
                    after=code,
                )
            )

    # === JUDGING CODES ===#

    def _judge_code_vals(self, vals):
        """Before ``write``: a changed code is normalised in ``vals`` and judged.

        :raise ValidationError: it is none, or is another customer's
        """
        wanted = self._get_changed_codes(vals) if "ref" in vals else []
        if "company_id" in vals:
            wanted += self._get_codes_for_company(vals)
        self._check_codes(wanted)
        if "ref" in vals and "company_id" in vals:
            # Else the former number would stand in the new company for a moment, where
            # it may be somebody's.
            self.filtered("customer_code").customer_code = 0

    def _get_changed_codes(self, vals):
        """Normalise the code in ``vals``; see ``_check_codes`` for what is returned."""
        ref = customer_code.normalise(vals["ref"]) or False
        changed = self.filtered(
            lambda p: (p.ref or "") != (vals["ref"] or "") and p._will_be_customer(vals)
        )
        if changed:
            vals["ref"] = ref
        return [
            (ref, vals.get("company_id", partner.company_id.id), partner)
            for partner in changed
            if ref and ref != partner.ref and not partner.is_company_partner
        ]

    def _get_codes_for_company(self, vals):
        """The customers' present codes, which are to stand in another company.

        :raise ValidationError: an alternative code finds a customer there
        """
        company = self.env["res.company"].browse(vals["company_id"])
        codes = self.alternative_code_ids
        codes._check_free([(c, c.name, c.partner_id) for c in codes], company)
        return [
            (partner.ref, company.id, partner)
            for partner in self
            if partner.customer_code
            and partner.customer_code
            == customer_code.parse(vals.get("ref", partner.ref))
            and partner.company_id != company
        ]

    @api.model
    def _check_codes(self, wanted):
        """
        :param wanted: list of (code, id of the company, customer or none if new)
        :raise ValidationError: a code is none, or finds another customer
        """
        self.env["xpyme.code.register"]._check_free(
            [
                CodeHolder(
                    table=self._table,
                    row_id=partner.id or -place,
                    number=self._parse_code(ref),
                    name=ref,
                    partner_id=partner.id or -place,
                    partner_name=partner.display_name or self.env._("a new customer"),
                    company_id=company_id,
                )
                for place, (ref, company_id, partner) in enumerate(wanted, 1)
            ]
        )

    @api.model
    def _parse_code(self, text):
        """The number of a code.

        :raise ValidationError: it is none
        """
        number = customer_code.parse(text)
        if not number:
            raise ValidationError(
                self.env._(
                    "“%(code)s” is no customer code. A code is a whole number from 1 "
                    "to %(highest)s.",
                    code=text,
                    highest=customer_code.HIGHEST,
                )
            )
        return number
