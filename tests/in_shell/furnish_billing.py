"""Run in ``odoo shell``: orders to be invoiced, and two runs over all of them.

``XPYME_ORDERS``: how many.
"""
# ruff: noqa: F821 -- odoo shell provides env

import json
import os

NUMBER = int(os.environ["XPYME_ORDERS"])
CUSTOMERS = max(NUMBER // 20, 3)
MODES = ("group", "per_delivery", False)

cr = env.cr
product = env["product.product"].create(
    {
        "name": "Clavos",
        "type": "service",
        "invoice_policy": "order",
        "taxes_id": [(5, 0, 0)],
    }
)
customers = env["res.partner"].create(
    [
        {
            "name": f"Cliente {number}",
            "is_company": True,
            "customer_flag": True,
            "country_id": env.ref("base.cl").id,
            "invoice_grouping_mode": MODES[number % 3],
        }
        for number in range(CUSTOMERS)
    ]
)
line = {"product_id": product.id, "price_unit": 10, "tax_ids": [(5, 0, 0)]}
model = env["sale.order"].create(
    {"partner_id": customers[0].id, "order_line": [(0, 0, line)]}
)
model.action_confirm()
model.date_order = "2026-07-10 12:00:00"
# It takes something back that no invoice has: for a person.
back = model.copy({"partner_id": customers[0].id})
back.order_line.product_uom_qty = -1
back.action_confirm()
back.date_order = "2026-07-10 12:00:00"
env.flush_all()


def columns(table, *own):
    """The columns of a table that its copies share."""
    cr.execute(
        "SELECT string_agg(quote_ident(column_name), ', ')"
        "  FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> ALL(%s)",
        [table, ["id", "access_token", *own]],
    )
    return cr.fetchone()[0]


# Copies of one order, in one statement: by the ORM it would take minutes.
own = ("name", "partner_id", "partner_invoice_id", "partner_shipping_id")
shared = columns("sale_order", *own)
cr.execute(
    f"""
    INSERT INTO sale_order ({", ".join(own)}, {shared})
    SELECT 'V' || n, customer, customer, customer, {shared}
      FROM sale_order, generate_series(1, %s) AS n,
           LATERAL (SELECT (%s::int[])[1 + n %% %s] AS customer) AS payer
     WHERE id = %s
    """,
    [NUMBER - 2, customers.ids, CUSTOMERS, model.id],
)
shared = columns("sale_order_line", "order_id", "order_partner_id")
cr.execute(
    f"""
    INSERT INTO sale_order_line (order_id, order_partner_id, {shared})
    SELECT copied_id, copied_partner_id, {shared}
      FROM sale_order_line
      JOIN (SELECT id AS copied_id, partner_id AS copied_partner_id
              FROM sale_order WHERE name ~ '^V[0-9]') AS copied
        ON order_id = %s
    """,
    [model.id],
)
env.invalidate_all()
runs = env["xpyme.billing.run"].create(
    [
        {
            "name": f"Julio {number}",
            "invoice_date": "2026-07-31",
            "date_to": "2026-07-31",
            "action_after": "post",
        }
        for number in range(2)
    ]
)
runs.action_prepare()
cr.commit()
print("SHOP " + json.dumps({"runs": runs.ids}))
