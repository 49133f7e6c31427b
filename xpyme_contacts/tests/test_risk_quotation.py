from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .risk_stage_common import RiskStageCase


@tagged("post_install", "-at_install")
class TestRiskQuotation(RiskStageCase):
    """Quotations over a limit, made or sent."""

    def test_a_quotation_over_the_limit_is_not_made_or_raised(self):
        self.set_actions(quotation="block")
        self.assertBlocked(self.quote, 1312)
        quotation = self.quote(900)
        self.assertBlocked(quotation.order_line.write, {"product_uom_qty": 2})
        self.assertEqual(self.quote(1000).state, "draft")

    def test_a_quotation_is_judged_when_it_is_sent(self):
        self.set_actions(quotation="block")
        quotation = self.quote(900)
        self.make_invoice(500)
        self.assertBlocked(quotation.action_quotation_sent)
        self.assertBlocked(quotation.with_context(mark_so_as_sent=True).message_post)

    def test_a_quotation_that_asks_does_so_when_it_is_sent(self):
        self.set_actions(quotation="ask")
        quotation = self.quote(1312)
        quotation.order_line.discount = 1
        with self.assertRaises(RedirectWarning):
            quotation.action_quotation_sent()
