"""One billing run, prepared by two people at the same time."""

import pytest

from tests.races import Request, gate, race, wait_until_stopped

ROUNDS = 3
PREPARED = """
import json

admin = env.ref("base.user_admin")
admin.write({"password": "adminadmin"})
admin.group_ids |= env.ref("xpyme_contacts_billing.group_billing_run")
article = env["product.product"].create(
    {"name": "Clavos", "type": "service", "invoice_policy": "order", "taxes_id": False}
)
customers = env["res.partner"].create([
    {"name": f"Obra {mode}", "is_company": True, "customer_flag": True,
     "country_id": env.ref("base.es").id, "invoice_grouping_mode": mode}
    for mode in ("group", "per_delivery", False)
])
line = {"product_id": article.id, "price_unit": 10, "tax_ids": False}
orders = env["sale.order"].create([
    {"partner_id": customer.id, "order_line": [(0, 0, line)]}
    for customer in customers for _number in range(4)
])
orders.action_confirm()
orders.date_order = "2026-07-10 12:00:00"
runs = env["xpyme.billing.run"].create([
    {"name": f"Julio {number}", "invoice_date": "2026-07-31", "date_to": "2026-07-31",
     "partner_ids": [(6, 0, customers.ids)]}
    for number in range(%d)
])
env.cr.commit()
print("SHOP " + json.dumps({"runs": runs.ids, "orders": orders.ids}))
"""
LISTED = """
    SELECT listed::int
      FROM xpyme_billing_run_item item,
           jsonb_array_elements_text(item.order_list) AS listed
     WHERE item.run_id = %s ORDER BY 1
"""
LISTING = """
    SELECT count(*) FROM pg_locks
     WHERE relation = 'xpyme_billing_run_item'::regclass AND mode = 'RowExclusiveLock'
"""


@pytest.fixture(scope="module")
def runs(lab):
    with race(lab, "billing", PREPARED % ROUNDS) as runs:
        yield runs


@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_who_prepare_a_run_at_once_list_each_order_once(runs, number):
    people, connection, rows, shop = runs
    run = shop["runs"][number]
    requests = [
        Request(lambda who=who: who.call("xpyme.billing.run", "action_prepare", [run]))
        for who in people
    ]
    with gate(connection, [run], "xpyme_billing_run"):
        for request in requests:
            request.start()
        wait_until_stopped(rows, requests)
        # whoever comes second has not listed a hundred thousand orders in vain
        assert rows(LISTING) == [(0,)]
    errors = [request.finish() for request in requests]
    assert sorted(bool(error) for error in errors) == [False, True], errors
    assert "Prepared" in "".join(filter(None, errors)), errors
    assert [order for (order,) in rows(LISTED, run)] == sorted(shop["orders"])
    assert rows("SELECT state FROM xpyme_billing_run WHERE id = %s", run) == [
        ("prepared",)
    ]
