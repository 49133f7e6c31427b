from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

# Each shop: its account, the technical payment method, the customers whose receipts go
# to the bank with their accounts, and who else is in the group, without a mandate.
_SHOPS = {
    "company_onyar": (
        "ES96 9999 0001 4800 0000 1700",
        "account_payment_sepa_direct_debit.sepa_direct_debit",
        {
            "emporda_vins": "ES89 9999 0001 4400 0000 1731",
            "can_prova": "ES80 9999 0001 4300 0000 1748",
            "ter_blau": None,
            "installacions": None,
        },
        ("cala", "barretina"),
    ),
    "company_biobio": (
        "000 9999 170",
        "account.account_payment_method_manual_in",
        {
            "espiga": "000 9999 171",
            "sonrisa": "000 9999 172",
            "copihues": "000 9999 173",
        },
        ("nunez",),
    ),
}
_CREDITOR = "ES80ZZZB00000018"


class Demo(models.AbstractModel):
    """The shops debit their customers' receipts; one came back."""

    _inherit = "xpyme.demo"

    @api.model
    def _load_remittances(self):
        self._ref("company_onyar").sepa_creditor_identifier = _CREDITOR
        for name, (account, method, customers, others) in _SHOPS.items():
            shop = self._in_shop(name)
            line = shop._make_direct_debits(account, method)
            for customer, number in customers.items():
                shop._make_mandate(shop._ref(f"customer_{customer}"), number)
            group = shop.env.ref("xpyme_contacts_remittance.group_monthly")
            names = [f"customer_{customer}" for customer in (*customers, *others)]
            debited = shop.env["res.partner"].union(*map(shop._ref, names))
            debited.remittance_group_id = group
            debited.property_inbound_payment_method_line_id = line
            shop._follow_method(debited, line)
            shop._send_remittance(name, debited[:2], line)

    @api.model
    def _make_direct_debits(self, account, method):
        """The method of the shop's bank, with the account of receipts on their way."""
        company = self.env.company
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        journal.name = "Banco"
        journal.bank_account_id = self._make_account(company.partner_id, account)
        line = self.env["account.payment.method.line"].create(
            {"journal_id": journal.id, "payment_method_id": self.env.ref(method).id}
        )
        for lang, _name in self.env["res.lang"].get_installed():
            line.with_context(lang=lang).name = "Recibo domiciliado"
        line.selectable = True
        line.payment_order_ok = True
        line.payment_account_id = line._propose_remittance_account()
        return line

    @api.model
    def _make_account(self, partner, number):
        return self.env["res.partner.bank"].create(
            {
                "acc_number": number,
                "partner_id": partner.id,
                "company_id": self.env.company.id,
            }
        )

    @api.model
    def _make_mandate(self, customer, number):
        account = number and self._make_account(customer, number)
        account = account or customer.bank_ids[:1]
        today = fields.Date.context_today(self)
        mandates = self.env["account.banking.mandate"]
        mandates.create(
            {
                "partner_id": customer.id,
                "partner_bank_id": account.id,
                "company_id": self.env.company.id,
                "signature_date": today - relativedelta(months=7),
                "format": "sepa_core" if account.acc_type == "iban" else "basic",
            }
        ).validate()

    @api.model
    def _follow_method(self, customers, line):
        """What they owe is to be debited."""
        invoices = self.env["account.move"].search(
            [
                ("partner_id", "in", customers.ids),
                ("move_type", "=", "out_invoice"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )
        invoices.preferred_payment_method_line_id = line

    @api.model
    def _send_remittance(self, name, customers, line):
        """Two new receipts: the bank has both, and gave one back."""
        date = fields.Date.context_today(self) - relativedelta(days=25)
        article = self._get_article(name, "cemento")
        lines = [{"product_id": article.id, "quantity": 20}]
        keys = list(_SHOPS[name][2])[:2]
        invoices = self._invoice(
            [self._prepare_invoice(name, key, date, lines) for key in keys]
        )
        invoices.preferred_payment_method_line_id = line
        remittance = self.env["account.payment.order"].create(
            {
                "payment_type": "inbound",
                "company_id": self.env.company.id,
                "payment_method_line_id": line.id,
                "remittance_group_ids": [
                    Command.set(customers.remittance_group_id.ids)
                ],
                "description": customers.remittance_group_id.name,
            }
        )
        receipts = invoices.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )
        receipts.create_payment_line_from_move_line(remittance)
        remittance.draft2open()
        remittance.open2generated()
        remittance.generated2uploaded()
        self._return_one(remittance)

    @api.model
    def _return_one(self, remittance):
        lines = remittance.payment_ids[-1:].move_id.line_ids
        line = lines.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )
        self.env["payment.return"].create(
            {
                "company_id": remittance.company_id.id,
                "journal_id": remittance.journal_id.id,
                "line_ids": [
                    Command.create(
                        {
                            "partner_id": line.partner_id.id,
                            "move_line_ids": [Command.set(line.ids)],
                            "amount": line.credit,
                        }
                    )
                ],
            }
        ).action_confirm()
        alerts = line.partner_id.activity_ids.filtered(
            lambda activity: activity.user_id == self.env.user
        )
        alerts.with_context(mail_activity_quick_update=True).user_id = self._ref(
            "user_duena"
        )
