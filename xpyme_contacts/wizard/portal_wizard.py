from odoo import models


class PortalWizard(models.TransientModel):
    _name = "portal.wizard"
    _inherit = ["portal.wizard", "xpyme.technician.guard"]


class PortalWizardUser(models.TransientModel):
    _name = "portal.wizard.user"
    _inherit = ["portal.wizard.user", "xpyme.technician.guard"]
