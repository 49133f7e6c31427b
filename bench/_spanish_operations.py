"""What ``es.py`` compares: orders of one article under two fiscal positions."""

from odoo import Command

LINES = 100
SHIPPED = "fp_recargo"


def make_customers(env):
    """A customer with a shipped position, one whose flags come to the same taxes, and
    an article."""

    def work():
        charts = env["account.chart.template"]
        vals = {"is_company": True, "customer_rank": 1, "vat": "ESA58818501"}
        vals |= {"country_id": env.ref("base.es").id, "zip": "17002", "city": "Girona"}
        shipped, agreed = env["res.partner"].create(
            [{**vals, "name": "Posición"}, {**vals, "name": "Recargo"}]
        )
        shipped.property_account_position_id = charts.ref(SHIPPED)
        agreed.equivalence_surcharge = True
        tax = charts.ref("account_tax_template_s_iva21b")
        article = env["product.product"].create(
            {"name": "Clavos", "type": "service", "taxes_id": [Command.set(tax.ids)]}
        )
        return {"shipped": shipped.id, "agreed": agreed.id, "article": article.id}

    return work


def make_order(env, customer, article):
    """An order of a hundred lines, and what it comes to."""
    line = {"product_id": article, "product_uom_qty": 3, "price_unit": 9.95}
    lines = [Command.create(line)] * LINES
    orders = env["sale.order"]

    def work():
        order = orders.create({"partner_id": customer, "order_line": lines})
        return order.amount_total

    return work
