"""Run by ``odoo shell``: the customer file without what Odoo installs along with it."""
# ruff: noqa: F821 -- odoo shell provides env

modules = env["ir.module.module"]
names = ("xpyme_contacts_phonecall", "xpyme_contacts_remittance")
modules.search([("name", "in", names)]).auto_install = False
env.cr.commit()
modules.search([("name", "=", "xpyme_contacts")]).button_immediate_install()
