"""Two sessions sell at once to a customer whose limit fits one sale only."""

import itertools
import os

import pytest

from tests.races import Request, meet

LONG = bool(os.environ.get("XPYME_LONG"))
LIMIT, PRICE = 1000, 600


@pytest.fixture
def market(shop, rows):
    """``Market`` with orders that block, in the shop's company."""
    call = shop.client("json2", "admin").call
    ((user, company),) = rows(
        "SELECT id, company_id FROM res_users WHERE login = 'admin'"
    )
    ((manager,),) = rows(
        "SELECT res_id FROM ir_model_data WHERE name = 'group_risk_manager'"
    )
    call("res.users", "write", [user], vals={"group_ids": [(4, manager)]})
    call("res.company", "write", [company], vals={"risk_order_action": "block"})
    yield Market(call, rows)
    call("res.company", "write", [company], vals={"risk_order_action": False})


class Market:
    """Customers with a limit, and orders of theirs that it fits once."""

    _numbers = itertools.count(1)

    def __init__(self, call, rows):
        self.call, self.rows = call, rows
        vals = {"name": "Saco de cemento", "taxes_id": [(5, 0, 0)]}
        (self.product,) = call("product.product", "create", vals_list=[vals])

    def make_customers(self, count=1):
        """Cards of one tax id, judged together."""
        rut = f"{next(self._numbers)}"
        vals = {"is_company": True, "customer_flag": True, "risk_by_vat": True}
        vals.update(vat=f"{rut:0>9}", credit_limit=LIMIT / count)
        names = [f"Obra {rut}-{number}" for number in range(count)]
        country = self.rows("SELECT id FROM res_country WHERE code = 'AQ'")[0][0]
        return self.call(
            "res.partner",
            "create",
            vals_list=[{**vals, "name": name, "country_id": country} for name in names],
        )

    def make_orders(self, customers, price=PRICE):
        line = {"product_id": self.product, "price_unit": price, "tax_ids": [(5, 0, 0)]}
        return self.call(
            "sale.order",
            "create",
            vals_list=[
                {"partner_id": customer, "order_line": [(0, 0, line)]}
                for customer in customers
            ],
        )

    def confirm(self, order):
        return lambda: self.call("sale.order", "action_confirm", [order])

    def add_line(self, order):
        vals = {"order_id": order, "product_id": self.product, "price_unit": PRICE}
        vals["tax_ids"] = [(5, 0, 0)]
        return lambda: self.call("sale.order.line", "create", vals_list=[vals])

    def get_locks(self, customer):
        query = """
            SELECT id FROM xpyme_risk_lock WHERE key IN (
                SELECT 'vat:' || vat_key FROM res_partner WHERE id = %s)
        """
        return [row[0] for row in self.rows(query, customer)]

    def get_told(self, orders):
        """Orders with activities, and their managers, although it was undone."""
        query = """
            SELECT res_id, user_id FROM mail_activity
             WHERE res_model = 'sale.order' AND res_id = ANY(%s)
        """
        found = self.rows(query, orders)
        return {row[0] for row in found}, [row[1] for row in found]

    def get_sold(self, customers):
        query = """
            SELECT sum(amount_total) FROM sale_order
             WHERE state = 'sale' AND partner_id = ANY(%s)
        """
        return self.rows(query, customers)[0][0]


@pytest.mark.parametrize("cards", [1, 2], ids=["one card", "two cards of one CIF"])
def test_two_orders_at_once_do_not_both_pass(market, rows, connection, cards):
    for _round in range(10 if LONG else 2):
        customers = market.make_customers(cards)
        (small,) = market.make_orders(customers[:1], 1)
        market.confirm(small)()
        orders = market.make_orders([customers[0], customers[-1]])
        errors = meet(
            connection,
            rows,
            market.get_locks(customers[0]),
            [market.confirm(order) for order in orders],
            "xpyme_risk_lock",
        )
        assert sorted(bool(error) for error in errors) == [False, True]
        assert "over the granted risk" in "".join(filter(None, errors))
        assert market.get_sold(customers) == PRICE + 1
        told, managers = market.get_told(orders)
        assert len(told) == 1
        assert sorted(set(managers)) == sorted(managers)


def test_an_order_and_a_raised_order_at_once_do_not_both_pass(market, rows, connection):
    customers = market.make_customers()
    confirmed, quotation = market.make_orders(customers * 2, 300)
    market.confirm(confirmed)()
    (quotation,) = market.make_orders(customers)
    errors = meet(
        connection,
        rows,
        market.get_locks(customers[0]),
        [market.add_line(confirmed), market.confirm(quotation)],
        "xpyme_risk_lock",
    )
    assert sorted(bool(error) for error in errors) == [False, True]
    assert market.get_sold(customers) == 300 + PRICE


def test_first_sales_of_a_customer_meet_too(market):
    """Nobody has locked him before: there is no row yet to wait for."""
    for _round in range(10 if LONG else 3):
        customers = market.make_customers(2)
        orders = market.make_orders(customers * 2)
        sales = [Request(market.confirm(order)) for order in orders]
        for sale in sales:
            sale.start()
        errors = [sale.finish() for sale in sales]
        assert errors.count(None) == 1
        assert all("over the granted risk" in error for error in errors if error)
        assert market.get_sold(customers) == PRICE


def test_sales_to_different_customers_do_not_hinder_each_other(market):
    customers = market.make_customers() + market.make_customers()
    sales = [Request(market.confirm(order)) for order in market.make_orders(customers)]
    for sale in sales:
        sale.start()
    assert [sale.finish() for sale in sales] == [None, None]
