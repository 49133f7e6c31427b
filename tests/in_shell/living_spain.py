"""Run by ``odoo shell``: a Spanish shop with stock Odoo, and then billing alone.

Odoo would install the addons for its countries along with it.
"""
# ruff: noqa: F821 -- odoo shell provides env

from odoo import Command

charts = env["account.chart.template"]
customers = env["res.partner"].create(
    [
        {"name": "Kiosco Sol", "customer_rank": 1, "country_id": env.ref("base.es").id},
        {"name": "Asesoría Vic", "customer_rank": 1, "vat": "ESA58818501"},
    ]
)
customers[0].property_account_position_id = charts.ref("fp_recargo")
customers[1].bank_ids = [Command.create({"acc_number": "12345678"})]
article = env["product.product"].create({"name": "Clavos", "list_price": 100})
lines = [Command.create({"product_id": article.id})]
env["sale.order"].create([{"partner_id": c.id, "order_line": lines} for c in customers])
invoices = env["account.move"].create(
    [
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_line_ids": lines,
        }
        for customer in customers
    ]
)
invoices[0].action_post()
modules = env["ir.module.module"]
names = ("xpyme_contacts_cl", "xpyme_contacts_es")
modules.search([("name", "in", names)]).auto_install = False
env.cr.commit()
modules.search([("name", "=", "xpyme_contacts_billing")]).button_immediate_install()
