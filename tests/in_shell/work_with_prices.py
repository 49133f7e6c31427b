"""Run by ``odoo shell``: a day's work with ``xpyme_contacts_pricing``."""
# ruff: noqa: F821 -- odoo shell provides env

from odoo import Command

company = env.company
company.customer_price_learning = "always"
category = env["product.category"].create({"name": "Pintura"})
article = env["product.product"].create(
    {"name": "Esmalte", "list_price": 100, "taxes_id": False, "categ_id": category.id}
)
customer = env["res.partner"].create(
    {
        "name": "Pinturas Sol",
        "customer_flag": True,
        "email": "sol@example.com",
        "price_increase": 3,
        "margin_on_cost": 10,
        "customer_price_ids": [
            Command.create({"product_id": article.id, "price_1": 9, "min_price": 8})
        ],
        "family_discount_ids": [
            Command.create({"categ_id": category.id, "discount": 5})
        ],
        "customer_discount_ids": [Command.create({"name": "Feria", "percent": 5})],
    }
)
order = env["sale.order"].create(
    {
        "partner_id": customer.id,
        "order_line": [Command.create({"product_id": article.id})],
    }
)
assert order.order_line.price_unit == 9, order.order_line.price_unit
order.order_line.price_unit = 12
order.action_confirm()
assert customer.customer_price_ids.price_1 == 12
campaign = env["xpyme.offer.campaign"].create(
    {
        "name": "Primavera",
        "subject": "Ofertas",
        "email_from": "ofertas@example.com",
        "partner_domain": repr([("id", "=", customer.id)]),
        "product_ids": [Command.create({"product_id": article.id})],
    }
)
campaign.action_prepare()
assert campaign.offer_ids.detail_ids.origin == "special"
env.cr.commit()
