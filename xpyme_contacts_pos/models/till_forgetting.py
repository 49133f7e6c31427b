from odoo import api, models


class ResPartner(models.Model):
    """Of a forgotten customer the tickets stay, without what was typed beside them."""

    _inherit = "res.partner"

    @api.model
    def _get_forgotten_texts(self):
        typed = ("email", "mobile", "floating_order_name", "general_customer_note")
        told = dict.fromkeys((*typed, "internal_note"), False)
        texts = super()._get_forgotten_texts()
        return [*texts, ("pos.order", ("partner_id",), (), told)]
