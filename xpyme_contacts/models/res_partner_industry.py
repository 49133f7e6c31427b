from odoo import models


class ResPartnerIndustry(models.Model):
    """Deleting an industry empties it on its customers."""

    _name = "res.partner.industry"
    _inherit = ["res.partner.industry", "xpyme.technician.guard"]
