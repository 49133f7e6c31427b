from odoo import api, models


class FsmOrder(models.Model):
    _name = "fsm.order"
    _inherit = ["fsm.order", "xpyme.document.notice.mixin"]

    @api.model
    def _get_notice_triggers(self):
        return (*super()._get_notice_triggers(), "service_customer_id")

    def _get_noticed_customers(self):
        return self._get_service_customer()
