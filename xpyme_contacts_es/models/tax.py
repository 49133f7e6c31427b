from odoo import api, fields, models
from odoo.fields import Command, Domain

# What a copy has of its own; all else that is changed in the tax that it is made of
# it follows.
_OWN = frozenset(
    (
        *("company_id", "include_base_amount", "is_base_affected", "name", "sequence"),
        "total_origin_id",
    )
)
# The same of its lines of repartition.
_BOOKED = ("account_id", "factor_percent", "tag_ids", "use_in_tax_closing")
_LAST = 2000


class AccountTax(models.Model):
    """Copies of taxes for IRPF on the total: there VAT and recargo count for the base.

    Taxes of the chart of accounts are changed for nobody.
    """

    _inherit = "account.tax"

    total_origin_id = fields.Many2one(
        "account.tax",
        string="Copied for IRPF on the Total",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        help="The tax that this one stands for where IRPF is withheld from the total.",
    )
    # archived with their taxes, which articles may still have
    total_copy_ids = fields.One2many(
        "account.tax", "total_origin_id", context={"active_test": False}
    )

    _total_origin_uniq = models.UniqueIndex(
        "(total_origin_id) WHERE total_origin_id IS NOT NULL",
        "This tax has its copy for IRPF on the total already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A tax of tomorrow counts for the positions that there are."""
        taxes = super().create(vals_list)
        if taxes.filtered(lambda tax: tax._is_of_sale()):
            self.env["account.fiscal.position"]._complete_positions_on_total(
                taxes.company_id
            )
        return taxes

    def write(self, vals):
        result = super().write(vals)
        followed = {name: vals[name] for name in self._get_followed() & vals.keys()}
        # sudo: whoever may change the tax changes its copy.
        copies = followed and self.sudo().total_copy_ids
        if copies:
            copies.write(followed)
        if "name" in vals:
            self.sudo().total_copy_ids._name_total_copies()
        return result

    @api.model
    def _get_followed(self):
        """The fields that a copy has of its tax, but for lists of other records."""
        return {
            name
            for name, field in self._fields.items()
            if field.store and field.type not in ("one2many", "many2many")
        } - _OWN

    def _name_total_copies(self):
        """After their origins, in each language: no other tax has such a name then."""
        for lang, _name in self.env["res.lang"].get_installed():
            for tax in self.with_context(lang=lang):
                tax.name = tax._get_total_copy_name(tax.total_origin_id)

    @api.model
    def _get_total_copy_name(self, origin):
        return self.env._("%(tax)s (IRPF on total)", tax=origin.name)

    def _is_of_sale(self):
        """Whether it is a tax that articles and documents have, and no copy of ours."""
        self.ensure_one()
        return self.type_tax_use == "sale" and not self.total_origin_id

    def _get_origins(self):
        """The taxes of which copies stand for others."""
        return self.browse([(tax.total_origin_id or tax).id for tax in self])

    def _without_agreed(self):
        """VAT and the like, by the taxes of the chart, to be compared."""
        return frozenset(self._get_origins().filtered(lambda t: not t._is_agreed()))

    def _is_agreed(self):
        """Whether it is of the kind that a customer agrees on top of VAT."""
        self.ensure_one()
        return self.l10n_es_type in ("recargo", "retencion")

    def _is_vat(self):
        """Whether it is VAT (or IGIC) with something to pay, and no exemption."""
        self.ensure_one()
        return self.l10n_es_type == "sujeto" and self.amount > 0

    @api.model
    def _get_sales_taxes(self, company, branches=False):
        """Taxes of the chart of accounts that documents of sale can have.

        Archived ones too: an article may still have one.

        :param branches: whether those that branches of the company made count too
        """
        domain = Domain(self._check_company_domain(company))
        if branches:
            domain |= Domain("company_id", "child_of", company.ids)
        # sudo: what a document has to pay, whoever makes it.
        taxes = self.sudo().with_context(active_test=False)
        return taxes.search(
            domain
            & Domain("type_tax_use", "=", "sale")
            & Domain("total_origin_id", "=", False)
        )

    @api.model
    def _get_surcharges(self, company):
        """Recargo de equivalencia, those in use first."""
        taxes = self._get_sales_taxes(company)
        found = taxes.filtered(lambda tax: tax.l10n_es_type == "recargo")
        return found.sorted(lambda tax: not tax.active)

    @api.model
    def _get_vat_domain(self):
        """VAT of the company with something to pay; nothing else is a rate of VAT."""
        return [
            *self._check_company_domain(self.env.company),
            ("type_tax_use", "=", "sale"),
            ("total_origin_id", "=", False),
            ("l10n_es_type", "=", "sujeto"),
            ("amount", ">", 0),
        ]

    def _get_surcharge(self, surcharges):
        """That of a VAT: by the chart of accounts, else by its rate."""
        self.ensure_one()
        by_chart = surcharges.filtered(lambda tax: self in tax.original_tax_ids)
        if by_chart or not self._is_vat():
            return by_chart[:1]
        return surcharges.filtered(
            lambda tax: self.amount in tax.original_tax_ids.mapped("amount")
        )[:1]

    @api.model
    def _get_withholdings(self, company):
        taxes = self._get_sales_taxes(company)
        return taxes.filtered(
            lambda tax: tax.l10n_es_type == "retencion" and tax.active
        )

    @api.model
    def _get_withholding(self, company, percent):
        """The tax that withholds so many percent; leases and foreigners have others of
        the same rate, so that of the general case is looked for first."""
        charts = self.env["account.chart.template"].with_company(company)
        general = charts.ref(
            f"account_tax_template_s_irpf{percent:g}".replace(".", "_"),
            raise_if_not_found=False,
        )
        found = self._get_withholdings(company).filtered(
            lambda tax: tax.amount == -percent
        )
        return found & general if general and general in found else found[:1]

    def _make_total_copies(self):
        """Copies that count for the base of the IRPF, which comes after them."""
        for tax in self.filtered(lambda tax: tax.amount and not tax.total_copy_ids):
            is_withheld = tax.l10n_es_type == "retencion"
            tax.copy(
                {
                    "name": self._get_total_copy_name(tax),
                    "total_origin_id": tax.id,
                    "include_base_amount": not is_withheld,
                    "is_base_affected": is_withheld,
                    "sequence": _LAST if is_withheld else tax.sequence,
                    # copied, they would make the copy a tax of other customers too
                    "fiscal_position_ids": [Command.clear()],
                    "replacing_tax_ids": [Command.clear()],
                    "original_tax_ids": [
                        Command.set((tax.original_tax_ids or tax).ids)
                    ],
                }
            )

    def _on_total(self):
        """The taxes, by their copies where there is one."""
        return self.browse([(tax.total_copy_ids or tax).id for tax in self])


class AccountTaxRepartitionLine(models.Model):
    _inherit = "account.tax.repartition.line"

    def write(self, vals):
        """Where a tax is booked, its copy for IRPF on the total is."""
        result = super().write(vals)
        followed = {name: vals[name] for name in _BOOKED if name in vals}
        # sudo: whoever may change the tax changes its copy.
        for line in self.sudo() if followed else ():
            line._get_total_copies().write(followed)
        return result

    def _get_total_copies(self):
        """The lines that stand for this one in the copies of its tax."""
        self.ensure_one()
        place = self._get_siblings(self.tax_id).ids.index(self.id)
        copies = (self._get_siblings(copy) for copy in self.tax_id.total_copy_ids)
        return self.browse().union(*(lines[place : place + 1] for lines in copies))

    def _get_siblings(self, tax):
        """The lines of a tax of the kind of this one, in their order."""
        return tax.repartition_line_ids.filtered(
            lambda line: line.document_type == self.document_type
            and line.repartition_type == self.repartition_type
        ).sorted(lambda line: (line.sequence, line.id))
