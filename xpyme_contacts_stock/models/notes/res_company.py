from odoo import fields, models

from odoo.addons.xpyme_contacts.models.risk.res_company import RISK_ACTIONS


class ResCompany(models.Model):
    """How a company's delivery notes are judged by their customers' limits."""

    _inherit = "res.company"

    risk_delivery_action = fields.Selection(
        RISK_ACTIONS,
        string="Delivery note over a limit",
        help="When goods leave without an order, valued at the customer's prices. What "
        "was ordered is never stopped.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    risk_delivery_action = fields.Selection(
        related="company_id.risk_delivery_action", readonly=False
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_document_stages(self, model):
        if model == "stock.picking":
            return ("delivery",)
        return super()._get_document_stages(model)


class RiskRelease(models.Model):
    _inherit = "xpyme.risk.release"

    stage = fields.Selection(
        selection_add=[("delivery", "Delivery Note")],
        ondelete={"delivery": "cascade"},
    )


class RiskDecision(models.TransientModel):
    _inherit = "xpyme.risk.decision"

    res_model = fields.Selection(
        selection_add=[("stock.picking", "Delivery Note")],
        ondelete={"stock.picking": "cascade"},
    )
