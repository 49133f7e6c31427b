"""What is measured of billing; the same code works with and without the addon.

Without it a customer has an ordinary payment term, and what its modes of invoicing do
is asked of Odoo part by part.
"""

from odoo import Command
from odoo.tools import SQL

from bench._risk_data import _copy

GROUP, APART = "group", "per_delivery"
MODES = (GROUP, APART, False)
DAY = "2026-07-10"
NOON = f"{DAY} 12:00:00"
MONTH_END = "2026-07-31"
LINES = 3
RUN = "xpyme.billing.run"


def is_ours(env):
    return RUN in env


def fill_shop(env, customers, orders):
    """An article, customers who agreed something, and confirmed orders of theirs."""

    def work():
        product = _make_product(env)
        term = env["account.payment.term"].create(
            {
                "name": "A 30 días",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        payers = env["res.partner"].create(
            [_get_customer_vals(env, n, term) for n in range(customers)]
        )
        sales = env["sale.order"].create(
            [
                _get_order_vals(payers[number % customers], product)
                for number in range(orders)
            ]
        )
        sales.action_confirm()
        sales.date_order = NOON
        return {
            "customer": payers[0].id,
            "product": product.id,
            "term": term.id,
            "parts": [
                sales.filtered_domain([("partner_id", "in", share.ids)]).ids
                for share in (payers[n :: len(MODES)] for n in range(len(MODES)))
            ],
        }

    return work


def _make_product(env):
    return env["product.product"].create(
        {
            "name": "Clavos",
            "type": "service",
            "invoice_policy": "order",
            "taxes_id": [Command.clear()],
        }
    )


def _get_customer_vals(env, number, term):
    vals = {
        "name": f"Cliente {number}",
        "is_company": True,
        "customer_rank": 1,
        # A card gets it by itself; without one Odoo looks for no fiscal position.
        "country_id": env.company.country_id.id,
        "property_payment_term_id": term.id,
    }
    if not is_ours(env):
        return vals
    leave = {"date_from": "2026-08-01", "date_to": "2026-08-31"}
    return {
        **vals,
        "payment_days": "5, 20",
        "leave_ids": [Command.create(leave)],
        "invoice_grouping_mode": MODES[number % len(MODES)],
    }


def _get_order_vals(customer, product):
    line = {"product_id": product.id, "price_unit": 10, "tax_ids": [Command.clear()]}
    lines = [Command.create({**line, "product_uom_qty": 1 + n}) for n in range(LINES)]
    return {"partner_id": customer.id, "order_line": lines}


# === ONE DOCUMENT ===#


def post_invoices(env, customer, product, term, count, parts):
    """Create invoices of a customer, and post them.

    :param parts: of ``fill_shop``; others measure them
    """
    line = {"product_id": product, "price_unit": 121, "tax_ids": [Command.clear()]}
    vals = {
        "move_type": "out_invoice",
        "partner_id": customer,
        "invoice_date": DAY,
        "invoice_payment_term_id": term,
        "invoice_line_ids": [Command.create(line)] * LINES,
    }

    def work():
        moves = env["account.move"].create([dict(vals) for _number in range(count)])
        moves.action_post()
        return [str(moves[0].invoice_date_due), len(moves)]

    return work


def create_invoices(env, parts, customer, product, term):
    """The invoices of orders of customers with all modes, and how many they are.

    :param parts: orders by the mode of their customers
    """
    parts = [env["sale.order"].browse(ids) for ids in parts]
    if is_ours(env):
        orders = env["sale.order"].concat(*parts)
        return lambda: len(orders._create_invoices())

    def work():
        return sum(
            len(part._create_invoices(grouped=mode == APART))
            for mode, part in zip(MODES, parts, strict=True)
        )

    return work


# === RUNS ===#


def fill_orders(env, customers, orders):
    """So many open orders more: copies of one, in a few statements."""

    def work():
        product = _make_product(env)
        cards = env["res.partner"].create(
            [
                {
                    "name": f"Pagador {number}",
                    "is_company": True,
                    "customer_rank": 1,
                    "invoice_grouping_mode": MODES[number % len(MODES)],
                }
                for number in range(customers)
            ]
        )
        model = env["sale.order"].create(_get_order_vals(cards[0], product))
        model.action_confirm()
        model.date_order = NOON
        env.flush_all()
        _copy_order(env, model, cards, orders)
        env.cr.execute("ANALYZE")
        return cards.ids

    return work


def _copy_order(env, model, cards, orders):
    query = SQL("SELECT MAX(id) + 1 FROM sale_order")
    first = env.execute_query(query)[0][0]
    rows = SQL(
        "SELECT %s + i AS id, (%s::int[])[1 + i %% %s] AS card_id"
        " FROM generate_series(0, %s) AS i",
        first,
        cards.ids,
        len(cards),
        orders - 1,
    )
    _copy(
        env,
        model,
        rows,
        {
            "id": "n.id",
            "name": "'V' || n.id",
            "partner_id": "n.card_id",
            "partner_invoice_id": "n.card_id",
            "partner_shipping_id": "n.card_id",
            "access_token": "NULL",
        },
    )
    lines = model.order_line
    _copy(env, lines, rows, {"order_id": "n.id", "order_partner_id": "n.card_id"})


def make_runs(env, cards, number):
    """So many prepared runs over the same orders' customers, each over its share."""
    share = len(cards) // number

    def work():
        runs = env[RUN].create(
            [
                {
                    **_get_run_vals(cards[share * one : share * (one + 1)]),
                    "name": f"Tanda {one}",
                }
                for one in range(number)
            ]
        )
        runs.action_prepare()
        return runs.ids

    return work


def _get_run_vals(cards):
    return {
        "invoice_date": MONTH_END,
        "date_to": MONTH_END,
        "partner_ids": [Command.set(cards)],
    }


def prepare_run(env, way, cards=()):
    """List the invoices of a run, or the same orders as Odoo's list sums them up.

    :param cards: of these customers; of all if there are none
    """
    if way == "list":
        orders = env["sale.order"]
        domain = [("state", "=", "sale"), ("invoice_status", "=", "to invoice")]
        groups = ["partner_invoice_id", "currency_id"]
        sums = ["amount_untaxed:sum", "date_order:min", "__count"]
        return lambda: len(orders._read_group(domain, groups, sums))
    run = env[RUN].create(_get_run_vals(cards))
    return run._prepare


def explain_preparation(env):
    """The plan of the statement that prepares a run over all open orders."""
    from odoo.addons.xpyme_contacts_billing.models.run import preparation

    def work():
        run = env[RUN].create(_get_run_vals(()))
        env.flush_all()
        env.cr.execute(preparation._SETTINGS)
        query = SQL(preparation._PREPARE, **run._get_preparation())
        env.cr.execute(SQL("EXPLAIN (ANALYZE, COSTS OFF, BUFFERS OFF) %s", query))
        return [line for (line,) in env.cr.fetchall()]

    return work


def start_run(env, run):
    """Open a run to the lanes; there are no scheduled actions here."""

    def work():
        env[RUN].browse(run).state = "running"

    return work


def work_lane(env, lane):
    """What the scheduled action of a lane does; it commits."""
    worker = env["xpyme.billing.worker"]
    return lambda: worker._process_lane(lane)


def work_inline(env, run):
    """Make the invoices of a run in the request, for its statements."""
    run = env[RUN].browse(run)
    run.state = "running"

    def work():
        env["xpyme.billing.worker"]._work_inline(run)
        return run.done_count

    return work


# === PAPER ===#


def make_paper(env, customer, product, term, parts):
    """Posted invoices, and copies that their customer wants."""

    def work():
        env["res.partner"].browse(customer).invoice_copies = 2
        line = {"product_id": product, "price_unit": 7, "tax_ids": [Command.clear()]}
        moves = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": customer,
                    "invoice_date": DAY,
                    "invoice_line_ids": [Command.create(line)] * LINES,
                }
                for _number in range(2)
            ]
        )
        moves.action_post()
        return moves.ids

    return work


def print_invoices(env, way, moves):
    """Print invoices with their copies, or the originals alone."""
    from odoo.addons.xpyme_contacts.tools.inner import inner

    context = inner("xpyme_on_paper") if way == "copies" else {}
    report = env["ir.actions.report"].with_context(**context)
    name = "account.report_invoice_with_payments"
    return lambda: len(report._render_qweb_pdf(name, moves)[0])
