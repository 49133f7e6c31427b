from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import sides


class ProductPricelist(models.Model):
    """The six tariffs are pricelists with a number (seed 004: Tarifa de Venta)."""

    _inherit = "product.pricelist"

    tariff_number = fields.Integer(
        string="Tariff",
        aggregator=None,
        copy=False,
        help="From 1 to 6: which of a customer's special prices documents with this "
        "pricelist take. Without a number they take the first.",
    )

    is_ready_made = fields.Boolean(
        copy=False,
        help="A tariff that came with the addon. Without rules it makes way when "
        "another pricelist takes its number.",
    )

    _tariff_unique = models.UniqueIndex(
        "(COALESCE(company_id, 0), tariff_number) WHERE tariff_number > 0 AND active",
        "Another pricelist of the company has this tariff number: choose a free one.",
    )

    # === ORM ===#

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            is_taken = vals.get("tariff_number") and vals.get("active", True)
            if is_taken and not vals.get("is_ready_made"):
                company_id = vals.get("company_id", self.env.company.id)
                self._make_way({company_id: {vals["tariff_number"]}})
        return super().create(vals_list)

    def write(self, vals):
        if {"tariff_number", "company_id", "active"} & vals.keys():
            self._make_way(self._get_numbers_taken(vals))
        return super().write(vals)

    def _get_numbers_taken(self, vals):
        """``{company_id: {tariff}}`` that pricelists take once ``vals`` are written."""
        numbers = defaultdict(set)
        for pricelist in self:
            number = vals.get("tariff_number", pricelist.tariff_number)
            if number and vals.get("active", pricelist.active):
                company_id = vals.get("company_id", pricelist.company_id.id)
                numbers[company_id].add(number)
        return numbers

    def _make_way(self, numbers):
        """Archive the ready-made tariffs whose numbers others take.

        :param numbers: ``{company_id: {tariff}}``
        """
        for company_id, tariffs in numbers.items():
            domain = [
                ("is_ready_made", "=", True),
                ("company_id", "=", company_id),
                ("tariff_number", "in", list(tariffs)),
                ("item_ids", "=", False),
                ("id", "not in", self.ids),
            ]
            # sudo: who may number a pricelist need not be allowed to archive another.
            spare = self.sudo().search(domain)
            spare.active = False
            spare.flush_recordset()

    @api.model
    def _get_last_sequence(self, company):
        """After the pricelists there are: the first one is everybody's by default."""
        pricelists = self.with_context(active_test=False)
        existing = pricelists.search([("company_id", "in", (company.id, False))])
        return max([16, *existing.mapped("sequence")])

    @api.model
    def _create_tariffs(self, companies):
        """The six tariffs of each company that has none; the first two in use."""
        numbered = self.with_context(active_test=False).search(
            [("tariff_number", ">", 0)]
        )
        tariffs = self.with_context(mail_create_nolog=True).create(
            [
                {
                    "name": f"Tariff {number}",
                    "tariff_number": number,
                    "is_ready_made": True,
                    "company_id": company.id,
                    "currency_id": company.currency_id.id,
                    "sequence": self._get_last_sequence(company),
                    "active": number <= 2,
                }
                for company in companies - numbered.company_id
                for number in sides.TARIFFS
            ]
        )
        for lang, _name in self.env["res.lang"].get_installed():
            for tariff in tariffs.with_context(lang=lang):
                tariff.name = tariff.env._("Tariff %s", tariff.tariff_number)
        self._name_general_tariffs(tariffs.company_id)
        return tariffs

    @api.model
    def _name_general_tariffs(self, companies):
        """Odoo calls each company's pricelist *Default*, to whomever it speaks."""
        domain = [
            ("company_id", "in", companies.ids),
            ("tariff_number", "=", 0),
            ("name", "=", "Default"),
        ]
        for lang, _name in self.env["res.lang"].get_installed():
            if lang != "en_US":
                for pricelist in self.with_context(lang=lang).search(domain):
                    pricelist.name = pricelist.env._("General tariff")

    @api.model
    def _remove_spare_tariffs(self):
        """Take the ready-made tariffs away that nobody has given rules, or uses."""
        spare = self.with_context(active_test=False).search(
            [("is_ready_made", "=", True), ("item_ids", "=", False)]
        )
        for model in self.env.values():
            for field in model._fields.values():
                if (
                    field.comodel_name == self._name
                    and field.type == "many2one"
                    and (field.store or field.company_dependent)
                    and model._auto
                    and not model._transient
                ):
                    spare -= spare._get_used_in(model, field)
        spare.unlink()

    def _get_used_in(self, model, field):
        """Those of the pricelists that a field has somewhere, in their companies."""
        rows = model.sudo().with_context(active_test=False)
        found = self.browse()
        for company in self.company_id:
            domain = [(field.name, "in", self.ids)]
            found |= rows.with_company(company).search(domain)[field.name]
        return found

    # === TARIFF ===#

    @api.constrains("tariff_number")
    def _check_tariff_number(self):
        for pricelist in self:
            if pricelist.tariff_number not in (0, *sides.TARIFFS):
                raise ValidationError(
                    self.env._(
                        "%s cannot be a tariff's number: write one from 1 to 6, or "
                        "leave it empty.",
                        pricelist.tariff_number,
                    )
                )

    def _get_tariff(self):
        """The tariff, 1..6, whose special prices hold with this pricelist."""
        return self.tariff_number or 1

    @api.model
    def _get_tariffs(self, company):
        """``{number: pricelist}`` of a company; its own before those of all."""
        domain = [
            ("tariff_number", ">", 0),
            ("company_id", "in", (company.id, False)),
        ]
        found = {}
        order = "company_id, sequence, id"
        for pricelist in self.search_fetch(
            domain, ["tariff_number", "name"], order=order
        ):
            found.setdefault(pricelist.tariff_number, pricelist)
        return found
