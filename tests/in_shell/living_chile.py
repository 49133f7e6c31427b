"""Run by ``odoo shell``: a Chilean shop with stock Odoo, and then billing alone.

Odoo would install the addons for its countries along with it.
"""
# ruff: noqa: F821 -- odoo shell provides env

from odoo import Command

company = env.ref("base.main_company")
company.partner_id.write({"vat": "12345678-5", "l10n_cl_sii_taxpayer_type": "1"})
customers = env["res.partner"].create(
    [
        {
            "name": name,
            "customer_rank": 1,
            "country_id": env.ref("base.cl").id,
            "vat": vat,
            "l10n_cl_sii_taxpayer_type": "1",
        }
        for name, vat in (("Kiosco Sol", "76086428-5"), ("Bar Luna", "11111111-1"))
    ]
)
customers[0].bank_ids = [Command.create({"acc_number": "12345678"})]
article = env["product.product"].create({"name": "Clavos", "list_price": 1000})
lines = [Command.create({"product_id": article.id})]
invoices = env["account.move"].create(
    [
        {"move_type": "out_invoice", "partner_id": c.id, "invoice_line_ids": lines}
        for c in customers
    ]
)
invoices[0].action_post()
modules = env["ir.module.module"]
names = ("xpyme_contacts_cl", "xpyme_contacts_es")
modules.search([("name", "in", names)]).auto_install = False
env.cr.commit()
modules.search([("name", "=", "xpyme_contacts_billing")]).button_immediate_install()
