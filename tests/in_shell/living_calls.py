"""Run by ``odoo shell``: a shop that has noted its calls in the CRM for years."""
# ruff: noqa: F821 -- odoo shell provides env

modules = env["ir.module.module"]
modules.search([("name", "=", "xpyme_contacts_phonecall")]).auto_install = False
env.cr.commit()
modules.search([("name", "=", "xpyme_contacts")]).button_immediate_install()
env = env(user=env.ref("base.user_root"))
customer = env["res.partner"].create({"name": "Kiosco Sol", "customer_flag": True})
contact = env["res.partner"].create({"name": "Ana", "parent_id": customer.id})
calls = env["crm.phonecall"].create(
    [
        {"name": "Presupuesto", "partner_id": customer.id, "state": "done"},
        {"name": "Caldera", "partner_id": contact.id, "date": "2030-01-07 10:00:00"},
        {"name": "Anulada", "partner_id": contact.id, "state": "cancel"},
        {"name": "Nadie", "description": "Se equivocó"},
    ]
)
calls[0].description = "Lo quiere"
env.cr.commit()
