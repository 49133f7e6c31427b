"""Run by ``odoo shell``: a day's work with ``xpyme_contacts_phonecall``."""
# ruff: noqa: F821 -- odoo shell provides env

customer = env["res.partner"].create({"name": "Bar Luna", "customer_flag": True})
contact = env["res.partner"].create({"name": "Eva", "parent_id": customer.id})
held, due = env["crm.phonecall"].create(
    [
        {"name": "Pedido", "partner_id": contact.id, "description": "Lo quiere"},
        {"name": "Visita", "partner_id": customer.id, "date": "2030-01-08 10:00:00"},
    ]
)
held.action_hold()
due.followup_id.date_deadline = "2030-01-09"
due.activity_schedule("mail.mail_activity_data_todo")
env.cr.commit()
