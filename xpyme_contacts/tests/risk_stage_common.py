from odoo import Command
from odoo.exceptions import UserError

from .risk_common import RiskCase


class RiskStageCase(RiskCase):
    """No way around a limit that asks or blocks, as salesperson without accounting
    rights. The customer may owe 1,000 EUR."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_risk_user("stopped")
        cls.set_limits(cls.customer, 1000)
        # A quantity typed anew brings the article's own price: 900 EUR.
        cls.goods.list_price = 1800
        cls.manager = cls.make_risk_user(
            "watching",
            "xpyme_contacts.group_risk_manager,sales_team.group_sale_salesman_all_leads",
        )

    def set_actions(self, quotation=False, order=False, invoice=False):
        self.company.write(
            {
                "risk_quotation_action": quotation,
                "risk_order_action": order,
                "risk_invoice_action": invoice,
            }
        )

    def quote(self, amount, customer=None, **vals):
        """A quotation of the salesperson's."""
        return self.make_quotation(amount, customer, **vals).with_user(self.salesperson)

    def sell(self, amount, customer=None, **vals):
        order = self.quote(amount, customer, **vals)
        order.action_confirm()
        return order

    def assertBlocked(self, function, *args, **kwargs):
        with self.assertRaises(UserError) as refusal:
            function(*args, **kwargs)
        return str(refusal.exception)

    def get_activities(self, record):
        return record.sudo().activity_ids.filtered(
            lambda a: a.activity_type_id
            == self.env.ref("xpyme_contacts.activity_type_risk")
        )

    def end_transaction(self):
        """What follows the rollback of a refused request."""
        with self.enter_registry_test_mode():
            self.cr.postrollback.run()
            self.cr.postcommit.clear()

    def pay_online(self, order, amount, state="done"):
        provider = (
            self.env["payment.provider"]
            .sudo()
            .create({"name": "Card", "code": "none", "company_id": self.company.id})
        )
        methods = self.env["payment.method"].sudo().with_context(active_test=False)
        method = methods.search([], limit=1)
        payment = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "amount": amount,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "reference": f"{order.name}-{amount}-{state}",
                    "sale_order_ids": [Command.set(order.ids)],
                }
            )
        )
        # As the payment provider's answer does, past the check that it may authorise.
        payment._write({"state": state})
        payment.invalidate_recordset()
        return payment
