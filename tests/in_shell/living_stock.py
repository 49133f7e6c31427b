"""Run by ``odoo shell``: a second company that sells goods, and has no warehouse."""
# ruff: noqa: F821 -- odoo shell provides env

from odoo import Command

company = env["res.company"].create({"name": "Sucursal"})
env.user.company_ids |= company
env = env(context={**env.context, "allowed_company_ids": company.ids})
article = env["product.product"].create(
    {"name": "Ladrillo", "type": "consu", "list_price": 1, "taxes_id": False}
)
customer = env["res.partner"].create({"name": "Compra allí", "customer_rank": 1})
order = env["sale.order"].create(
    {
        "partner_id": customer.id,
        "company_id": company.id,
        "order_line": [Command.create({"product_id": article.id})],
    }
)
order.action_confirm()
env.cr.commit()
