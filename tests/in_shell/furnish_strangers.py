"""Run in ``odoo shell``: a customer's file, and three who have no business with it.

Whatever is SECRETO is not for the other company and the portal; RESERVADO and the
figures are not for colleagues without rights either.
"""
# ruff: noqa: F821 -- odoo shell provides env

import datetime
import json

from odoo import Command

company, rival = env.company, env["res.company"].create({"name": "Otra Tienda"})
Users = env["res.users"].with_context(no_reset_password=True)


def make_user(login, *groups, **vals):
    groups = [env.ref(group).id for group in groups]
    values = {"name": login.title(), "login": login, "password": login * 2}
    values.update(email=f"{login}@example.com", group_ids=[Command.set(groups)], **vals)
    user = Users.create(values)
    tomorrow = datetime.datetime.now() + datetime.timedelta(days=1)
    keys = env(user=user.id)["res.users.apikeys"].sudo()
    return {
        "id": user.id,
        "login": login,
        "password": login * 2,
        "partner": user.partner_id.id,
        "key": keys._generate("rpc", "end-to-end tests", tomorrow),
    }


def make_customer(name, **vals):
    values = {"name": name, "is_company": True, "customer_flag": True}
    values.update(street="Freire 247", country_id=env.ref("base.es").id, **vals)
    return env["res.partner"].create(values)


product = env["product.product"].create({"name": "Tornillo", "list_price": 50})
family = env["product.category"].create({"name": "Tornillería"})
kind = env["xpyme.customer.type"].create(
    {"name": "Tipo SECRETO", "company_id": company.id}
)
route = env["xpyme.customer.route"].create(
    {"name": "Ruta SECRETO", "company_id": company.id}
)
secret = make_customer(
    "Cliente SECRETO",
    email="cliente@secreto.example.com",
    phone="+34911222333",
    vat="ESA28015865",
    company_id=company.id,
    customer_type_id=kind.id,
    customer_route_id=route.id,
    credit_limit=1234.56,
    internal_credit_limit=2345.67,
)
contact = env["res.partner"].create(
    {
        "name": "Persona SECRETO",
        "parent_id": secret.id,
        "email": "persona@secreto.example.com",
        "birthdate_date": "1971-02-03",
    }
)
env["res.partner.id_number"].create(
    {
        "partner_id": contact.id,
        "category_id": env["res.partner.id_category"]
        .create({"name": "Permiso", "code": "PER"})
        .id,
        "name": "RESERVADO-1",
    }
)
env["res.partner.bank"].create(
    {"partner_id": secret.id, "acc_number": "ES9121000418450200051332"}
)
env["xpyme.alternative.code"].create(
    {"name": "TARJETA-SECRETO", "partner_id": secret.id}
)
env["xpyme.offer.line"].create(
    {"partner_id": secret.id, "kind": "title", "text": "RESERVADO SECRETO"}
)
env["xpyme.customer.discount"].create(
    {"partner_id": secret.id, "name": "RESERVADO SECRETO", "percent": 33.33}
)
env["xpyme.customer.family.discount"].create(
    {"partner_id": secret.id, "categ_id": family.id, "discount": 33.33}
)
price = env["xpyme.customer.price"].create(
    {"partner_id": secret.id, "product_id": product.id, "price_1": 77.77}
)
price.price_1 = 78.77
secret.activity_schedule(
    "mail.mail_activity_data_call", summary="RESERVADO SECRETO", user_id=env.user.id
)
template = env["xpyme.offer.template"].create(
    {
        "name": "RESERVADO SECRETO",
        "company_id": company.id,
        "body_html": "<p>$1</p><p>$2</p>",
    }
)
campaign = env["xpyme.offer.campaign"].create(
    {
        "name": "RESERVADO SECRETO",
        "subject": "RESERVADO SECRETO",
        "email_from": "tienda@example.com",
        "partner_id": secret.id,
        "template_id": template.id,
        "product_ids": [Command.create({"product_id": product.id, "price": 77.77})],
        "margin_ids": [Command.create({"min_quantity": 1, "margin": 33.33})],
    }
)
campaign.action_prepare()
env["xpyme.offer.consent"].create(
    {
        "email": "cliente@secreto.example.com",
        "partner_id": secret.id,
        "kind": "granted",
        "text": "RESERVADO SECRETO",
    }
)


def make_order(customer, amount):
    line = {"product_id": product.id, "price_unit": amount, "tax_ids": False}
    values = {"partner_id": customer.id, "order_line": [Command.create(line)]}
    return env["sale.order"].create(values)


order = make_order(secret, 777.25)
order.action_confirm()
quotation = make_order(secret, 99999)
env["xpyme.risk.release"].create(
    {
        "name": "RESERVADO SECRETO",
        "res_model": "sale.order",
        "res_id": quotation.id,
        "partner_id": secret.id,
        "company_id": company.id,
        "kind": "released",
        "stage": "order",
        "amount": 777.25,
        "excess": 77.77,
        "reason": "RESERVADO SECRETO",
        "valid_until": "2099-01-01",
        "user_id": env.user.id,
    }
)
note = secret.message_post(body="SECRETO")  # core shows it to all who read partners
service = env["fsm.order"].create({"service_customer_id": secret.id})
shopper = make_customer(
    "Cliente con acceso",
    company_id=company.id,
    credit_limit=1234.56,
    internal_credit_limit=2345.67,
)
own_order = make_order(shopper, 50)
own_order._portal_ensure_token()
own = env["res.partner"].create(
    {"name": "Cliente Propio", "customer_rank": 1, "company_id": rival.id}
)
users = {
    "bare": make_user("bare", "base.group_user"),
    "elsewhere": make_user(
        "elsewhere",
        "base.group_user",
        "sales_team.group_sale_salesman_all_leads",
        "base.group_partner_manager",
        "base.group_allow_export",
        company_ids=[Command.set(rival.ids)],
        company_id=rival.id,
    ),
    "portal": make_user(
        "portal", "base.group_portal", partner_id=shopper.id, company_id=company.id
    ),
}
env.cr.commit()

family_models = {
    name: model
    for name, model in env.registry.items()
    if name.startswith("xpyme.") and not model._abstract
}
bare = env["res.users"].browse(users["bare"]["id"])
made = {
    name: globals()[name].id
    for name in "secret contact product order quotation note service own own_order "
    "shopper campaign price rival".split()
}
made.update(
    users=users,
    token=order._portal_ensure_token(),
    # Of each model of the family its rows, and the fields that lead to a customer.
    rows={
        name: env[name].with_context(active_test=False).search([]).ids
        for name, model in family_models.items()
        if not model._transient
    },
    links={
        name: [
            [field.name, field.type]
            for field in model._fields.values()
            if field.comodel_name == "res.partner" and not field.compute
        ]
        for name, model in family_models.items()
    },
    tables=[
        model._table
        for model in family_models.values()
        if model._auto and not model._transient
    ],
    guarded=[
        [field.name, field.type]
        for field in env["res.partner"]._fields.values()
        if field.groups
        and any(m.startswith("xpyme") for m in field.base_field._modules)
        and not bare.has_groups(field.groups)
    ],
)
env.cr.commit()
print("STRANGERS " + json.dumps(made))
