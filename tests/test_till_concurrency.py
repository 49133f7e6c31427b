"""What came back once is given again at two tills at once."""

import pytest

from tests.races import meet, race

PREPARED = """
import json
from uuid import uuid4
from odoo import Command, fields

admin = env.ref("base.user_admin")
admin.write({"password": "adminadmin"})
admin.group_ids |= env.ref("point_of_sale.group_pos_manager")
env = env(user=admin)
goods = env["product.product"].create(
    {"name": "Clavos", "list_price": 100, "type": "service", "taxes_id": False,
     "available_in_pos": True})

def open_till(number):
    journal = env["account.journal"].create(
        {"name": f"Caja {number}", "code": f"CJ{number}", "type": "cash"})
    cash = env["pos.payment.method"].create(
        {"name": f"Caja {number}", "journal_id": journal.id})
    till = env["pos.config"].create(
        {"name": f"Caja {number}", "payment_method_ids": [Command.set(cash.ids)]})
    till.open_ui()
    till.current_session_id.set_opening_control(0, None)
    return till

def prepare(till, customer, quantity, undone=False):
    cash = till.payment_method_ids
    total = 100 * quantity
    return {
        "uuid": str(uuid4()), "access_token": str(uuid4()), "name": "/",
        "pos_reference": "26-1-" + uuid4().hex[:6], "state": "paid",
        "session_id": till.current_session_id.id, "user_id": admin.id,
        "partner_id": customer.id, "to_invoice": False,
        "date_order": fields.Datetime.to_string(fields.Datetime.now()),
        "amount_total": total, "amount_tax": 0, "amount_paid": total,
        "amount_return": 0, "is_refund": quantity < 0,
        "lines": [Command.create({
            "uuid": str(uuid4()), "product_id": goods.id, "qty": quantity,
            "price_unit": 100, "price_subtotal": total, "price_subtotal_incl": total,
            "tax_ids": [], "refunded_orderline_id": undone})],
        "payment_ids": [Command.create({
            "uuid": str(uuid4()), "amount": total, "payment_method_id": cash.id,
            "payment_date": fields.Datetime.to_string(fields.Datetime.now())})],
    }

def sell(till, *args):
    data = prepare(till, *args)
    orders = env["pos.order"].with_context(generate_pdf=False, config_id=till.id)
    orders.sync_from_ui([data])
    return orders.search([("uuid", "=", data["uuid"])])

customer = env["res.partner"].create(
    {"name": "Luna", "customer_flag": True, "country_id": env.ref("base.es").id})
tills = [open_till(number) for number in (1, 2)]
sold = sell(tills[0], customer, 1)
back = sell(tills[0], customer, -1, sold.lines.id)
customer.is_blocked = True
tickets = [(till.id, prepare(till, customer, 1, back.lines.id)) for till in tills]
env.cr.commit()
print("SHOP " + json.dumps(tickets))
"""


@pytest.fixture(scope="module")
def tills(lab):
    with race(lab, "tills", PREPARED) as tills:
        yield tills


def test_two_tills_at_once_do_not_both_give_again_what_came_back_once(tills):
    clients, gate, rows, tickets = tills
    errors = meet(
        gate,
        rows,
        None,
        [
            lambda c=client, t=ticket, till=till: c.call(
                "pos.order",
                "sync_from_ui",
                orders=[t],
                context={"generate_pdf": False, "config_id": till},
            )
            for client, (till, ticket) in zip(clients, tickets, strict=True)
        ],
        "pos_payment",
    )
    assert sorted(bool(error) for error in errors) == [False, True], errors
    assert "Luna" in "".join(filter(None, errors)), errors
    sold = rows(
        "SELECT count(*) FROM pos_order WHERE uuid = ANY(%s)",
        [ticket["uuid"] for _till, ticket in tickets],
    )
    assert sold == [(1,)]
