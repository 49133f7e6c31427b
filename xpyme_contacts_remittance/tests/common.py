import itertools

from freezegun import freeze_time
from stdnum.es import ccc as digits

from odoo import Command

from odoo.addons.xpyme_contacts.tests.common import CustomerCase

BANK = "ES9699990001480000001700"
_ACCOUNTS = itertools.count(1)
# When the tests take place: a Monday.
TODAY = "2026-10-05"


def make_iban():
    """Another valid Spanish one, of a bank that does not exist."""
    account = f"{next(_ACCOUNTS):010}"
    ccc = f"99990001{digits.calc_check_digits('9999000100' + account)}{account}"
    # E is 14 and S is 28 (ISO 13616)
    return f"ES{98 - int(ccc + '142800') % 97:02}{ccc}"


class RemittanceCase(CustomerCase):
    """A company that debits its customers, in euros, and customers with mandates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.eur = cls.env.ref("base.EUR")
        cls.eur.active = True
        cls.company = cls.make_company("Ferretería Onyar", "ES80ZZZB00000018", BANK)
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": cls.company.ids,
                "tracking_disable": True,
            }
        )
        cls.Partner = cls.env["res.partner"]
        cls.company = cls.company.with_env(cls.env)
        cls.method = cls.make_method(cls.company)
        cls.group = cls.make_group("A", "Mensual")
        cls.customer = cls.make_debtor("Ferretería Núñez & Hijos, S.L.")

    # --- the company

    @classmethod
    def make_company(cls, name, creditor, iban):
        company = cls.env["res.company"].create(
            {
                "name": name,
                "country_id": cls.spain.id,
                "currency_id": cls.env.ref("base.EUR").id,
                "sepa_creditor_identifier": creditor,
            }
        )
        cls.env.user.company_ids |= company
        charts = cls.env["account.chart.template"]
        charts.try_loading("generic_coa", company, install_demo=False)
        company.currency_id = cls.env.ref("base.EUR")
        journal = cls.get_journal(company, "bank")
        journal.bank_account_id = cls.env["res.partner.bank"].create(
            {
                "acc_number": iban,
                "partner_id": company.partner_id.id,
                "company_id": company.id,
            }
        )
        return company

    @classmethod
    def get_journal(cls, company, kind):
        return cls.env["account.journal"].search(
            [("type", "=", kind), ("company_id", "=", company.id)], limit=1
        )

    @classmethod
    def make_method(cls, company, **vals):
        """A method of direct debits with the account of receipts on their way."""
        line = cls.env["account.payment.method.line"].create(
            {
                "name": "Recibo domiciliado",
                "payment_method_id": cls.env.ref(
                    "account_payment_sepa_direct_debit.sepa_direct_debit"
                ).id,
                "journal_id": cls.get_journal(company, "bank").id,
                "selectable": True,
                "payment_order_ok": True,
                **vals,
            }
        )
        line.payment_account_id = cls.env["account.account"].create(
            {
                "code": "431200",
                "name": "Efectos en gestión de cobro",
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [Command.set(company.ids)],
            }
        )
        return line

    @classmethod
    def make_group(cls, code, name, **vals):
        return cls.env["xpyme.remittance.group"].create(
            {"code": code, "name": name, **vals}
        )

    # --- customers

    @classmethod
    def make_debtor(cls, name, mandate="valid", iban=True, **vals):
        """A customer of the group; ``mandate``: the state of theirs, None for none"""
        customer = cls.make_customer(
            name,
            country_id=cls.spain.id,
            **{
                "remittance_group_id": cls.group.id,
                "property_inbound_payment_method_line_id": cls.method.id,
                **vals,
            },
        )
        if iban:
            cls.make_account(customer)
        if mandate:
            cls.make_mandate(customer, mandate)
        return customer

    @classmethod
    def make_account(cls, customer):
        return cls.env["res.partner.bank"].create(
            {"acc_number": make_iban(), "partner_id": customer.id}
        )

    @classmethod
    def make_mandate(cls, customer, state="valid", company=None, **vals):
        mandate = cls.env["account.banking.mandate"].create(
            {
                "partner_id": customer.id,
                "partner_bank_id": customer.bank_ids[:1].id,
                "company_id": (company or cls.company).id,
                "signature_date": "2025-01-02",
                **vals,
            }
        )
        if state != "draft":
            mandate.validate()
            mandate.state = state
        return mandate

    # --- documents

    @classmethod
    def make_invoice(cls, customer=None, amount=121, due="2026-10-10", **vals):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (customer or cls.customer).id,
                "invoice_date": "2026-10-01",
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Clavos", "price_unit": amount, "tax_ids": False}
                    )
                ],
                **vals,
            }
        )
        move.action_post()
        return move

    @classmethod
    def make_thirds(cls, **vals):
        """An invoice of 121.00 in three instalments: November, December, January."""
        shares = ((33, 31), (33, 61), (34, 92))
        term = cls.env["account.payment.term"].create(
            {
                "name": "30, 60, 90",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": share, "nb_days": days}
                    )
                    for share, days in shares
                ],
            }
        )
        return cls.make_invoice(due=False, **vals, invoice_payment_term_id=term.id)

    @classmethod
    def make_window(cls, until="2026-12-31", env=None, **vals):
        window = (env or cls.env)["xpyme.remittance.create"]
        return window.create(
            {
                "until": until,
                "payment_method_line_id": cls.method.id,
                "remittance_group_ids": [Command.set(cls.group.ids)],
                **vals,
            }
        )

    @classmethod
    def make_remittance(cls, until="2026-12-31", **vals):
        action = cls.make_window(until, **vals).action_create_remittance()
        return cls.env["account.payment.order"].browse(action["res_id"])

    @classmethod
    def send(cls, remittance):
        """From confirming to the bank's having it; answers the file."""
        remittance.draft2open()
        remittance.open2generated()
        file = remittance.payment_file_id.raw
        remittance.generated2uploaded()
        return file

    @classmethod
    def get_receipts(cls, moves):
        """Their items in the customers' accounts."""
        return moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    @classmethod
    def pay_by_hand(cls, invoice, **vals):
        """The customer pays at the counter."""
        journal = cls.get_journal(cls.company, "bank")
        manual = journal.inbound_payment_method_line_ids.filtered(
            lambda line: line.code == "manual"
        )
        cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_method_line_id": manual.id, **vals})._create_payments()

    @classmethod
    def return_receipt(cls, remittance):
        """The bank returns all of a remittance, and whoever sees that tells it."""
        lines = cls.get_receipts(remittance.payment_ids.move_id)
        made = remittance.env["payment.return"].create(
            {
                "company_id": cls.company.id,
                "journal_id": remittance.journal_id.id,
                "line_ids": [
                    Command.create(
                        {
                            "partner_id": line.partner_id.id,
                            "move_line_ids": [Command.set(line.ids)],
                            "amount": line.credit,
                        }
                    )
                    for line in lines
                ],
            }
        )
        made.action_confirm()
        return made

    def judge(self, **vals):
        """``{customer's name: reason}`` of what a new remittance would leave out."""
        receipts = self.make_window(**vals)._judge_all()
        return {
            receipt.line.partner_id.name: receipt.reason
            for receipt in receipts
            if receipt.reason
        }

    def assertReceipts(self, remittance, *amounts):
        found = remittance.payment_line_ids.mapped("amount_currency")
        self.assertEqual(sorted(round(x, 2) for x in found), sorted(amounts))
