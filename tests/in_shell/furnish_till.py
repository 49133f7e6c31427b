"""A till in the Spanish company with customers who are told apart by their terms.

What it made is in ``made``.
"""

from odoo import Command

env = env(user=env.ref("base.user_admin"))  # noqa: F821, PLW0127
charts = env["account.chart.template"]
vat = charts.ref("account_tax_template_s_iva21b")
company = env.company
lists = env["product.pricelist"]
tariffs = lists._get_tariffs(company)
for number in (1, 2):
    if number not in tariffs:
        tariffs[number] = lists.create(
            {"name": f"Tarifa {number}", "tariff_number": number}
        )
families = {
    name: env["product.category"].create({"name": name})
    for name in ("Esmaltes", "Pinturas")
}


def article(name, price, barcode, family="Esmaltes", kind="consu"):
    return env["product.product"].create(
        {
            "name": name,
            "type": kind,
            "list_price": price,
            "barcode": barcode,
            "categ_id": families[family].id,
            "available_in_pos": True,
            "taxes_id": [Command.set(vat.ids)],
        }
    )


articles = {
    "esmalte": article("Esmalte blanco", 14.90, "8400000000017"),
    "rodillo": article("Rodillo", 6.75, "8400000000024"),
    "pintura": article("Pintura plástica", 30, "8400000000031", "Pinturas"),
    "clavos": article("Clavos", 52, "8400000000048"),
    "descuento": article("Descuento", 1, "8400000000055", kind="service"),
}


def customer(name, **vals):
    return env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "customer_flag": True,
            "country_id": env.ref("base.es").id,
            "specific_property_product_pricelist": tariffs[1].id,
            **vals,
        }
    )


def price(buyer, name, **vals):
    env["xpyme.customer.price"].create(
        {"partner_id": buyer.id, "product_id": articles[name].id, **vals}
    )


def discount(buyer, name, percent):
    env["xpyme.customer.discount"].create(
        {"partner_id": buyer.id, "name": name, "percent": percent}
    )


ter_blau = customer("Ter Blau", ref="7771")
price(ter_blau, "esmalte", price_1=9.20, price_2=8.10, min_price=8.00)
price(ter_blau, "rodillo", pvp_1=7.00, special_discount=3)
env["xpyme.customer.family.discount"].create(
    {"partner_id": ter_blau.id, "categ_id": families["Pinturas"].id, "discount": 5}
)
for code in ("2299887766", "TARJ-0001", "8400000000017"):
    env["xpyme.alternative.code"].create({"name": code, "partner_id": ter_blau.id})
pvp = customer("Precio Redondo")
price(pvp, "rodillo", pvp_1=7.00)
several = customer("Dos Descuentos")
discount(several, "Obra", 5)
discount(several, "Pronto pago", 2)
single = customer("Un Descuento")
discount(single, "Obra", 5)
price(single, "esmalte", special_discount=10)
told = customer(
    "Avisos",
    registration_date="2019-01-01",
    deregistration_date="2020-01-31",
    is_defaulter=True,
)
told.sale_warn_msg = "Cobra los viernes"
person = env["res.partner"].create({"name": "Persona de Avisos", "parent_id": told.id})
limited = customer("Con Límite")
limited.sudo().internal_credit_limit = 100
blocked = customer("De Baja", ref="7772", is_blocked=True)
later_blocked = customer("Baja Pronto")
plain = customer("Sin Nada", barcode="0429876543210")
far = customer("Zzz Lejano", ref="7773")
company.risk_till_action = "block"
elsewhere = env["res.company"].create({"name": "Otra Tienda"})
stranger = customer("De Otra Tienda", company_id=elsewhere.id)
env["xpyme.alternative.code"].create({"name": "OTRA-1", "partner_id": stranger.id})
mailbox = customer("Con Buzón", document_email="facturas@example.com")
quotation = env["sale.order"].create(
    {
        "partner_id": ter_blau.id,
        "order_line": [
            Command.create({"product_id": articles[name].id, "product_uom_qty": many})
            for name, many in (("esmalte", 12), ("rodillo", 1), ("pintura", 2))
        ],
    }
)


def method(name, kind=None):
    journal = kind and env["account.journal"].create(
        {"name": name, "type": kind, "code": name[:3].upper()}
    )
    return env["pos.payment.method"].create(
        {
            "name": name,
            "journal_id": journal and journal.id,
            "split_transactions": not kind,
        }
    )


methods = method("Caja", "cash") | method("A cuenta")
config = env["pos.config"].create(
    {
        "name": "Mostrador",
        "use_pricelist": True,
        "pricelist_id": tariffs[1].id,
        "available_pricelist_ids": [Command.set([tariffs[1].id, tariffs[2].id])],
        "payment_method_ids": [Command.set(methods.ids)],
    }
)
config.open_ui()
config.current_session_id.set_opening_control(0, None)
# All but the last one by name.
limit = "point_of_sale.limited_customer_count"
partners = env["res.partner"]
listed = partners.search_count(partners._get_till_domain(config))
env["ir.config_parameter"].set_param(limit, str(listed - 1))


def user(name, login, *groups):
    groups = ["base.group_user", "point_of_sale.group_pos_user", *groups]
    return env["res.users"].create(
        {
            "name": name,
            "login": login,
            "password": login,
            "lang": env.user.lang,
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set([env.ref(group).id for group in groups])],
        }
    )


cashier = user("Cajera", "cajera")
# By Odoo's rule for customers' barcodes.
worker_barcode = "0421234567890"
cashier.partner_id.barcode = worker_barcode


def quote(buyer, name, quantity):
    line = {"product_id": articles[name].id, "product_uom_qty": quantity}
    return env["sale.order"].create(
        {"partner_id": buyer.id, "order_line": [Command.create(line)]}
    )


quotations = {
    "worker": quote(cashier.partner_id, "clavos", 2).id,
    "later_blocked": quote(later_blocked, "clavos", 1).id,
}
# Who may make customers.
user("Encargada", "encargada", "base.group_partner_manager")
env["res.users"].search([]).odoobot_state = "disabled"
made = {
    "config": config.id,
    "articles": {name: one.id for name, one in articles.items()},
    "customers": {
        "ter_blau": ter_blau.id,
        "pvp": pvp.id,
        "several": several.id,
        "single": single.id,
        "told": told.id,
        "person": person.id,
        "limited": limited.id,
        "blocked": blocked.id,
        "later_blocked": later_blocked.id,
        "plain": plain.id,
        "far": far.id,
    },
    "tariffs": {str(number): tariffs[number].id for number in (1, 2)},
    "quotation": quotation.amount_total,
    "worker": cashier.partner_id.id,
    "worker_barcode": worker_barcode,
    "quotations": quotations,
    "nobodies": [
        *("Cajera", "Encargada", "facturas@example.com"),
        *(company.name, elsewhere.name, stranger.name),
        *(env.ref(f"l10n_cl.{name}").name for name in ("par_cfa", "par_sii")),
    ],
}
