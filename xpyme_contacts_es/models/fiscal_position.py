from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from odoo.addons.xpyme_contacts.tools.spoken_number import say_number

# What a position is made of, by which it is found and by which it taxes.
_MADE_OF = frozenset(
    (
        *("agreement_key", "base_position_id", "company_id", "forced_tax_id"),
        *("has_surcharge", "is_withheld_on_total", "tax_ids", "withholding_tax_id"),
    )
)


class AccountFiscalPosition(models.Model):
    """Fiscal positions of what customers agreed on top of another position.

    One for each combination and company, made when it is first needed. It says what it
    is made of; the taxes follow from that and from the chart of accounts.
    """

    _inherit = "account.fiscal.position"

    agreement_key = fields.Char(readonly=True, copy=False)
    base_position_id = fields.Many2one(
        "account.fiscal.position",
        string="On Top of",
        readonly=True,
        copy=False,
        ondelete="cascade",
        help="Empty: the domestic position.",
    )
    has_surcharge = fields.Boolean(
        string="Equivalence Surcharge", readonly=True, copy=False
    )
    withholding_tax_id = fields.Many2one(
        "account.tax", string="IRPF", readonly=True, copy=False, ondelete="restrict"
    )
    is_withheld_on_total = fields.Boolean(
        string="IRPF on Total", readonly=True, copy=False
    )
    forced_tax_id = fields.Many2one(
        "account.tax", string="VAT", readonly=True, copy=False, ondelete="restrict"
    )

    _agreement_uniq = models.UniqueIndex(
        "(company_id, agreement_key) WHERE agreement_key IS NOT NULL",
        "There is a fiscal position of these taxes already.",
    )

    # === WHICH ONE A CUSTOMER HAS ===#

    @api.model
    def _get_fiscal_position(self, partner, delivery=None):
        position = super()._get_fiscal_position(partner, delivery=delivery)
        agreement = partner and partner._get_tax_agreement(self.env.company)
        if not agreement:
            return position
        if position._get_base()._is_foreign_trade():
            agreement = agreement.abroad(partner._withholds_in_spain(self.env.company))
        return position._combine(agreement)

    @api.model
    def _get_position_without_flags(self, partner):
        """The position that Odoo chooses for a partner of whom nothing is agreed."""
        return super()._get_fiscal_position(partner)._get_base()

    def _get_first_matching_fpos(self, partner):
        """An address without a country is no export: it is where its customer is."""
        if not partner.country_id:
            partner = partner.commercial_partner_id
        return super()._get_first_matching_fpos(partner)

    def _combine(self, agreement):
        """The position with what a customer agreed; a fixed VAT is so abroad too."""
        if not agreement:
            return self
        base = self._get_base()
        if agreement.forced_tax_id and base._is_foreign_trade():
            base = self.browse()
        return self._find_or_make(base, agreement)

    def _get_base(self):
        """What a position of ours stands on, else itself; none is the domestic one."""
        base = self.base_position_id if self.agreement_key else self
        return base.filtered(lambda position: not position.is_domestic)

    def _is_foreign_trade(self):
        """Whether Odoo chooses it for customers of other countries."""
        return bool(self) and self.auto_apply and not self.is_domestic

    def _replaces_vat(self):
        """Whether VAT is another one with it, or none: reverse charge, export ..."""
        self.ensure_one()
        vats = self.env["account.tax"]._get_sales_taxes(self.company_id)
        return any(
            tax not in self.map_tax(tax) for tax in vats.filtered(lambda t: t._is_vat())
        )

    # === MAKING IT ===#

    @api.model
    def _find_or_make(self, base, agreement):
        company = self.env.company.root_id
        key = agreement.get_key(base.id)
        # sudo: salespeople make quotations, accountants keep the positions.
        positions = self.sudo().with_context(active_test=False)
        found = positions.search(
            [("company_id", "=", company.id), ("agreement_key", "=", key)], limit=1
        )
        if not found:
            vals = positions._prepare_agreed_vals(company, base, agreement)
            found = positions._make({**vals, "agreement_key": key})
        return found.with_env(self.env)

    def _make(self, vals):
        """:raise ConcurrencyError: another session made it; Odoo calls again, and then
        it is found"""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                position = self.create(vals)
                position._complete()
                return position
        except UniqueViolation as error:
            raise ConcurrencyError(vals["name"]) from error

    @api.model
    def _prepare_agreed_vals(self, company, base, agreement):
        taxes = self.env["account.tax"]
        withholding = (
            taxes._get_withholding(company, agreement.irpf) if agreement.irpf else taxes
        )
        forced = taxes.browse(agreement.forced_tax_id or [])
        texts = self.with_context(lang=company.partner_id.lang or self.env.lang)
        return {
            "name": texts._get_agreed_name(base, agreement, forced),
            "company_id": company.id,
            "sequence": 100,
            "base_position_id": base.id,
            "has_surcharge": agreement.surcharge,
            "withholding_tax_id": withholding.id,
            "is_withheld_on_total": bool(withholding) and agreement.on_total,
            "forced_tax_id": forced.id,
            "note": base.note,
            "account_ids": [
                Command.create(
                    {
                        "account_src_id": line.account_src_id.id,
                        "account_dest_id": line.account_dest_id.id,
                    }
                )
                for line in base.account_ids
            ],
        }

    def _get_agreed_name(self, base, agreement, forced):
        """Such as "RE + IRPF 15% on total"."""
        parts = [base.name] if base else []
        if agreement.surcharge:
            parts.append(self.env._("RE"))
        if agreement.irpf:
            percent = say_number(self.env, agreement.irpf)
            parts.append(
                self.env._("IRPF %(percent)s%% on total", percent=percent)
                if agreement.on_total
                else self.env._("IRPF %(percent)s%% on base", percent=percent)
            )
        if forced:
            name = forced.with_env(self.env).name
            parts.append(self.env._("VAT always %(tax)s", tax=name))
        return " + ".join(parts)

    def _complete(self):
        """The taxes that the position consists of, as Odoo's screens offer them.

        Only those that stand in a position anyway: another one would no longer count
        as a domestic tax.
        """
        for position in self:
            company = position.company_id
            base = position.base_position_id or company.domestic_fiscal_position_id
            taxes = base.tax_ids | position.forced_tax_id.filtered(
                "fiscal_position_ids"
            )
            if position.has_surcharge:
                taxes |= taxes._get_surcharges(company).filtered("active")
            taxes |= position.withholding_tax_id
            if position.is_withheld_on_total:
                spare = taxes._get_sales_taxes(company, branches=True).filtered(
                    lambda t: t.l10n_es_type != "retencion"
                    and t.amount_type == "percent"
                )
                (spare | position.withholding_tax_id)._make_total_copies()
                own = spare.filtered(lambda t, c=company: t.company_id == c)
                taxes = taxes._on_total() | own.total_copy_ids
            position.tax_ids = taxes

    @api.model
    def _complete_positions_on_total(self, companies):
        # sudo: as in ``_find_or_make``.
        self.sudo().search(
            [
                ("is_withheld_on_total", "=", True),
                ("company_id", "parent_of", companies.ids),
            ]
        )._complete()

    # === ITS TAXES ===#

    @api.depends(
        "base_position_id.tax_ids",
        "has_surcharge",
        "withholding_tax_id",
        "is_withheld_on_total",
        "forced_tax_id",
    )
    def _compute_tax_map(self):
        result = super()._compute_tax_map()
        for position in self.filtered("agreement_key"):
            position.tax_map = {**position.tax_map, **position._get_agreed_map()}
        return result

    def _get_agreed_map(self):
        """``{tax of an article: taxes of the line}``, by ids"""
        self.ensure_one()
        taxes = self.env["account.tax"]._get_sales_taxes(self.company_id, branches=True)
        surcharges = taxes._get_surcharges(self.company_id)
        return {tax.id: self._get_agreed_taxes(tax, surcharges).ids for tax in taxes}

    def _get_agreed_taxes(self, tax, surcharges):
        """:param tax: that of an article
        :param surcharges: recargo de equivalencia of the chart of accounts"""
        found = self._get_taxes_below(tax, surcharges)
        if self.withholding_tax_id:
            found = found.filtered(lambda t: t.l10n_es_type != "retencion")
        if self.has_surcharge:
            for vat in found:
                found |= vat._get_surcharge(surcharges)
        if tax.l10n_es_type != "recargo":
            found |= self.sudo().withholding_tax_id
        return found._on_total() if self.is_withheld_on_total else found

    def _get_taxes_below(self, tax, surcharges):
        """What the position below makes of an article's tax, if it is replaced by the
        one VAT of the customer too: its recargo and its IRPF come on top of that."""
        base, forced = self.base_position_id, self.sudo().forced_tax_id
        if not forced or not (tax._is_vat() or tax.l10n_es_type == "recargo"):
            return base.map_tax(tax)
        added = base.map_tax(tax | forced)
        found = added.filtered(lambda t: t.l10n_es_type == "retencion")
        has_surcharge = "recargo" in added.mapped("l10n_es_type")
        if has_surcharge:
            found |= forced._get_surcharge(surcharges)
        return found if tax.l10n_es_type == "recargo" else forced | found

    # === WHAT IS WRITTEN BY NOBODY ===#

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("agreement_key") for vals in vals_list):
            self._check_made_by_agreement()
        return super().create(vals_list)

    def write(self, vals):
        if _MADE_OF & vals.keys() and any(self.mapped("agreement_key")):
            self._check_made_by_agreement()
        return super().write(vals)

    def _check_made_by_agreement(self):
        """:raise UserError: somebody would change the taxes of all customers who agreed
        the same"""
        if not self.env.su:
            raise UserError(
                self.env._(
                    "The taxes of a position of what customers agreed follow from it: "
                    "change the customers' cards, or make a position of your own."
                )
            )
