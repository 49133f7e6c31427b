"""Run in ``odoo shell``: customers at their limits, and quotations over them."""
# ruff: noqa: F821 -- odoo shell provides env

import json

from odoo import Command

env["res.users"].search([]).odoobot_state = "disabled"
company = env.ref("base.user_admin").company_id
owner = env["res.users"].search([("login", "=", "duena")])
owner.group_ids |= env.ref("xpyme_contacts.group_risk_manager") | env.ref(
    "sales_team.group_sale_salesman_all_leads"
)
groups = (
    env.ref("base.group_user")
    | env.ref("sales_team.group_sale_salesman_all_leads")
    | env.ref("base.group_partner_manager")
)
env["res.users"].with_context(no_reset_password=True).create(
    {
        "name": "Marta Vendedora",
        "login": "vendedora",
        "password": "vendedora",
        "email": "vendedora@example.com",
        "lang": owner.lang,
        "tz": owner.tz,
        "group_ids": [Command.set(groups.ids)],
        "company_ids": [Command.set(owner.company_ids.ids)],
        "company_id": owner.company_id.id,
    }
)
env["res.users"].search([("login", "=", "vendedora")]).odoobot_state = "disabled"
env.ref("base.user_admin").odoobot_state = "disabled"
company = owner.company_id
product = env["product.product"].create({"name": "Cemento", "taxes_id": False})


def make_customer(name, limit, **vals):
    vals.update(is_company=True, customer_flag=True, country_id=company.country_id.id)
    partner = env["res.partner"].create({"name": name, **vals})
    partner.with_company(company).credit_limit = limit
    return partner


def make_order(partner, amount, reference):
    line = {"product_id": product.id, "price_unit": amount, "tax_ids": False}
    return (
        env["sale.order"]
        .with_company(company)
        .create(
            {
                "partner_id": partner.id,
                "client_order_ref": reference,
                "company_id": company.id,
                "user_id": owner.id,
                "order_line": [Command.create(line)],
            }
        )
    )


worst = make_customer("Ferretería del Riesgo", 1000, is_defaulter=True)
worst.deregistration_date = "2099-01-31"
make_order(worst, 1312, "DEUDA").action_confirm()
for device in ("desktop", "phone"):
    make_order(make_customer(f"Obras {device}", 1000), 1312, f"PREGUNTA-{device}")
    make_order(make_customer(f"Bloques {device}", 1000), 1312, f"BLOQUEO-{device}")
make_order(make_customer("Ampliaciones", 1000), 900, "SUBIDA")
make_order(make_customer("Obra Parada", 1000), 400, "MUERTO").action_confirm()
env.cr.commit()
orders = env["sale.order"].search([("client_order_ref", "!=", False)])
ids = {order.client_order_ref: order.id for order in orders}
print("ORDERS " + json.dumps({**ids, "CLIENTE": worst.id}))
