"""Run in ``odoo shell`` after ``furnish_offers.py``: a shop on several hosts."""
# ruff: noqa: F821 -- odoo shell provides env

internal = env.ref("base.group_user")
sales = env.ref("sales_team.group_sale_salesman_all_leads")
partners = env.ref("base.group_partner_manager")
env["res.users"].with_context(no_reset_password=True).create(
    {
        "name": "Vendedora",
        "login": "vendedora",
        "password": "vendedora",
        "group_ids": [(6, 0, (internal | sales | partners).ids)],
    }
)
approving = env.ref("xpyme_contacts.group_offer_manager")
env.ref("base.user_admin").group_ids = [(4, approving.id)]
settings = env["ir.config_parameter"]
settings.set_param("web.base.url", "https://shop.example.com")
settings.set_param("web.base.url.freeze", "True")
settings.set_param("report.url", "http://lane1.internal:8069")
# Odoo's own jobs are all due in a database that has just been made.
env["ir.cron"].search([("cron_name", "not like", "Customers:%")]).active = False
env.cr.commit()
