"""Run by ``odoo shell``: a day's work with ``xpyme_contacts_pos``."""
# ruff: noqa: F821 -- odoo shell provides env

from uuid import uuid4

from odoo import Command, fields

config = env["pos.config"].search([("name", "=", "Mostrador")])
invoice = env["account.move"].search(
    [("move_type", "=", "out_invoice"), ("state", "=", "posted")], limit=1
)
customer = invoice.commercial_partner_id
customer.is_blocked = True
article = env["product.product"].search([("sale_ok", "=", True)], limit=1)
entry = customer.get_pos_entry(config.id, config.pricelist_id.id, article.ids)
assert entry["blocked"]
ticket = {
    "uuid": str(uuid4()),
    "access_token": str(uuid4()),
    "name": "/",
    "state": "paid",
    "paid_offline": True,
    "session_id": config.current_session_id.id,
    "partner_id": customer.id,
    "date_order": fields.Datetime.to_string(fields.Datetime.now()),
    "amount_total": 10,
    "amount_tax": 0,
    "amount_paid": 10,
    "amount_return": 0,
    "to_invoice": False,
    "lines": [
        Command.create(
            {
                "uuid": str(uuid4()),
                "product_id": article.id,
                "qty": 1,
                "price_unit": 10,
                "price_subtotal": 10,
                "price_subtotal_incl": 10,
                "tax_ids": [Command.clear()],
            }
        )
    ],
    "payment_ids": [
        Command.create(
            {
                "uuid": str(uuid4()),
                "amount": 10,
                "payment_date": fields.Datetime.now(),
                "payment_method_id": config.payment_method_ids.id,
            }
        )
    ],
}
orders = env["pos.order"].with_context(config_id=config.id)
found = orders.sync_from_ui([ticket])["pos.order"]
order = orders.browse(found[0]["id"])
assert order.sold_to_blocked
assert customer._get_risk_amounts(env.company)[customer.id]["till"] == 0
order.get_views([(False, "form"), (False, "search")])
env.cr.commit()
