"""Run by ``odoo shell``: a shop with loyalty cards and the customer file, and without
what Odoo installs along with it."""
# ruff: noqa: F821 -- odoo shell provides env

modules = env["ir.module.module"]
names = (
    *("xpyme_contacts_phonecall", "xpyme_contacts_remittance"),
    "xpyme_contacts_points",
)
modules.search([("name", "in", names)]).auto_install = False
env.cr.commit()
wanted = modules.search([("name", "in", ("xpyme_contacts", "sale_loyalty"))])
wanted.button_immediate_install()
# The sold-to customers are of a type before points come.
kind = env["xpyme.customer.type"].create({"name": "Comercio"})
invoices = env["account.move"].search(
    [("move_type", "=", "out_invoice"), ("state", "=", "posted")]
)
invoices.commercial_partner_id.customer_type_id = kind
program = (
    env["loyalty.program"]
    .with_context(default_program_type="loyalty")
    .create({"name": "Club"})
)
order = env["sale.order"].search([("state", "=", "draft")], limit=1)
order._update_programs_and_rewards()
order.action_confirm()
assert order.coupon_point_ids, "the order earns points"
env.cr.commit()
