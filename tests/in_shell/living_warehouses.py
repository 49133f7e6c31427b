"""Run by ``odoo shell``: what the manual says, a warehouse for each company that sells
goods before Odoo's ``sale_stock`` comes. The addon itself is asked for later."""
# ruff: noqa: F821 -- odoo shell provides env

modules = env["ir.module.module"]
modules.search([("name", "=", "sale_stock")]).auto_install = False
env.cr.commit()
modules.search([("name", "=", "stock")]).button_immediate_install()
warehouses = env["stock.warehouse"]
for company in env["res.company"].search([]):
    if not warehouses.search([("company_id", "=", company.id)]):
        warehouses.create(
            {"name": company.name, "code": f"W{company.id}", "company_id": company.id}
        )
env.cr.commit()
names = (
    "xpyme_contacts_billing",
    "xpyme_contacts_pricing",
    "sale_stock",
    "stock_delivery",
    "sale_stock_partner_warehouse",
    "sale_stock_picking_invoice_link",
)
modules = env["ir.module.module"]
# each installation reads the manifests again
modules.search([("name", "=", "xpyme_contacts_stock")]).auto_install = False
env.cr.commit()
modules.search([("name", "in", names)]).button_immediate_install()
