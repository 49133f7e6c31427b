"""Run by ``odoo shell``: a month of billing with ``xpyme_contacts_billing``."""
# ruff: noqa: F821 -- odoo shell provides env

from odoo import Command

income = env["account.account"].search([("account_type", "=", "income")], limit=1)
article = env["product.product"].create(
    {
        "name": "Cemento",
        "type": "service",
        "list_price": 100,
        "taxes_id": False,
        "invoice_policy": "order",
        "property_account_income_id": income.id,
    }
)
group = env["xpyme.invoicing.group"].create({"name": "Obras"})
series = env["account.journal"].search([("type", "=", "sale")], limit=1)
leave = {"date_from": "2026-08-01", "date_to": "2026-08-31", "name": "Vacaciones"}
customer = env["res.partner"].create(
    {
        "name": "Obras Luna",
        "customer_flag": True,
        "invoicing_group_id": group.id,
        "invoice_grouping_mode": "group",
        "invoice_journal_id": series.id,
        "invoice_copies": 2,
        "minimum_consumption": 600,
        "payment_days": "5, 20",
        "leave_ids": [Command.create(leave)],
    }
)
orders = env["sale.order"].create(
    [
        {
            "partner_id": customer.id,
            "order_line": [Command.create({"product_id": article.id})],
        }
        for _number in range(3)
    ]
)
orders.action_confirm()
orders.date_order = "2026-07-10 12:00:00"
run = env["xpyme.billing.run"].create(
    {
        "name": "Julio",
        "invoice_date": "2026-07-31",
        "date_to": "2026-07-31",
        "action_after": "post",
        "invoicing_group_ids": [Command.set(group.ids)],
    }
)
run.action_prepare()
run.action_run()
run._work("pending")
invoice = orders.invoice_ids
assert invoice.state == "posted" and invoice.amount_total == 300, invoice.state
env.cr.commit()
