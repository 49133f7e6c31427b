"""What is measured of prices; the same code works with and without the family.

Without it the customer has an ordinary pricelist; with it, the same one and special
prices besides.
"""

import json

from odoo.fields import Datetime

from bench._contact_operations import make_user

__all__ = ["make_user"]

PRICES = "xpyme.customer.price"
FEATURES = ("product.group_product_pricelist", "sale.group_discount_per_so_line")


def fill_shop(env, articles, families):
    """Articles, a pricelist with a rule for each family, a customer and his prices."""

    def work():
        # the settings that the family switches on, so that both do the same work
        for feature in FEATURES:
            env.ref("base.group_user")._apply_group(env.ref(feature))
        categories = env["product.category"].create(
            [{"name": f"Familia {number}"} for number in range(families)]
        )
        pricelist = env["product.pricelist"].create(
            {
                "name": "Mayoristas",
                "sequence": 1,
                "item_ids": [
                    (
                        0,
                        0,
                        {
                            "applied_on": "2_product_category",
                            "categ_id": category.id,
                            "compute_price": "formula",
                            "base": "list_price",
                            "price_discount": 5,
                        },
                    )
                    for category in categories
                ],
            }
        )
        products = env["product.product"].create(
            [
                {
                    "name": f"Artículo {number}",
                    "type": "consu",
                    "list_price": 10 + number % 90,
                    "categ_id": categories[number % families].id,
                }
                for number in range(articles)
            ]
        )
        customer = env["res.partner"].create(
            {
                "name": "Pinturas Sol",
                "is_company": True,
                "customer_rank": 1,
                "specific_property_product_pricelist": pricelist.id,
            }
        )
        if PRICES in env:
            env[PRICES].create(
                [
                    {
                        "partner_id": customer.id,
                        "product_id": product.id,
                        "price_1": 9.5,
                    }
                    for product in products
                ]
            )
        return {"customer": customer.id, "products": products.ids}

    return work


def create_order(env, customer_id, product_ids):
    vals = {
        "partner_id": customer_id,
        "order_line": [(0, 0, {"product_id": one}) for one in product_ids],
    }
    return lambda: env["sale.order"].create(vals).id


def recalculate(env, customer_id, product_ids):
    """New prices: Odoo's one by one, or the revision's all at once."""
    products = env["product.product"].browse(product_ids)
    customer = env["res.partner"].browse(customer_id)
    if PRICES not in env:
        now = Datetime.now()

        def one_by_one():
            pricelist = customer.property_product_pricelist
            for product in products:
                pricelist._get_product_price(product, 1.0, date=now)

        return one_by_one
    review = env["xpyme.price.review"].create({"partner_id": customer_id})

    def all_at_once():
        review._get_new_prices(products, customer.property_product_pricelist)

    return all_at_once


def multiply_prices(env, customers, product_ids):
    """Special prices of so many other customers, for each article; by SQL."""

    def work():
        if PRICES not in env:
            return 0
        partners = env["res.partner"].create(
            [
                {"name": f"Otro {number}", "is_company": True, "customer_rank": 1}
                for number in range(customers)
            ]
        )
        env.cr.execute(
            """
            INSERT INTO xpyme_customer_price
                   (company_id, partner_id, product_id, price_1, pvp_1, typed_sides,
                    origin)
            SELECT %s, partner, product, 8, 8, 'n-----', 'manual'
              FROM unnest(%s) AS partner, unnest(%s) AS product
            """,
            (env.company.id, partners.ids, product_ids),
        )
        return env.cr.rowcount

    return work


def explain_prices(env, customer_id, product_ids):
    """The plan of the query that fetches special prices, after ANALYZE."""

    def work():
        if PRICES not in env:
            return ""
        env.cr.execute("ANALYZE xpyme_customer_price")
        env.cr.execute(
            """
            EXPLAIN (ANALYZE, FORMAT JSON)
            SELECT product_id, price_1 FROM xpyme_customer_price
             WHERE company_id = %s AND partner_id = %s AND product_id = ANY(%s)
            """,
            (env.company.id, customer_id, product_ids),
        )
        plan = env.cr.fetchone()[0]
        plan = plan if isinstance(plan, list) else json.loads(plan)
        return plan[0]["Plan"]

    return work
