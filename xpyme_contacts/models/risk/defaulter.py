from odoo import api, fields, models

from ...tools.risk_terms import DEFAULTER


class ResPartner(models.Model):
    """A customer who does not pay (seed 004, Riesgo: Moroso).

    Told wherever the customer is chosen; core's degree of trust is not touched.
    """

    _inherit = "res.partner"

    is_defaulter = fields.Boolean(
        string="Defaulter",
        groups="base.group_user",
        copy=False,
        tracking=True,
        help="Tells it wherever the customer is chosen.",
    )

    @api.model
    def _get_notice_sources(self):
        source = (DEFAULTER, "_get_defaulter_notices")
        return [*super()._get_notice_sources(), source]

    def _get_defaulter_notices(self, _entry):
        if not self.is_defaulter:
            return []
        return [self.env._("%s is a defaulter.", self.name)]
