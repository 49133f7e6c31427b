from odoo import api, models

from ...tools.inner import WITHOUT_FIRST_CONTACT


class ResUsers(models.Model):
    """A new user's partner is made before the user, and gets no contact."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super(ResUsers, self.with_context(**WITHOUT_FIRST_CONTACT)).create(
            vals_list
        )
        return users.with_env(self.env)


class ResCompany(models.Model):
    """A new company's partner is made before the company, and gets no contact."""

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super(
            ResCompany, self.with_context(**WITHOUT_FIRST_CONTACT)
        ).create(vals_list)
        return companies.with_env(self.env)
