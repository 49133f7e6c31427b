"""What ``remittance.py`` compares: a remittance of all receipts of a shop, made with
OCA's own window, and with that of the family."""

from odoo import Command
from odoo.tools import SQL

from bench._risk_data import _after, _copy

WINDOW = "xpyme.remittance.create"
UNTIL = "2027-12-31"
IBAN = "ES9699990001480000001700"


def fill_receipts(env, count):
    """A method of direct debits, and so many customers with a mandate and an invoice:
    copies of one, in a few statements."""

    def work():
        method = _make_method(env)
        customer = env["res.partner"].create(
            {
                "name": "Deudor",
                "is_company": True,
                "customer_rank": 1,
                "country_id": env.company.country_id.id,
                "property_inbound_payment_method_line_id": method.id,
            }
        )
        account = env["res.partner.bank"].create(
            {"acc_number": IBAN, "partner_id": customer.id}
        )
        mandate = env["account.banking.mandate"].create(
            {
                "partner_id": customer.id,
                "partner_bank_id": account.id,
                "signature_date": "2026-01-02",
            }
        )
        mandate.validate()
        invoice = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": "2026-10-01",
                "invoice_line_ids": [
                    Command.create({"name": "Clavos", "price_unit": 121, "tax_ids": []})
                ],
            }
        )
        invoice.action_post()
        env.flush_all()
        _copy_debtors(env, customer, account, mandate, invoice, count - 1)
        env.cr.execute("ANALYZE")
        return {"method": method.id}

    return work


def _make_method(env):
    company = env.company
    company.sepa_creditor_identifier = "ES80ZZZB00000018"
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    journal.bank_account_id = env["res.partner.bank"].create(
        {"acc_number": "ES6199990001410000001800", "partner_id": company.partner_id.id}
    )
    return env["account.payment.method.line"].create(
        {
            "name": "Recibo domiciliado",
            "payment_method_id": env.ref(
                "account_payment_sepa_direct_debit.sepa_direct_debit"
            ).id,
            "journal_id": journal.id,
            "selectable": True,
            "payment_order_ok": True,
            "payment_account_id": env["account.account"]
            .create(
                {
                    "code": "431200",
                    "name": "Efectos en gestión de cobro",
                    "account_type": "asset_current",
                    "reconcile": True,
                }
            )
            .id,
        }
    )


def _copy_debtors(env, customer, account, mandate, invoice, count):
    """Numbers are those of the first one and so many more, in each table."""
    number = SQL("SELECT i FROM generate_series(0, %s) AS i", count - 1)
    partner = f"{_after(env, customer)} + n.i"
    bank = f"{_after(env, account)} + n.i"
    move = f"{_after(env, invoice)} + n.i"
    signed = f"{_after(env, mandate)} + n.i"
    own = {"ref": "NULL", "customer_code": "NULL", "barcode": "NULL"}
    named = {"name": "'Deudor ' || n.i", "complete_name": "'Deudor ' || n.i"}
    _copy(
        env,
        customer,
        number,
        {"id": partner, "commercial_partner_id": partner, **named, **own},
    )
    _copy(env, account, number, {"id": bank, "partner_id": partner})
    _copy(
        env,
        mandate,
        number,
        {
            "id": signed,
            "partner_id": partner,
            "partner_bank_id": bank,
            "unique_mandate_reference": "'M' || n.i",
        },
    )
    customers = {"partner_id": partner, "commercial_partner_id": partner}
    name = "'R/' || n.i"
    _copy(
        env,
        invoice,
        number,
        {
            "id": move,
            **customers,
            "partner_shipping_id": partner,
            "name": name,
            "payment_reference": name,
            "mandate_id": signed,
            "sequence_number": "n.i",
            "sequence_prefix": "'R/'",
            "access_token": "NULL",
        },
    )
    for line in invoice.line_ids:
        vals = {"move_id": move, "move_name": name, "partner_id": partner}
        _copy(env, line, number, vals)


def make_remittance(env, method):
    """A remittance of all, and how many receipts and how much money it has."""
    if WINDOW in env:
        window = env[WINDOW].create({"until": UNTIL, "payment_method_line_id": method})

        def work():
            made = window.action_create_remittance()
            return _sum_up(env["account.payment.order"].browse(made["res_id"]))

        return work
    orders = env["account.payment.order"]
    windows = env["account.payment.line.create"]

    def work():
        order = orders.create(
            {"payment_type": "inbound", "payment_method_line_id": method}
        )
        context = {"active_model": order._name, "active_id": order.id}
        window = windows.with_context(**context).create({"due_date": UNTIL})
        window.populate()
        window.create_payment_lines()
        return _sum_up(order)

    return work


def _sum_up(order):
    amounts = order.payment_line_ids.mapped("amount_currency")
    return len(amounts), round(sum(amounts), 2)
