"""The operations that ``customer.py`` compares; they run in Odoo (see ``_worker.py``).

Where stock Odoo has nothing like ours it does the nearest thing that it has: finding
customers by its own fields, and its own export of the same columns.
"""

from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from odoo import Command
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.web.controllers import export as web_export

from bench import _form_spec
from bench._contact_operations import (
    fill_customer,
    is_ours,
    make_user,
    open_customer,
)

__all__ = ["fill_customer", "make_user", "open_customer"]

CUSTOMERS = Path(__file__).with_name("_customers.sql").read_text()
OWN = ", customer_code, customer_flag, is_customer_card, trade_name"
OWN_VALUES = ", ref::int, customer_rank > 0, customer_rank > 0, trade"
# Alternative codes of every second customer, and advertising refused by some.
CODES = """
    INSERT INTO xpyme_alternative_code (name, number, partner_id)
    SELECT (8410000000000 + id)::text, 0, id FROM res_partner
     WHERE customer_code % 2 = 0
"""
REFUSALS = """
    INSERT INTO mail_blacklist (email, active)
    SELECT email, TRUE FROM res_partner
     WHERE email LIKE 'ventas@%' AND id % 50 = 0
"""
# The list's view and whom it shows, in stock and with the family.
CUSTOMER_LISTS = {
    False: ("base.view_partner_tree", "customer_rank", ">", 0),
    True: ("xpyme_contacts.xpyme_customer_view_list", "is_customer_card", "=", True),
}
# What Odoo's own export is asked for: the columns of our files.
COLUMNS = {
    ("customer", "txt"): ["email"],
    ("customer", "xlsx"): ["email", "ref", "name"],
    ("contact", "txt"): [
        "email",
        "commercial_partner_id/ref",
        "commercial_partner_id/name",
        "name",
    ],
}


def make_customers(env, count):
    """So many customers, past the ORM, and what the planner knows of them."""

    def work():
        cr = env.cr
        cr.execute("SELECT max(id) FROM res_partner")
        (first,) = cr.fetchone()
        own = ("", "")
        if is_ours(env):
            own = (OWN, OWN_VALUES)
        columns, values = map(SQL, own)
        cr.execute(
            SQL(CUSTOMERS, count=count, first=first, own=columns, own_values=values)
        )
        cr.execute("SELECT setval('res_partner_id_seq', max(id)) FROM res_partner")
        cr.execute(REFUSALS)
        if is_ours(env):
            cr.execute(CODES)
            cr.execute("ANALYZE xpyme_alternative_code")
        cr.execute("ANALYZE res_partner")
        return first

    return work


def pick_terms(env, customer_id):
    """What people may know of a customer, as they type it; {} in stock."""
    if not is_ours(env):
        return dict

    def work():
        customer = env["res.partner"].browse(customer_id)
        body, check_digit = customer.vat.split("-")
        dotted = f"{int(body):,}-{check_digit}".replace(",", ".")
        return {
            "surnames": " ".join(customer.name.split()[-3:-1]).lower(),
            "three letters of a rare word": "kio",
            "trade name": customer.trade_name.lower(),
            "part of the trade name": customer.trade_name[:6],
            "code": customer.ref,
            "RUT": customer.vat,
            "RUT as it is printed": dotted,
            "e-mail": customer.email,
            "phone": customer.phone,
            "end of the phone": f"{customer.phone[-6:-3]} {customer.phone[-3:]}",
            "alternative code": customer.alternative_code_ids.name,
            "nobody": "qwzyx",
        }

    return work


def find(env, term):
    """What the customer box of a document asks for while one types."""
    return lambda: len(env["res.partner"].name_search(term))


def list_customers(env):
    """The first page of the list of customers, as it is opened."""
    view, *condition = CUSTOMER_LISTS[is_ours(env)]
    partners = env["res.partner"].with_context(res_partner_search_mode="customer")
    spec = _form_spec.of_view(partners, env.ref(view).id, "list")
    domain = [tuple(condition)]
    read = partners.web_search_read
    return lambda: read(domain, spec, limit=80, count_limit=10_001)["length"]


def explain(env, term):
    """The plans behind ``find``, as text."""

    def work():
        partners = env["res.partner"]
        queries = [partners._search(Domain("display_name", "ilike", term), limit=100)]
        queries = [queries[0].select()]
        if is_ours(env):
            queries.insert(0, partners._select_by_term(term))
        plans = []
        for query in queries:
            rows = env.execute_query(SQL("EXPLAIN (ANALYZE, BUFFERS OFF) %s", query))
            plans.append("\n".join(line for (line,) in rows))
        return plans

    return work


def export_addresses(env, source, file_format):
    """The file of e-mail addresses; in stock, Odoo's own export of its columns."""
    if not is_ours(env):
        return lambda: len(_export_in_stock(env, source, file_format))
    exports = env["xpyme.email.export"]
    export = exports.create({"source": source, "file_format": file_format})

    def work():
        export.action_export()
        return export._get_file().file_size

    return work


def _export_in_stock(env, source, file_format):
    fields = COLUMNS.get((source, file_format), COLUMNS["customer", "xlsx"])
    kind = web_export.ExcelExport if file_format == "xlsx" else web_export.CSVExport
    domain = [("customer_rank", ">", 0)]
    if source == "contact":
        domain = [("parent_id.customer_rank", ">", 0)]
    partners = env["res.partner"].with_context(import_compat=False).search(domain)
    rows = partners.export_data(fields)["datas"]
    columns = [{"name": name, "type": "char"} for name in fields]
    # the one thing that it wants of a request
    with patch.object(web_export, "request", SimpleNamespace(env=env)):
        return kind().from_data(columns, fields, rows)


def fill_customer_file(env, number, rows):
    """A customer with everything that his form shows, so many rows behind each tab."""

    def work():
        customer = env["res.partner"].browse(fill_customer(env, number)())
        _fill_tabs(env, customer, rows)
        if is_ours(env):
            _fill_own_tabs(env, customer, rows)
        return customer.id

    return work


def _fill_tabs(env, customer, rows):
    numbers = range(rows)
    kind = env["res.partner.id_category"].search([], limit=1)
    customer.write(
        {
            "child_ids": [
                *(Command.create({"name": f"Contacto {i}"}) for i in numbers),
                *(
                    Command.create({"name": f"Bodega {i}", "type": "delivery"})
                    for i in numbers
                ),
            ],
            "bank_ids": [Command.create({"acc_number": f"77-{i}"}) for i in numbers],
            "id_numbers": [
                Command.create({"name": f"ID {i}", "category_id": kind.id})
                for i in numbers
            ],
        }
    )
    env["sale.order"].create([{"partner_id": customer.id} for _ in numbers])
    for i in numbers:
        customer.activity_schedule(
            "mail.mail_activity_data_call", summary=f"Llamar {i}"
        )


def _fill_own_tabs(env, customer, rows):
    kind = env["xpyme.customer.type"].create({"name": f"Bodega {rows}"})
    route = env["xpyme.customer.route"].create({"name": f"Norte {rows}"})
    customer.write(
        {
            "customer_type_id": kind.id,
            "customer_route_id": route.id,
            "trade_name": "La Ñuble",
            "document_email": "facturas@nuble.example",
            "no_mailing": True,
            "deregistration_date": "2030-01-01",
            "alternative_code_ids": [
                Command.create({"name": f"T-{customer.id}-{i}"}) for i in range(rows)
            ],
        }
    )
    _fill_price_tabs(env, customer, rows)


def _fill_price_tabs(env, customer, rows):
    """His offer, and what the addon of prices shows of him where it is installed."""
    # sudo: whoever sells keeps neither the articles nor their families.
    articles = (
        env["product.product"]
        .sudo()
        .create([{"name": f"Queso {rows}-{i}"} for i in range(rows)])
    )
    families = (
        env["product.category"]
        .sudo()
        .create([{"name": f"Familia {rows}-{i}"} for i in range(rows)])
    )
    tabs = {
        "offer_line_ids": [{"product_id": article.id} for article in articles],
        "customer_price_ids": [
            {"product_id": article.id, "price_1": 9.5} for article in articles
        ],
        "family_discount_ids": [
            {"categ_id": family.id, "discount": 5} for family in families
        ],
        "customer_discount_ids": [
            {"name": f"Dto {i}", "percent": 3} for i in range(rows)
        ],
    }
    for fname, lines in tabs.items():
        if fname in customer._fields:
            customer[fname] = [Command.create(vals) for vals in lines]
