"""Run by ``odoo shell``: a day's work with ``xpyme_contacts_stock``."""
# ruff: noqa: F821 -- odoo shell provides env

from odoo import Command

income = env["account.account"].search([("account_type", "=", "income")], limit=1)
article = env["product.product"].create(
    {
        "name": "Cemento",
        "type": "consu",
        "list_price": 100,
        "taxes_id": False,
        "invoice_policy": "delivery",
        "property_account_income_id": income.id,
    }
)
route = env["xpyme.customer.route"].create({"name": "Costa"})
customer = env["res.partner"].create(
    {
        "name": "Obras Luna",
        "customer_flag": True,
        "invoice_grouping_mode": "per_delivery",
        "delivery_report_id": env.ref("xpyme_contacts_stock.valued_note_report").id,
        "delivery_note_copies": 2,
        "customer_route_id": route.id,
        "customer_price_ids": [
            Command.create({"product_id": article.id, "price_1": 90})
        ],
    }
)
action = customer.action_create_delivery_note()
order = env["sale.order"].browse(action["res_id"])
order.order_line.product_uom_qty = 3
order.action_deliver_note()
[note] = order.picking_ids
assert note.state == "done" and note.customer_route_id == route
[invoice] = order._create_invoices()
assert invoice.picking_ids == note
env.cr.commit()
