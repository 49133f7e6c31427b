"""Run by ``odoo shell``: a shop with a till, special prices and a ticket, and without
what Odoo installs along with them."""
# ruff: noqa: F821 -- odoo shell provides env

from odoo import Command

modules = env["ir.module.module"]
names = (
    *("xpyme_contacts_phonecall", "xpyme_contacts_remittance"),
    *("xpyme_contacts_points", "xpyme_contacts_stock", "xpyme_contacts_pos"),
)
modules.search([("name", "in", names)]).auto_install = False
env.cr.commit()
wanted = ("xpyme_contacts_pricing", "point_of_sale")
modules.search([("name", "in", wanted)]).button_immediate_install()
env.transaction.reset()
journal = env["account.journal"].create({"name": "Caja", "type": "cash", "code": "CJT"})
cash = env["pos.payment.method"].create({"name": "Caja", "journal_id": journal.id})
config = env["pos.config"].create(
    {"name": "Mostrador", "payment_method_ids": [Command.set(cash.ids)]}
)
# Odoo lets its superuser open none.
config.with_user(env.ref("base.user_admin")).open_ui()
config.current_session_id.set_opening_control(0, None)
env.cr.commit()
