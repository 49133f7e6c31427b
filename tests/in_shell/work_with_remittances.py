"""Run by ``odoo shell``: a day's work with ``xpyme_contacts_remittance``."""
# ruff: noqa: F821 -- odoo shell provides env

group = env["xpyme.remittance.group"].create({"code": "M", "name": "Del mes"})
customer = env["res.partner"].create(
    {"name": "Obras Luna", "customer_flag": True, "remittance_group_id": group.id}
)
env["res.partner"].get_views([(False, "form"), (False, "list")])
assert customer.risk_debt == 0
env.cr.commit()
