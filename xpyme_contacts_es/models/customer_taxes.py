from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.xpyme_contacts.tools.spoken_number import say_number

from ..tools.tax_agreement import TaxAgreement


class ResPartner(models.Model):
    """Taxes that a customer's documents carry (seed 004, Factura: Recargo de
    equivalencia, I.R.P.F., IVA).

    The fiscal position of the card stays as it was chosen: what is agreed here comes on
    top of it in each document, and goes again with the flags.
    """

    _inherit = "res.partner"

    equivalence_surcharge = fields.Boolean(
        company_dependent=True,
        inverse="_inverse_tax_agreement",
        help="Recargo de equivalencia in all sales documents of the customer.",
    )
    irpf_percent = fields.Float(
        "IRPF %",
        digits=(5, 2),
        company_dependent=True,
        inverse="_inverse_tax_agreement",
        help="What the customer withholds from the invoices; 0 is nothing.",
    )
    irpf_base = fields.Selection(
        [("base", "Taxable base"), ("total", "Total")],
        string="IRPF on",
        company_dependent=True,
        inverse="_inverse_tax_agreement",
        help="Empty: the taxable base.",
    )
    forced_tax_id = fields.Many2one(
        "account.tax",
        string="VAT Always",
        company_dependent=True,
        inverse="_inverse_tax_agreement",
        domain=lambda self: self.env["account.tax"]._get_vat_domain(),
        help="All that the customer buys has this VAT, but for what is exempt.",
    )
    base_fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        string="Fiscal Position without Flags",
        compute="_compute_base_fiscal_position_id",
        help="The position chosen by hand that recargo, IRPF and VAT come on top of.",
    )
    is_taxed_in_spain = fields.Boolean(compute="_compute_is_taxed_in_spain")

    @api.depends("property_account_position_id")
    @api.depends_context("company")
    def _compute_base_fiscal_position_id(self):
        for partner in self:
            position = partner.property_account_position_id
            partner.base_fiscal_position_id = (
                position.base_position_id if position.agreement_key else position
            )

    @api.depends_context("company")
    def _compute_is_taxed_in_spain(self):
        self.is_taxed_in_spain = self.env.company._is_taxed_in_spain()

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), *self._get_tax_flags()]

    @api.model
    def _get_tax_flags(self):
        return ["equivalence_surcharge", "irpf_percent", "irpf_base", "forced_tax_id"]

    def _inverse_tax_agreement(self):
        """Have the position when the flags are set: the first document finds it."""
        positions, company = self.env["account.fiscal.position"], self.env.company
        for customer in self.filtered(lambda p: p == p.commercial_partner_id):
            if customer._get_tax_agreement(company):
                positions._get_fiscal_position(customer)

    def _get_tax_agreement(self, company):
        """What the customer of this partner agreed, false if that is nothing.

        A branch where nothing is set has what its head office has.
        """
        self.ensure_one()
        if not company._is_taxed_in_spain():
            return TaxAgreement()
        # sudo: it decides the taxes of a document, whoever makes it, the customer
        # themselves in the shop of the website too.
        customer = self.commercial_partner_id.sudo()
        for office in reversed(company.sudo().parent_ids):
            found = customer.with_company(office)._read_tax_agreement()
            if found:
                return found
        return TaxAgreement()

    def _read_tax_agreement(self):
        """The flags as they are set in the company of the environment."""
        return TaxAgreement(
            self.equivalence_surcharge,
            self.irpf_percent,
            self.irpf_base == "total",
            self.forced_tax_id.id or 0,
        )

    def _withholds_in_spain(self, company):
        """Whether who pays this partner's invoices withholds IRPF: anybody in Spain
        does, where there is no Spanish VAT too (the Canaries, Ceuta, Melilla)."""
        # sudo: as in ``_get_tax_agreement``.
        country = self.commercial_partner_id.sudo().country_id
        return country == company.sudo().account_fiscal_country_id

    # === WHAT CANNOT BE AGREED ===#

    @api.constrains(
        "equivalence_surcharge", "irpf_percent", "irpf_base", "forced_tax_id"
    )
    def _check_tax_flags(self):
        """:raise ValidationError: what the company's taxes do not have"""
        company = self.env.company
        for partner in self.filtered(lambda p: p._read_tax_agreement()):
            if not company._is_taxed_in_spain():
                raise ValidationError(
                    self.env._(
                        "Recargo de equivalencia, IRPF and a fixed VAT are for Spanish "
                        "companies: %(company)s is none.",
                        company=company.name,
                    )
                )
            partner._check_surcharge_exists()
            partner._check_irpf_rate()
            partner._check_forced_tax()

    def _check_surcharge_exists(self):
        company = self.env.company.root_id
        taxes = self.env["account.tax"]
        if self.equivalence_surcharge and not taxes._get_surcharges(company):
            raise ValidationError(
                self.env._(
                    "The taxes of %(company)s have no recargo de equivalencia for "
                    "sales.",
                    company=company.name,
                )
            )

    def _check_irpf_rate(self):
        company = self.env.company.root_id
        taxes = self.env["account.tax"]
        if not self.irpf_percent or taxes._get_withholding(company, self.irpf_percent):
            return
        rates = sorted(
            {-tax.amount for tax in taxes._get_withholdings(company)} - {0.0}
        )
        raise ValidationError(
            self.env._(
                "There is no IRPF of %(percent)s%%: choose one of %(rates)s.",
                percent=say_number(self.env, self.irpf_percent),
                rates="; ".join(say_number(self.env, rate) for rate in rates),
            )
        )

    def _check_forced_tax(self):
        tax = self.forced_tax_id
        if not tax:
            return
        # sudo: a tax of another company is one that the user may not read.
        if not tax.sudo().filtered_domain(tax._get_vat_domain()):
            raise ValidationError(
                self.env._(
                    "%(tax)s is no sales VAT of %(company)s: choose one that is.",
                    tax=tax.sudo().name,
                    company=self.env.company.name,
                )
            )

    @api.constrains(
        "equivalence_surcharge",
        "forced_tax_id",
        "property_account_position_id",
        "country_id",
        "state_id",
    )
    def _check_flags_at_home(self):
        """:raise ValidationError: recargo of a customer who buys without Spanish VAT

        Checked for each company of the user's where the customer has the flag.
        """
        for company in self.env.companies.filtered(lambda c: c._is_taxed_in_spain()):
            for partner in self.with_company(company):
                if partner != partner.commercial_partner_id:
                    continue
                agreement = partner._get_tax_agreement(company)
                if refusal := partner._get_flags_refusal(agreement):
                    raise ValidationError(refusal)

    def _get_flags_refusal(self, agreement):
        """Why a customer here cannot have agreed that, in the company of the
        environment; nothing if they can."""
        position = self.base_fiscal_position_id
        if not position:
            return agreement.surcharge and self._get_place_refusal()
        flagged = agreement.surcharge or agreement.forced_tax_id
        if flagged and (position._is_foreign_trade() or position._replaces_vat()):
            return self.env._(
                "With the fiscal position “%(position)s” %(customer)s has neither "
                "recargo de equivalencia nor a fixed VAT: choose another one.",
                position=position.name,
                customer=self.name,
            )
        return None

    def _get_place_refusal(self):
        """Why there is no recargo where the customer is; nothing if there is."""
        home, place = self.env.company.account_fiscal_country_id, self.country_id
        if place == home:
            place = self.state_id
        positions = self.env["account.fiscal.position"]
        found = positions._get_position_without_flags(self)
        is_abroad = self.country_id not in (home, home.browse())
        if not is_abroad and not found._is_foreign_trade():
            return None
        return self.env._(
            "%(customer)s is in %(place)s: recargo de equivalencia is for shops on the "
            "mainland and the Balearic Islands.",
            customer=self.name,
            place=place.name,
        )


class ResCompany(models.Model):
    _inherit = "res.company"

    def _is_taxed_in_spain(self):
        self.ensure_one()
        # sudo: of the company of a document, whoever makes it.
        return self.sudo().account_fiscal_country_id.code == "ES"
