from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import RemittanceCase

REMITTER = (
    "account.group_account_invoice,account_payment_batch_oca.group_account_payment"
)
MODELS = (
    "account.payment.order",
    "account.payment.line",
    "payment.return",
    "xpyme.remittance.create",
)


@tagged("post_install", "-at_install")
class TestRights(RemittanceCase):
    """Accounting makes remittances; who sells looks, technicians do not."""

    def log_in(self, user):
        user.write({"company_ids": self.company.ids, "company_id": self.company.id})
        return self.env(user=user, context={"allowed_company_ids": self.company.ids})

    def test_an_accountant_goes_from_the_filter_to_the_file_and_the_return(self):
        self.make_invoice()
        env = self.log_in(self.make_user("remitter", REMITTER))
        window = self.make_window(env=env)
        remittance = env["account.payment.order"].browse(
            window.action_create_remittance()["res_id"]
        )
        self.assertTrue(self.send(remittance))
        made = self.return_receipt(remittance)
        self.assertEqual((made.env.uid, made.state), (env.uid, "done"))
        self.assertTrue(remittance.action_return_receipts())
        task = self.customer.activity_ids
        self.assertEqual(task.user_id, env.user)
        task.with_env(env).action_done()

    def test_an_accountant_has_receipts_taken_out_and_is_told_of_settled_ones(self):
        env = self.log_in(self.make_user("remitter", REMITTER))
        void = self.make_invoice(self.make_debtor("Antigua S.A."))
        settled = self.make_invoice()
        self.make_invoice(amount=60, due="2026-10-20")
        remittance = self.make_remittance().with_env(env)
        remittance.draft2open()
        void.mandate_id.cancel()
        remittance.open2generated()
        self.pay_by_hand(settled)
        remittance.generated2uploaded()
        self.assertEqual(len(remittance.payment_line_ids), 2)
        self.assertEqual(remittance.activity_ids.user_id, env.user)
        remittance.action_cancel()

    def test_nobody_says_until_when_a_receipt_may_come_back(self):
        self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        env = self.log_in(self.make_user("remitter", REMITTER))
        for day in (False, "2026-10-06"):
            with self.assertRaisesRegex(AccessError, "is reckoned"):
                remittance.payment_ids.with_env(env).returnable_until = day

    def test_who_sells_sees_where_the_receipts_are_and_no_remittance(self):
        self.make_invoice()
        remittance = self.make_remittance()
        env = self.log_in(self.make_salesperson())
        for model in MODELS:
            with self.assertRaises(AccessError, msg=model):
                env[model].search([])
            with self.assertRaises(AccessError, msg=model):
                env[model].check_access("create")
        told = str(self.customer.with_env(env).get_receipts_overview())
        self.assertIn(remittance.name, told)
        self.customer.with_env(env).remittance_group_id = False
        self.assertFalse(self.has_menu(env))

    def test_a_technician_sees_and_changes_nothing(self):
        self.make_invoice()
        env = self.log_in(self.make_technician(REMITTER.split(",")))
        with self.assertRaises(AccessError):
            self.make_window(env=env)
        with self.assertRaises(AccessError):
            self.customer.bank_ids.mandate_ids.with_env(env).cancel()
        with self.assertRaises(AccessError):
            env["xpyme.remittance.group"].create({"name": "B"})
        with self.assertRaises(AccessError):
            self.customer.with_env(env).remittance_group_id = False
        remittance = self.make_remittance()
        with self.assertRaises(AccessError):
            remittance.with_env(env).draft2open()

    def test_a_mere_technician_sees_no_remittance(self):
        self.make_invoice()
        remittance = self.make_remittance()
        env = self.log_in(self.make_technician())
        for model in MODELS:
            with self.assertRaises(AccessError, msg=model):
                env[model].search([])
        told = str(self.customer.with_env(env).get_receipts_overview())
        self.assertNotIn(remittance.name, told)
        self.assertFalse(self.has_menu(env))

    def has_menu(self, env):
        menu = self.env.ref("xpyme_contacts_remittance.xpyme_remittance_root_menu")
        return menu.id in env["ir.ui.menu"]._visible_menu_ids()

    def test_another_ones_window_is_closed(self):
        env = self.log_in(self.make_user("remitter", REMITTER))
        window = self.make_window(env=env)
        other = self.log_in(self.make_user("other", REMITTER))
        with self.assertRaises(AccessError):
            window.with_env(other).read(["until"])

    def test_groups_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Otra"})
        foreign = self.make_group("Z", "De otra", company_id=other.id)
        env = self.log_in(self.make_user("remitter", REMITTER))
        groups = env["xpyme.remittance.group"].search([])
        self.assertIn(self.group, groups)
        self.assertNotIn(foreign, groups)
