"""What is measured of points and vouchers, in one database with the addon."""

from datetime import timedelta

from odoo import Command
from odoo.tools import SQL

from bench import _form_spec, _risk_data

# Of the customer's form, what the addon adds.
OURS = ("points_", "no_points", "voucher_")


def fill(env, customers, earning, lines):
    """Customers with ten invoices each; the first have a card with a long history.

    :param earning: how many have one
    :param lines: of each history
    """
    made = _risk_data.fill(env, customers)

    def work():
        ids = made()
        kind = env["xpyme.customer.type"].create(
            {"name": "Comercio", "voucher_mode": "percent", "voucher_percent": 5}
        )
        program = (
            env["loyalty.program"]
            .with_context(default_program_type="loyalty")
            .create({"name": "Club"})
        )
        coupons = (
            env["loyalty.program"]
            .with_context(default_program_type="coupons")
            .create({"name": "Cupones", "communication_plan_ids": [Command.clear()]})
        )
        env["loyalty.program"]._get_voucher_program(env.company)
        env.flush_all()
        today = env.company._get_local_today()
        env.cr.execute(
            SQL(
                """
                UPDATE res_partner
                   SET customer_type_id = %s, is_customer_card = TRUE,
                       points_period_start = jsonb_build_object(%s::text, %s::text),
                       points_period_end = jsonb_build_object(%s::text, %s::text)
                 WHERE id = ANY(%s)
                """,
                kind.id,
                str(env.company.id),
                str(today - timedelta(days=60)),
                str(env.company.id),
                str(today - timedelta(days=1)),
                ids,
            )
        )
        # Half of the orders, and of the points, are the period's.
        env.cr.execute(
            "UPDATE sale_order"
            " SET date_order = date_order - id % 120 * interval '1 day'"
        )
        _fill_cards(env, program, ids[:earning], lines)
        env.cr.execute("ANALYZE")
        return {"ids": ids, "coupons": coupons.id}

    return work


def _fill_cards(env, program, ids, lines):
    env.cr.execute(
        SQL(
            """
            INSERT INTO loyalty_card (program_id, company_id, partner_id, code, points,
                                      active)
            SELECT %s, %s, id, 'B' || id, %s, TRUE FROM unnest(%s) AS id
            """,
            program.id,
            program.company_id.id,
            lines,
            ids,
        )
    )
    env.cr.execute(
        SQL(
            """
            WITH sold AS (SELECT array_agg(id) AS ids FROM sale_order)
            INSERT INTO loyalty_history (card_id, description, issued, order_model,
                                         order_id, create_date)
            SELECT card.id, 'Order', 1, 'sale.order',
                   sold.ids[1 + (card.id + n) %% array_length(sold.ids, 1)],
                   now() AT TIME ZONE 'UTC'
              FROM sold, loyalty_card card, generate_series(1, %s) AS n
             WHERE card.program_id = %s
            """,
            lines,
            program.id,
        )
    )


def read_figures(env, way, ids):
    """The figures of periods, or the sums that they cannot be had without."""
    partners = env["res.partner"].browse(ids)
    if way == "floor":
        return lambda: round(sum(_ask_floor(env, tuple(ids))), 2)

    def work():
        return round(
            sum(partners.mapped("points_period_sales"))
            + sum(partners.mapped("points_period_total")),
            2,
        )

    return work


def _ask_floor(env, ids):
    last = env.company._get_local_today() - timedelta(days=1)
    start = last - timedelta(days=59)
    rows = env.execute_query(
        SQL(
            """
            SELECT SUM(amount_total_signed)::float FROM account_move
             WHERE commercial_partner_id IN %s AND company_id = %s
               AND state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
               AND invoice_date BETWEEN %s AND %s
             GROUP BY commercial_partner_id
            """,
            ids,
            env.company.id,
            start,
            last,
        )
    )
    rows += env.execute_query(
        SQL(
            """
            SELECT SUM(issued)::float FROM loyalty_history history
              JOIN loyalty_card card ON card.id = history.card_id
              JOIN sale_order ON history.order_model = 'sale.order'
               AND sale_order.id = history.order_id
             WHERE card.partner_id IN %s AND sale_order.company_id = %s
               AND sale_order.date_order BETWEEN %s AND %s
             GROUP BY card.partner_id
            """,
            ids,
            env.company.id,
            start,
            last + timedelta(days=1),
        )
    )
    return [amount for (amount,) in rows]


def settle(env, way, ids, coupons):
    """Vouchers for customers: ours at once, or core's window for each of them."""
    partners = env["res.partner"].browse(ids)
    if way == "ours":
        return lambda: len(partners._settle_points()[1])
    program = env["loyalty.program"].browse(coupons)

    def work():
        windows = env["loyalty.generate.wizard"]
        for partner in partners:
            window = windows.create(
                {
                    "program_id": program.id,
                    "mode": "selected",
                    "customer_ids": [Command.set(partner.ids)],
                    "points_granted": 5,
                }
            )
            window.generate_coupons()
        return len(partners)

    return work


def open_customer(env, way, ids):
    """The customer's form, without and with what the addon adds."""
    customer = env["res.partner"].browse(ids[0])
    spec = _form_spec.of_view(customer, customer.get_formview_id())
    if way == "without":
        spec = {name: sub for name, sub in spec.items() if not name.startswith(OURS)}
    return lambda: len(customer.web_read(spec))
