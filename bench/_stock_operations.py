"""What is measured of delivery notes; both sides work in one database."""

from odoo import Command

SLIP = "stock.report_deliveryslip"
VALUED = "xpyme_contacts_stock.valued_note_report"


def _make_article(env, number=0):
    return env["product.product"].create(
        {
            "name": f"Artículo {number}",
            "type": "consu",
            "list_price": 10,
            "invoice_policy": "delivery",
            "taxes_id": [Command.clear()],
        }
    )


def _make_customer(env, name, **vals):
    return env["res.partner"].create(
        {"name": name, "is_company": True, "customer_flag": True, **vals}
    )


def _sell(env, customer, article, quantity, number):
    line = {"product_id": article.id, "product_uom_qty": quantity}
    orders = env["sale.order"].create(
        [
            {"partner_id": customer.id, "order_line": [Command.create(line)]}
            for _number in range(number)
        ]
    )
    orders.action_confirm()
    return orders


def _deliver(orders, quantity):
    notes = orders.picking_ids.filtered(lambda note: note.state != "done")
    notes.move_ids.write({"quantity": quantity, "picked": True})
    notes._action_done()
    return notes


def deliver(env, orders):
    """Orders of two notes, and twice as many of one, of customers who have an invoice
    for each."""

    def work():
        article = _make_article(env)
        apart = _make_customer(
            env, "Albarán S.A.", invoice_grouping_mode="per_delivery"
        )
        plain = _make_customer(env, "Odoo S.A.")
        twice = _sell(env, apart, article, 2, orders)
        _deliver(twice, 1)
        _deliver(twice, 1)
        once = _sell(env, plain, article, 1, 2 * orders)
        _deliver(once, 1)
        return {
            "orders": {"stock": once.ids, "ours": twice.ids},
            "grouped": {"stock": True, "ours": False},
        }

    return work


def invoice(env, orders, grouped):
    """How many invoices the orders get."""
    found = env["sale.order"].browse(orders)
    return lambda: len(found._create_invoices(grouped=grouped, final=True))


def deliver_slips(env, slips):
    def work():
        article = _make_article(env)
        valued = _make_customer(
            env, "Valorado S.A.", delivery_report_id=env.ref(VALUED).id
        )
        plain = _make_customer(env, "Llano S.A.")
        halves = [
            _deliver(_sell(env, customer, article, 1, slips // 2), 1).ids
            for customer in (valued, plain)
        ]
        return {"halves": halves}

    return work


def print_slips(env, way, halves):
    """Print the notes of both customers, in one go or one after the other."""
    report = env["ir.actions.report"].with_context(force_report_rendering=True)
    together = [note for pair in zip(*halves, strict=True) for note in pair]
    calls = [together] if way == "together" else halves
    return lambda: sum(bool(report._render_qweb_pdf(SLIP, ids)[0]) for ids in calls)


def agree_prices(env, prices):
    def work():
        articles = env["product.product"].union(
            *(_make_article(env, number) for number in range(prices))
        )
        special = _make_customer(env, "Especial S.A.")
        env["xpyme.customer.price"].create(
            [
                {"partner_id": special.id, "product_id": article.id, "price_1": 9}
                for article in articles
            ]
        )
        plain = _make_customer(env, "Tarifa S.A.")
        return {"customers": [plain.id, special.id], "articles": articles.ids}

    return work


def begin_note(env, way, customers, articles):
    plain, special = env["res.partner"].browse(customers)
    if way == "note":
        return lambda: bool(special.action_create_delivery_note())
    lines = [Command.create({"product_id": article}) for article in articles]
    vals = {"partner_id": plain.id, "order_line": lines}
    return lambda: bool(env["sale.order"].create(vals))
