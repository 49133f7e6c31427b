from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import SpanishCase


@tagged("post_install", "-at_install")
class TestUninstall(SpanishCase):
    """What was made goes along; what documents have stays, for nobody to choose."""

    def test_customers_keep_their_own_positions(self):
        chosen = self.ref("fp_irpf7")
        self.customer.property_account_position_id = chosen
        self.customer.equivalence_surcharge = True
        used = self.get_position()
        invoice = self.make_invoice()
        invoice.action_post()
        other = self.make_customer("Otra", vat=False)
        other.write({"irpf_percent": 15, "irpf_base": "total"})
        spare = self.get_position(other)
        copies = self.env["account.tax"].search([("total_origin_id", "!=", False)])
        third = self.make_customer("Tercera", vat=False)
        third.property_account_position_id = spare
        self.assertTrue(copies)
        uninstall_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual(self.customer.property_account_position_id, chosen)
        self.assertFalse(third.property_account_position_id)
        self.assertFalse(used.active)
        self.assertEqual(invoice.fiscal_position_id, used)
        self.assertFalse(spare.exists())
        self.assertFalse(copies.exists())
