"""Run by ``odoo shell``: the data of a shop that has worked with stock Odoo for years.

``XPYME_PARTNERS`` says how many partners; a fifth of them are customers.
"""
# ruff: noqa: F821 -- odoo shell provides env

import os

from odoo import Command

chile = env.ref("base.cl")
company = env["res.company"].create({"name": "Second Company", "country_id": chile.id})
Partner = env["res.partner"].with_context(_partners_skip_fields_sync=True)
groups = range(int(os.environ["XPYME_PARTNERS"]) // 5)

customers = Partner.create(
    [
        {
            "name": f"Cliente {i}",
            "is_company": i % 2 == 0,
            "customer_rank": i % 3 + 1,
            # a code, the same code again, a reference of another kind, none
            "ref": (f"{i}", f"0{i - 1}", f"C-{i}", False)[i % 4],
            "email": f"cliente{i}@example.com",
            "phone": f"+56 41 2{i:06}",
            "street": f"Calle {i}",
            "city": "Concepción",
            "country_id": chile.id,
            "active": i % 10 != 9,
            "company_id": company.id if i % 7 == 0 else False,
        }
        for i in groups
    ]
)
# References of which several are one code: (name, reference, archived, company's).
# The oldest of a range keeps it; a company's own and everybody's are one range.
for name, ref, archived, own in (
    ("Mayor", "0900015", True, False),
    ("Código A", "015015", False, False),
    ("Código B", "15015", False, False),
    ("Código C", "15015", True, False),
    ("Código D", "015015", False, True),
    ("Propio A", "15016", False, True),
    ("Propio B", "015016", True, True),
    ("General C", "15016", False, False),
    ("Letras", "C-0012", False, False),
    ("Ninguno", False, False, False),
    ("Archivado", "15017", True, False),
    ("Posterior", "015017", False, False),
):
    Partner.create(
        {
            "name": name,
            "customer_rank": 1,
            "ref": ref,
            "active": not archived,
            "company_id": company.id if own else False,
        }
    )
Partner.create({"name": "Suministros", "supplier_rank": 1, "ref": "15015"})
kinds = (
    ("Cliente {}", "contact"),  # his namesake, with an e-mail and address of his own
    ("Persona {}", "contact"),
    ("Entrega {}", "delivery"),
)
children = Partner.create(
    [
        {
            "name": name.format(i),
            "type": kind,
            "parent_id": customer.id,
            "email": f"{kind}{i}@example.net",
            "street": "Otra calle 1",
            "country_id": chile.id,
            "company_id": customer.company_id.id,
        }
        for i, customer in enumerate(customers)
        for name, kind in kinds
    ]
)
Partner.create([{"name": f"Proveedor {i}", "supplier_rank": 1} for i in groups])

Users = env["res.users"].with_context(no_reset_password=True)
portal = {"group_ids": [Command.set(env.ref("base.group_portal").ids)]}
Users.create({"login": "portal", "partner_id": children[1].id, **portal})
Users.create({"login": "owner", "partner_id": customers[2].id, **portal})
worker = Users.create({"name": "Worker", "login": "worker"})

mine = customers.filtered(lambda c: c.active and not c.company_id)[:20]
product = env["product.product"].create({"name": "Visita", "list_price": 10})
lines = [Command.create({"product_id": product.id, "product_uom_qty": 2})]
orders = env["sale.order"].create(
    [{"partner_id": customer.id, "order_line": lines} for customer in mine]
)
orders[::2].action_confirm()

locations = env["fsm.location"].create(
    [{"name": f"Local {c.name}", "owner_id": c.id, "street": "Local 1"} for c in mine]
)
services = env["fsm.order"].create([{"location_id": place.id} for place in locations])
services[::2].action_complete()
for order in services:
    order.message_post(body="Llamar antes")
    order.activity_schedule("mail.mail_activity_data_todo", user_id=worker.id)
mine.activity_schedule("mail.mail_activity_data_call")
env.cr.commit()
