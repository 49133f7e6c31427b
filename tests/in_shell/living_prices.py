"""Run by ``odoo shell``: pricelists, orders and invoices of a shop with stock Odoo."""
# ruff: noqa: F821 -- odoo shell provides env

from odoo import Command

company = env.company
currency = env["res.currency"].create({"name": "XPY", "symbol": "¤"})
pricelists = env["product.pricelist"].create(
    [
        {
            "name": name,
            "currency_id": money.id,
            "item_ids": [
                Command.create({"compute_price": "percentage", "percent_price": 7})
            ],
        }
        for name, money in (
            ("Mayoristas", company.currency_id),
            ("Exterior", currency),
        )
    ]
)
journal = env["account.journal"].create(
    {"name": "Ventas", "code": "XVL", "type": "sale"}
)
accounts = env["account.account"].create(
    [
        {"name": "Ventas", "code": "X70009", "account_type": "income"},
        {
            "name": "Clientes",
            "code": "X43009",
            "account_type": "asset_receivable",
            "reconcile": True,
        },
    ]
)
articles = env["product.product"].create(
    [
        {
            "name": f"Artículo {number}",
            "list_price": 10 + number,
            "standard_price": 5,
            "taxes_id": False,
            "property_account_income_id": accounts[0].id,
        }
        for number in range(5)
    ]
)
customers = env["res.partner"].create(
    [
        {
            "name": f"Compra {number}",
            "customer_rank": 1,
            "specific_property_product_pricelist": pricelists[number % 2].id,
            "property_account_receivable_id": accounts[1].id,
        }
        for number in range(4)
    ]
)
lines = [
    Command.create(
        {"product_id": article.id, "price_unit": 7.5, "discount": 3}
        if article == articles[0]
        else {"product_id": article.id}
    )
    for article in articles
]
orders = env["sale.order"].create(
    [{"partner_id": customer.id, "order_line": lines} for customer in customers]
)
orders[:2].action_confirm()
orders[3].action_cancel()
moves = env["account.move"].create(
    [
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_line_ids": [
                Command.create({"product_id": article.id, "discount": 2})
                for article in articles
            ],
        }
        for customer in customers
    ]
)
moves[:2].action_post()
env.cr.commit()
