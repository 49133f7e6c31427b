"""Run in ``odoo shell``: customers, users and orders of the tests' shop."""
# ruff: noqa: F821 -- odoo shell provides env

import datetime
import json

TECHNICIAN = "xpyme_contacts.group_service_technician"
FSM_USER = "fieldservice.group_fsm_user_own"

Partner = env["res.partner"].with_context(tracking_disable=True)
chile = env.ref("base.cl")
env.company.partner_id.write({"name": "Taller Biobío", "country_id": chile.id})
env.company.partner_id.vat = "76086428-5"


def make_user(login, groups):
    values = {"name": login.title(), "login": login, "password": login * 2}
    values.update(email=f"{login}@example.com", group_ids=[(6, 0, groups.ids)])
    user = env["res.users"].with_context(no_reset_password=True).create(values)
    return describe(user)


def describe(user):
    tomorrow = datetime.datetime.now() + datetime.timedelta(days=1)
    keys = env(user=user.id)["res.users.apikeys"].sudo()
    return {
        "id": user.id,
        "login": user.login,
        "password": user.login * 2,
        "partner": user.partner_id.id,
        "key": keys._generate("rpc", "end-to-end tests", tomorrow),
    }


def refs(*xmlids):
    return env["res.groups"].union(*map(env.ref, xmlids))


def every_internal_group():
    """All groups that can be had together with an internal user."""
    share = refs("base.group_portal", "base.group_public")
    return (
        env["res.groups"]
        .search([])
        .filtered(lambda group: not share & (group | group.all_implied_ids))
    )


def make_customer(name="ACME S.A.", **vals):
    values = {"name": name, "is_company": True, "customer_flag": True}
    values.update(phone="41 290 97 25", email="acme@example.com", street="Freire 247")
    values.update(zip="4030000", city="Concepción", country_id=chile.id)
    return Partner.create({**values, **vals})


env.ref("base.user_admin").write({"password": "adminadmin"})
internal = env.ref("base.group_user")
users = {
    "admin": describe(env.ref("base.user_admin")),
    "salesperson": make_user(
        "salesperson",
        internal
        | refs("sales_team.group_sale_salesman", "base.group_partner_manager")
        | refs("base.group_allow_export"),
    ),
    # whom all groups together do not free
    "technician": make_user("technician", every_internal_group()),
    "humble": make_user("humble", internal | refs(FSM_USER, TECHNICIAN)),
    # who sells and invoices besides
    "selling": make_user(
        "selling",
        internal
        | refs("sales_team.group_sale_manager", "account.group_account_invoice")
        | refs("base.group_partner_manager", "base.group_allow_export")
        | refs("fieldservice.group_fsm_manager", TECHNICIAN),
    ),
    "promoted": make_user(
        "promoted", internal | refs("base.group_partner_manager", TECHNICIAN)
    ),
}
category = env["res.partner.category"].create({"name": "Mayorista"})
industry = env["res.partner.industry"].create({"name": "Conservas"})
customer = make_customer(
    vat="77777777-7", category_id=[(4, category.id)], industry_id=industry.id
)
mirror = customer.contact_ids
contact = Partner.create({"name": "Juan Pérez", "parent_id": customer.id})
contact.write({"phone": "41 222 33 44", "email": "juan@example.com"})
address = Partner.create(
    {"name": "Bodega", "parent_id": customer.id, "type": "delivery"}
)
archived = Partner.create({"name": "Ida", "parent_id": customer.id, "active": False})
employee = Partner.create({"name": "Ana", "company_name": "Conservas Ana"})
other = make_customer("Beta Ltda.", email="beta@example.com")
bare = make_customer("Gamma Ltda.", email="gamma@example.com")
bare.contact_ids.unlink()
nameless = make_customer("Sin RUT", email="sinrut@example.com")
bank = env["res.partner.bank"].create(
    {"partner_id": customer.id, "acc_number": "00123456789"}
)
kind = env["res.partner.id_category"].create({"name": "Pasaporte", "code": "PAS"})
number = env["res.partner.id_number"].create(
    {"partner_id": contact.id, "category_id": kind.id, "name": "P1234"}
)
blocked = env["mail.blacklist"].create({"email": "nunca@example.com"})
silent = env["phone.blacklist"].create({"number": "+56961234567"})
note = contact.message_post(body="Llamar por la mañana")
file = env["ir.attachment"].create(
    {"name": "carta.txt", "raw": b"hola", "res_model": "res.partner"}
)
file.res_id = contact.id
worker = env["fsm.person"].create({"partner_id": users["technician"]["partner"]})
order = env["fsm.order"].create(
    {"service_customer_id": customer.id, "person_id": worker.id}
)
without_rut = env["fsm.order"].create({"service_customer_id": nameless.id})
env.cr.commit()

made = {
    name: globals()[name].id
    for name in (
        "customer mirror contact address archived employee other bare category "
        "industry bank kind number blocked silent note file worker order without_rut"
    ).split()
}
made["user"] = users["salesperson"]["id"]
print("SHOP " + json.dumps({"users": users, **made, "location": order.location_id.id}))
