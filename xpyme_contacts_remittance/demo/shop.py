from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

_BANK = "ES96 9999 0001 4800 0000 1700"
_CREDITOR = "ES80ZZZB00000018"
# Who is in which group, and whether they signed a mandate.
_CUSTOMERS = {
    "ter_blau": ("monthly", "valid"),
    "jardins": ("monthly", "valid"),
    "installacions": ("monthly", "valid"),
    "cala": ("monthly", "draft"),
    "barretina": ("monthly", None),
}


class Demo(models.AbstractModel):
    """The shop in Girona debits its customers' receipts."""

    _inherit = "xpyme.demo"

    @api.model
    def _load_remittances(self):
        """A bank that takes receipts, mandates, and one remittance that was sent."""
        shop = self._in_shop("company_onyar")
        method = shop._make_direct_debits()
        for name, (group, mandate) in _CUSTOMERS.items():
            customer = shop._ref(f"customer_{name}")
            customer.remittance_group_id = shop.env.ref(
                f"xpyme_contacts_remittance.group_{group}"
            )
            customer.property_inbound_payment_method_line_id = method
            if mandate:
                shop._make_mandate(customer, mandate)
        customers = [shop._ref(f"customer_{name}").id for name in _CUSTOMERS]
        invoices = shop.env["account.move"].search(
            [
                ("partner_id", "in", customers),
                ("move_type", "=", "out_invoice"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )
        invoices.preferred_payment_method_line_id = method
        shop._send_remittance(method, shop._ref("customer_jardins"))

    @api.model
    def _make_direct_debits(self):
        """The method of the shop's bank, with the account of receipts on their way."""
        company = self.env.company
        company.sepa_creditor_identifier = _CREDITOR
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        journal.name = "Banco"
        journal.bank_account_id = self.env["res.partner.bank"].create(
            {
                "acc_number": _BANK,
                "partner_id": company.partner_id.id,
                "company_id": company.id,
            }
        )
        method = self.env.ref("account_payment_sepa_direct_debit.sepa_direct_debit")
        lines = self.env["account.payment.method.line"]
        line = lines.search(
            [("journal_id", "=", journal.id), ("payment_method_id", "=", method.id)]
        ) or lines.create({"journal_id": journal.id, "payment_method_id": method.id})
        for lang, _name in self.env["res.lang"].get_installed():
            line.with_context(lang=lang).name = "Recibo domiciliado"
        line.selectable = True
        line.payment_order_ok = True
        line.payment_account_id = line._propose_remittance_account()
        return line

    @api.model
    def _make_mandate(self, customer, state):
        mandate = self.env["account.banking.mandate"].create(
            {
                "partner_id": customer.id,
                "partner_bank_id": customer.bank_ids[:1].id,
                "company_id": self.env.company.id,
                "signature_date": fields.Date.context_today(self)
                - relativedelta(months=7),
            }
        )
        if state == "valid":
            mandate.validate()

    @api.model
    def _send_remittance(self, method, customer):
        """What one customer owes, on its way to the bank."""
        window = self.env["xpyme.remittance.create"].create(
            {
                "company_id": self.env.company.id,
                "payment_method_line_id": method.id,
                "until": fields.Date.context_today(self),
                "remittance_group_ids": [Command.set(customer.remittance_group_id.ids)],
            }
        )
        if not window.receipt_count:
            return
        remittance = self.env["account.payment.order"].browse(
            window.action_create_remittance()["res_id"]
        )
        others = remittance.payment_line_ids.filtered(
            lambda line: line.partner_id != customer
        )
        others.unlink()
        if remittance.payment_line_ids:
            remittance.draft2open()
            remittance.open2generated()
            remittance.generated2uploaded()
