"""Customers with invoices and orders by the thousand, for ``risk.py``.

One customer, invoice and order are made through Odoo; their rows are then multiplied in
SQL. Of ten invoices of a customer six are paid, two are open, one is overdue and one is
a draft; of ten orders seven are invoiced and three are invoiced by half.
"""

from datetime import timedelta

from odoo import Command, fields
from odoo.tools import SQL

DOCUMENTS = 10
PAID, DRAFT = 6, 9
INVOICED = 7
INCLUDED_BY_OCA = (
    "risk_invoice_draft_include",
    "risk_invoice_open_include",
    "risk_invoice_unpaid_include",
    "risk_sale_order_include",
)


def fill(env, customers):
    """Make so many customers; the ids of their cards."""

    def work():
        invoice, order = _make_documents(env)
        env.flush_all()
        card = invoice.partner_id
        first = _copy_partners(env, card, customers)
        _copy_invoices(env, invoice, first, customers)
        _copy_orders(env, order, first, customers)
        env.cr.execute("ANALYZE")
        return list(range(first, first + customers))

    return work


def _make_documents(env):
    """A customer with limits, a contact, a posted invoice and a confirmed order."""
    # sudo: whoever fills the database need not be a risk manager
    env = env(su=True)
    included = [name for name in INCLUDED_BY_OCA if name in env["res.partner"]._fields]
    customer = env["res.partner"].create(
        {
            "name": "Customer",
            "customer_rank": 1,
            "is_company": True,
            "credit_limit": 500,
            "internal_credit_limit": 900,
            "child_ids": [Command.create({"name": "Contact"})],
            **dict.fromkeys(included, True),
        }
    )
    product = env["product.product"].create(
        {"name": "Goods", "invoice_policy": "order", "taxes_id": False}
    )
    vals = {"product_id": product.id, "price_unit": 50, "tax_ids": False}
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_date": fields.Date.today() - timedelta(days=20),
            "invoice_line_ids": [Command.create(vals)],
        }
    )
    invoice.action_post()
    order = env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [Command.create({**vals, "product_uom_qty": 2})] * 2,
        }
    )
    order.action_confirm()
    return invoice, order


def _copy(env, records, rows, vals):
    """Multiply the rows of ``records`` by the SQL table ``rows``.

    :param vals: SQL of the columns that differ, from ``origin`` and ``n``
    """
    table = records._table
    query = SQL(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER'",
        table,
    )
    # Whatever addon has added a column, only its own are named.
    columns = [name for (name,) in env.execute_query(query)]
    columns = [name for name in columns if name != "id" or name in vals]
    values = [
        SQL(vals[name]) if name in vals else SQL.identifier("origin", name)
        for name in columns
    ]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s AS origin, (%s) AS n"
            " WHERE origin.id = ANY(%s)",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(values),
            SQL.identifier(table),
            rows,
            records.ids,
        )
    )
    env.cr.execute(
        SQL(
            "SELECT setval(%s, (SELECT MAX(id) FROM %s))",
            f"{table}_id_seq",
            SQL.identifier(table),
        )
    )


def _after(env, records):
    query = SQL("SELECT MAX(id) FROM %s", SQL.identifier(records._table))
    return env.execute_query(query)[0][0] + 1


def _copy_partners(env, card, customers):
    first = _after(env, card)
    rows = SQL(
        "SELECT %s + i AS id, i FROM generate_series(0, %s) AS i", first, customers - 1
    )
    _copy(
        env,
        card,
        rows,
        {
            "id": "n.id",
            "name": "'Customer ' || n.i",
            "complete_name": "'Customer ' || n.i",
            "commercial_partner_id": "n.id",
            "ref": "NULL",
            "customer_code": "NULL",
            "vat": "'B' || n.id",
            "vat_key": "'B' || n.id",
            "barcode": "NULL",
        },
    )
    contact = card.child_ids[0]
    _copy(
        env,
        contact,
        SQL("SELECT %s + id AS id, id AS card_id FROM (%s) c", customers, rows),
        {
            "id": "n.id",
            "parent_id": "n.card_id",
            "commercial_partner_id": "n.card_id",
            "ref": "NULL",
            "customer_code": "NULL",
            "barcode": "NULL",
        },
    )
    return first


def _make_rows(env, records, first, customers):
    """A table of id, k (0 to 9), card_id, amount and due of each document."""
    name = SQL.identifier(f"bench_{records._table}")
    env.cr.execute(
        SQL(
            "CREATE TEMP TABLE %s ON COMMIT DROP AS"
            " SELECT %s + 10 * i + k AS id, k, %s + i AS card_id,"
            " 20 + (7 * i + 13 * k) %% 90 AS amount, CURRENT_DATE + 5 * (k - 7) AS due"
            " FROM generate_series(0, %s) AS i, generate_series(0, 9) AS k",
            name,
            _after(env, records),
            first,
            customers - 1,
        )
    )
    return SQL("SELECT * FROM %s", name)


def _copy_invoices(env, invoice, first, customers):
    rows = _make_rows(env, invoice, first, customers)
    left = f"CASE WHEN n.k < {PAID} THEN 0 ELSE n.amount END"
    state = f"CASE WHEN n.k = {DRAFT} THEN 'draft' ELSE 'posted' END"
    _copy(
        env,
        invoice,
        rows,
        {
            "id": "n.id",
            "name": "'B' || n.id",
            "sequence_number": "n.id",
            "partner_id": "n.card_id",
            "commercial_partner_id": "n.card_id",
            "partner_shipping_id": "n.card_id",
            "state": state,
            "invoice_date_due": "n.due",
            "amount_residual": left,
            "amount_residual_signed": left,
            "amount_total_signed": "n.amount",
            "access_token": "NULL",
        },
    )
    for line in invoice.line_ids:
        is_due = line.account_type == "asset_receivable"
        sign = "" if is_due else "-"
        vals = {
            "move_id": "n.id",
            "move_name": "'B' || n.id",
            "partner_id": "n.card_id",
            "parent_state": state,
            "balance": f"{sign}n.amount",
            "amount_currency": f"{sign}n.amount",
        }
        if is_due:
            vals |= {
                "debit": "n.amount",
                "date_maturity": "n.due",
                "amount_residual": left,
                "amount_residual_currency": left,
                "reconciled": f"n.k < {PAID}",
            }
        else:
            vals["credit"] = "n.amount"
        _copy(env, line, rows, vals)


def _copy_orders(env, order, first, customers):
    rows = _make_rows(env, order, first, customers)
    is_invoiced = f"n.k < {INVOICED}"
    _copy(
        env,
        order,
        rows,
        {
            "id": "n.id",
            "name": "'S' || n.id",
            "partner_id": "n.card_id",
            "partner_invoice_id": "n.card_id",
            "partner_shipping_id": "n.card_id",
            "invoice_status": f"CASE WHEN {is_invoiced} THEN 'invoiced'"
            " ELSE 'to invoice' END",
            "risk_to_invoice": f"CASE WHEN {is_invoiced} THEN 0 ELSE 2 * n.amount END",
            "access_token": "NULL",
        },
    )
    # Two pieces ordered a line, of which one or both are invoiced.
    left = f"CASE WHEN {is_invoiced} THEN 0 ELSE 1 END"
    _copy(
        env,
        order.order_line,
        rows,
        {
            "order_id": "n.id",
            "order_partner_id": "n.card_id",
            "risk_partner_id": "n.card_id",
            "price_unit": "n.amount",
            "price_total": "2 * n.amount",
            "price_subtotal": "2 * n.amount",
            "price_reduce_taxinc": "n.amount",
            "qty_invoiced": f"2 - {left}",
            "qty_to_invoice": left,
            "invoice_status": f"CASE WHEN {is_invoiced} THEN 'invoiced'"
            " ELSE 'to invoice' END",
            "untaxed_amount_to_invoice": f"{left} * n.amount",
            "risk_amount": f"{left} * n.amount",
        },
    )
