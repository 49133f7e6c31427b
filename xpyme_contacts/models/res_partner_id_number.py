from odoo import models


class ResPartnerIdNumber(models.Model):
    _name = "res.partner.id_number"
    _inherit = ["res.partner.id_number", "xpyme.technician.guard"]
