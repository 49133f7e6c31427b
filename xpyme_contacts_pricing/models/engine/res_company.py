from odoo import api, fields, models


class ResCompany(models.Model):
    """The six tariffs of a company, and how far the customer's increase goes."""

    _inherit = "res.company"

    increase_special_prices = fields.Boolean(
        string="The increase reaches special prices",
        help="The customer's increase is added to the special prices too, not only to "
        "prices of tariffs and of cost.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A company opened later has the six tariffs too."""
        companies = super().create(vals_list)
        # sudo: who opens a company need not be a salesperson.
        self.env["product.pricelist"].sudo()._create_tariffs(companies)
        return companies
