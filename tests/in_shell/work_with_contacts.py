"""Run by ``odoo shell``: a day's work with ``xpyme_contacts``, before it is removed."""
# ruff: noqa: F821 -- odoo shell provides env

from odoo import Command

group = env.ref("xpyme_contacts.group_service_technician")
technician = env["res.users"].search([("login", "=", "worker")])
technician.write({"group_ids": [Command.link(group.id)]})
env.company.contacts_follow_address = True

Partner = env["res.partner"]
customer = Partner.create(
    {"name": "Nuevo", "customer_flag": True, "contact_phone": "1", "phone": "2"}
)
customer.write({"email": "nuevo@example.com", "contact_function": "Dueño"})
customer.contact_ids.contact_sequence = 1
other = Partner.create({"name": "Otro", "customer_flag": True})
other.alternative_code_ids = [Command.create({"name": "Tarjeta 7"})]
order = env["fsm.order"].create({"service_customer_id": customer.id})
order.service_customer_id = other
order.activity_schedule(
    "mail.mail_activity_data_call", contact_id=other.contact_ids[:1].id
)
env["ir.default"].set("res.partner", "customer_flag", True)
window = env.ref("xpyme_contacts.xpyme_contact_action")
env["ir.filters"].create(
    {"name": "Ours", "model_id": "res.partner", "action_id": window.id}
)
env["ir.exports"].create(
    {
        "name": "Ours",
        "resource": "res.partner",
        "export_fields": [Command.create({"name": "contact_name"})],
    }
)
env["ir.actions.report"]._render_qweb_html(
    "xpyme_contacts.xpyme_contact_sheet_action", customer.ids
)
env.cr.commit()
