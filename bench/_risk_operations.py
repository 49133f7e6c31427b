"""The operations that ``risk.py`` compares; they run in Odoo (see ``_worker.py``).

``way`` says whose figures are asked for. All of them start from an empty record cache,
but for what ``warm`` puts there.
"""

from pathlib import Path

from odoo import Command, fields

from bench import _contact_operations, _form_spec
from bench._risk_data import fill  # noqa: F401  asked for by its name

GROUPS = ("account.group_account_invoice", "product.group_product_manager")
FLOOR = Path(__file__).with_name("risk_floor.sql").read_text()
FIGURES = {"oca": "risk_total", "core": "credit"}
OVER_LIMIT = {"oca": "risk_exception", "ours": "risk_exceeded"}
# What stock Odoo shows of a customer's risk belongs to stock.
FORM = ("risk_", "internal_credit", "insure", "is_insured", "is_defaulter", "exposure_")


def make_user(env, user_login):
    """A salesperson who reads core's figures too, which are for accountants only."""
    make = _contact_operations.make_user(env, user_login)

    def work():
        make()
        user = env["res.users"].search([("login", "=", user_login)])
        user.group_ids = [Command.link(env.ref(xmlid).id) for xmlid in GROUPS]

    return work


def get_figures(env, way, ids, warm=False):
    """What each customer owes: all figures of ours, the one figure of the others."""
    partners = env["res.partner"].browse(ids)
    company = env.company

    def ours():
        return len(partners._get_risk_amounts(company))

    def floor():
        return len(_ask_floor(env, ids))

    def other():
        return len(partners.mapped(lambda partner: partner[FIGURES[way]]))

    work = {"ours": ours, "floor": floor}.get(way, other)
    if warm:
        work.warm = lambda: partners.mapped("company_id")
    return work


def _ask_floor(env, ids):
    settings = {
        "ids": ids,
        "company": env.company.id,
        "company_key": str(env.company.id),
        "today": fields.Date.today(),
    }
    env.cr.execute(FLOOR, settings)
    return env.cr.fetchall()


def get_sum(env, way, ids):
    """The debt of all customers together: the ways must agree."""
    partners = env["res.partner"].browse(ids)

    def work():
        if way == "ours":
            amounts = partners._get_risk_amounts(env.company).values()
            return round(sum(figures["debt"] for figures in amounts), 2)
        if way == "oca":
            return round(sum(partners.mapped("risk_total")), 2)
        return round(sum(row[-1] for row in _ask_floor(env, ids)), 2)

    return work


def find_over_limit(env, way):
    """The customers over their limit, among all."""
    domain = [(OVER_LIMIT[way], "=", True)]
    return lambda: len(env["res.partner"].search(domain))


def open_customer(env, way, ids):
    """The customer's form, without and with his risk."""
    customer = env["res.partner"].browse(ids[0])
    spec = _form_spec.of_view(customer, customer.get_formview_id())
    if way == "without":
        spec = {name: sub for name, sub in spec.items() if not name.startswith(FORM)}
    return lambda: len(customer.web_read(spec))


def block_orders(env):
    """Ours keeps back orders over a limit."""

    def work():
        if "risk_order_action" in env.company._fields:
            env.company.risk_order_action = "block"

    return work


def confirm_order(env, lines):
    """An order of many lines, confirmed; ours within a limit that would block it."""
    customer = env["res.partner"].create({"name": "Customer", "customer_rank": 1})
    if "risk_order_action" in env.company._fields:
        customer.sudo().credit_limit = 10**9
    product = env["product.product"].create({"name": "Goods"})
    order = env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [(0, 0, {"product_id": product.id, "price_unit": 10})]
            * lines,
        }
    )

    def work():
        order.action_confirm()

    return work
