from odoo.tests import tagged

from .common import RemittanceCase


@tagged("post_install", "-at_install")
class TestMerge(RemittanceCase):
    """Two cards of one customer become one, with the account that is debited."""

    def merge(self, kept, merged):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((kept + merged).ids, kept, extra_checks=False)
        self.env.invalidate_all()

    def make_twin(self, of, **vals):
        """A card with the account of another one."""
        twin = self.make_debtor("Doble S.L.", mandate=None, iban=False)
        self.env["res.partner.bank"].create(
            {
                "acc_number": of.bank_ids.acc_number,
                "partner_id": twin.id,
                **vals,
            }
        )
        return twin

    def test_the_kept_cards_account_is_archived(self):
        twin = self.make_twin(self.customer)
        mandate = self.make_mandate(twin)
        self.customer.bank_ids.mandate_ids.cancel()
        self.customer.bank_ids.active = False
        self.env.invalidate_all()
        self.merge(self.customer, twin)
        self.assertEqual(len(self.customer.bank_ids), 1)
        self.assertEqual(mandate.partner_bank_id, self.customer.bank_ids)
        self.make_invoice()
        self.assertReceipts(self.make_remittance(), 121)

    def test_the_merged_cards_account_is_archived(self):
        twin = self.make_twin(self.customer, active=False)
        self.merge(self.customer, twin)
        every = self.customer.with_context(active_test=False)
        self.assertEqual(len(every.bank_ids), 1)
        self.assertTrue(every.bank_ids.active)

    def test_both_are_archived(self):
        twin = self.make_twin(self.customer, active=False)
        self.customer.bank_ids.active = False
        self.env.invalidate_all()
        self.merge(self.customer, twin)
        every = self.customer.with_context(active_test=False)
        self.assertEqual(every.bank_ids.mapped("active"), [False])
