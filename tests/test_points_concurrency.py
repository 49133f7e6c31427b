"""The same period settled, and the same voucher used, by two sessions at once."""

import pytest

from tests.races import meet, race

PREPARED = """
import datetime, json
from odoo import Command

admin = env.ref("base.user_admin")
admin.write({"password": "adminadmin"})
env["loyalty.program"].search([]).active = False
kind = env["xpyme.customer.type"].create(
    {"name": "Comercio", "voucher_mode": "percent", "voucher_percent": 5}
)
first = datetime.date.today().replace(day=1)
past = first - datetime.timedelta(days=1)
customers = env["res.partner"].create([
    {"name": name, "customer_flag": True, "is_company": True,
     "customer_type_id": kind.id, "country_id": env.ref("base.es").id,
     "points_period_start": past.replace(day=1), "points_period_end": past}
    for name in ("Luna", "Sol")
])
article = env["product.product"].create(
    {"name": "Clavos", "list_price": 100, "type": "service", "taxes_id": False}
)
for customer in customers:
    env["account.move"].create({
        "move_type": "out_invoice", "partner_id": customer.id, "invoice_date": past,
        "invoice_line_ids": [Command.create(
            {"product_id": article.id, "price_unit": 200, "tax_ids": False})],
    }).action_post()
customers[1].action_settle_points()
orders = env["sale.order"].create([
    {"partner_id": customers[1].id,
     "order_line": [Command.create({"product_id": article.id})]}
    for _number in range(2)
])
for order in orders:
    order.action_use_voucher()
env.cr.commit()
print("SHOP " + json.dumps({"settled": customers[0].id, "orders": orders.ids,
      "card": customers[1]._read_vouchers(env.company)[customers[1].id].card_id}))
"""


@pytest.fixture(scope="module")
def points(lab):
    with race(lab, "points", PREPARED) as points:
        yield points


def test_two_who_settle_at_once_give_one_voucher(points):
    clients, gate, rows, shop = points
    customer = shop["settled"]
    errors = meet(
        gate,
        rows,
        [customer],
        [
            lambda c=client: c.call("res.partner", "action_settle_points", [customer])
            for client in clients
        ],
    )
    assert sorted(bool(error) for error in errors) == [False, True], errors
    # who comes second is told when it was settled, and how much
    assert "10" in "".join(filter(None, errors)), errors
    amounts = rows(
        "SELECT amount FROM xpyme_points_settlement WHERE partner_id = %s", customer
    )
    points_held = rows(
        "SELECT points FROM loyalty_card WHERE partner_id = %s", customer
    )
    assert [float(amount) for (amount,) in amounts] == [10]
    assert points_held == [(1000,)]


def test_two_orders_at_once_do_not_both_use_one_voucher(points):
    clients, gate, rows, shop = points
    errors = meet(
        gate,
        rows,
        [shop["card"]],
        [
            lambda c=client, o=order: c.call("sale.order", "action_confirm", [o])
            for client, order in zip(clients, shop["orders"], strict=True)
        ],
        "loyalty_card",
    )
    assert sorted(bool(error) for error in errors) == [False, True], errors
    assert rows("SELECT points FROM loyalty_card WHERE id = %s", shop["card"]) == [(0,)]
    states = rows(
        "SELECT state FROM sale_order WHERE id = ANY(%s) ORDER BY state",
        shop["orders"],
    )
    assert [state for (state,) in states] == ["draft", "sale"]
