from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.bank import is_bic, normalise_bic, split_bic
from ..tools.plain_text import storable


class ResBank(models.Model):
    """A bank and its Swift code (seed 004: *Código Swift*, ISO 9362)."""

    _name = "res.bank"
    _inherit = ["res.bank", "xpyme.technician.guard"]

    bic_bank = fields.Char(
        string="Bank Code", compute="_compute_bic_parts", help="First four characters."
    )
    bic_country = fields.Char(
        string="Country of the Code",
        compute="_compute_bic_parts",
        help="Fifth and sixth character, by ISO 3166-1.",
    )
    bic_location = fields.Char(
        string="Location Code",
        compute="_compute_bic_parts",
        help="Seventh and eighth character.",
    )
    bic_branch = fields.Char(
        string="Branch Code",
        compute="_compute_bic_parts",
        help="Last three characters; without them, or with XXX, it is the head office.",
    )

    @api.depends("bic")
    def _compute_bic_parts(self):
        for bank in self:
            (
                bank.bic_bank,
                bank.bic_country,
                bank.bic_location,
                bank.bic_branch,
            ) = split_bic(bank.bic)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._normalise_bic_vals(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._normalise_bic_vals(vals))

    @api.model
    def _normalise_bic_vals(self, vals):
        """``vals`` with the BIC as it is stored."""
        vals = storable(vals, self._fields)
        if not vals.get("bic"):
            return vals
        return {**vals, "bic": normalise_bic(vals["bic"]) or False}

    @api.constrains("bic")
    def _check_bic(self):
        """:raise ValidationError: not a BIC by ISO 9362, or of no country"""
        banks = self.filtered("bic")
        countries = set(
            self.env["res.country"]
            .search([("code", "in", banks.mapped("bic_country"))])
            .mapped("code")
        )
        for bank in banks:
            if not is_bic(bank.bic) or bank.bic_country not in countries:
                raise ValidationError(
                    self.env._(
                        "%(code)s is not a BIC (Swift code). It has 8 or 11 "
                        "characters: four of the bank, two of the country, two of the "
                        "location and, for a branch, three more, like CAIXESBBXXX.",
                        code=bank.bic,
                    )
                )
