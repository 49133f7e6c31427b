"""Run by ``odoo shell``: a day's work with ``xpyme_contacts_es``."""
# ruff: noqa: F821 -- odoo shell provides env

from odoo import Command

article = env["product.product"].search([("name", "=", "Clavos")])
lines = [Command.create({"product_id": article.id})]
customers = env["res.partner"].create(
    [
        {"name": "Papelería Luz", "equivalence_surcharge": True},
        {"name": "Gestoría Mar", "irpf_percent": 15, "irpf_base": "total"},
        {"name": "Sin uso", "irpf_percent": 7},
    ]
)
customers[0].bank_ids = [Command.create({"acc_number": "21000418450200051332"})]
shop = env["res.partner"].search([("name", "=", "Kiosco Sol")])
shop.irpf_percent = 15
invoices = env["account.move"].create(
    [
        {"move_type": "out_invoice", "partner_id": c.id, "invoice_line_ids": lines}
        for c in customers[:2]
    ]
)
invoices.action_post()
env.cr.commit()
