from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models


class Demo(models.AbstractModel):
    """What was decided about a limit, and what waits for somebody to decide."""

    _inherit = "xpyme.demo"

    @api.model
    def _load_decisions(self):
        biobio, onyar = map(self._in_shop, ("company_biobio", "company_onyar"))
        reason = "Pagan el saldo antes de fin de mes: hablado con Rodrigo."
        biobio._release(self._ref("sale_nandu_maderas"), reason)
        reason = "Temporada alta: pagan al cobrar la piscina del hotel."
        onyar._release(onyar._quote_one("jardins", "escalera", 2), reason)
        onyar._hold_back(onyar._quote_one("installacions", "cable", 3))

    @api.model
    def _quote_one(self, buyer, article, quantity):
        product = self._get_article("company_onyar", article)
        line = {"product_id": product.id, "product_uom_qty": quantity}
        return self.env["sale.order"].create(
            {
                "partner_id": self._ref(f"customer_{buyer}").id,
                "company_id": self.env.company.id,
                "user_id": self._ref("user_vendedor").id,
                "order_line": [Command.create(line)],
            }
        )

    @api.model
    def _release(self, order, reason):
        customer = order.partner_id.with_company(order.company_id)
        limit = customer.credit_limit or customer.internal_credit_limit
        self.env["xpyme.risk.release"].create(
            {
                "name": order.name,
                "res_model": order._name,
                "res_id": order.id,
                "partner_id": customer.id,
                "company_id": order.company_id.id,
                "amount": order.amount_total,
                "excess": order.amount_total - limit,
                "reason": reason,
                "valid_until": fields.Date.today() + relativedelta(days=20),
                "user_id": self._ref("user_duena").id,
            }
        )

    @api.model
    def _hold_back(self, order):
        """A quotation that is not let through, and the manager's activity."""
        customer = order.partner_id
        summary = f"{order.name} de {customer.name}: supera el riesgo concedido"
        manager = self._ref("user_duena")
        order._leave_risk_activity(order.id, customer.id, manager.ids, summary)
