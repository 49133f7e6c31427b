"""What is measured of the till."""

from uuid import uuid4

from odoo import Command, fields

LINES = 20


def fill(env, customers, articles):
    """A till with so many articles and customers; one of them has a special price for
    each article, and a debt limit."""

    def work():
        products = env["product.product"].create(
            [
                {
                    "name": f"Artículo {number}",
                    "type": "consu",
                    "list_price": 10,
                    "available_in_pos": True,
                    "taxes_id": [Command.clear()],
                }
                for number in range(articles)
            ]
        )
        customer = env["res.partner"].create(
            {
                "name": "Muchos Precios",
                "is_company": True,
                "customer_flag": True,
                "internal_credit_limit": 1000,
            }
        )
        env["xpyme.customer.price"].create(
            [
                {"partner_id": customer.id, "product_id": product.id, "price_1": 9}
                for product in products
            ]
        )
        _copy(env, customer, customers)
        parameters = env["ir.config_parameter"]
        for kind, number in (("customer", customers), ("product", articles)):
            parameters.set_param(
                f"point_of_sale.limited_{kind}_count", str(number + 100)
            )
        return {"config": _open_till(env).id, "customer": customer.id}

    return work


def _copy(env, customer, number):
    """So many customers like one, by SQL: they are only loaded."""
    env.flush_all()
    names = [
        field.name
        for field in env["res.partner"]._fields.values()
        if field.store and field.column_type and field.name not in ("id", "ref")
    ]
    left_out = {"name", "complete_name", "commercial_partner_id", "customer_code"}
    columns = ", ".join(f'"{name}"' for name in names if name not in left_out)
    env.cr.execute(
        f"""INSERT INTO res_partner (name, complete_name, {columns})
            SELECT 'Cliente ' || n, 'Cliente ' || n, {columns}
              FROM res_partner, generate_series(1, %s) AS n WHERE id = %s""",
        [number, customer.id],
    )
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id"
        " WHERE commercial_partner_id IS NULL"
    )
    env.cr.execute("ANALYZE res_partner")


def _open_till(env):
    # The system opens no till.
    env = env(user=env.ref("base.user_admin"))
    journal = env["account.journal"].create(
        {"name": "Caja", "type": "cash", "code": "CJB"}
    )
    method = env["pos.payment.method"].create(
        {"name": "Caja", "journal_id": journal.id}
    )
    config = env["pos.config"].create(
        {"name": "Mostrador", "payment_method_ids": [Command.set(method.ids)]}
    )
    config.open_ui()
    config.current_session_id.set_opening_control(0, None)
    return config


def _make_cashier(env):
    """Who may sell under no minimum."""
    groups = env.ref("base.group_user") + env.ref("point_of_sale.group_pos_user")
    return env["res.users"].create(
        {
            "name": "Cajera",
            "login": "cajera",
            "group_ids": [Command.set(groups.ids)],
        }
    )


def load_till(env, config):
    session = env["pos.config"].browse(config).current_session_id
    return lambda: len(session.load_data([])["res.partner"])


def keep_ticket(env, config, customer):
    """What the till of a cashier sends of a paid ticket."""
    env = env(user=_make_cashier(env))
    config = env["pos.config"].browse(config)
    products = env["product.product"].search(
        [("name", "=like", "Artículo %")], limit=LINES
    )
    lines = [
        Command.create(
            {
                "uuid": str(uuid4()),
                "product_id": product.id,
                "qty": 1,
                "price_unit": 9,
                "price_subtotal": 9,
                "price_subtotal_incl": 9,
                "tax_ids": [Command.clear()],
            }
        )
        for product in products
    ]
    total = 9 * len(lines)
    payment = {
        "uuid": str(uuid4()),
        "amount": total,
        "payment_date": fields.Datetime.now(),
        "payment_method_id": config.payment_method_ids.id,
    }
    ticket = {
        "uuid": str(uuid4()),
        "access_token": str(uuid4()),
        "name": "/",
        "state": "paid",
        "session_id": config.current_session_id.id,
        "partner_id": customer,
        "date_order": fields.Datetime.to_string(fields.Datetime.now()),
        "amount_total": total,
        "amount_tax": 0,
        "amount_paid": total,
        "amount_return": 0,
        "to_invoice": False,
        "lines": lines,
        "payment_ids": [Command.create(payment)],
    }
    orders = env["pos.order"].with_context(config_id=config.id)
    return lambda: len(orders.sync_from_ui([ticket])["pos.order"])


def choose_customer(env, config, customer):
    """What the till asks when a customer is chosen for a ticket of 20 articles; without
    the addon it asks nothing."""
    partner = env["res.partner"].browse(customer)
    if "pos_codes" not in partner._fields:
        return lambda: 0
    products = env["product.product"].search(
        [("name", "=like", "Artículo %")], limit=LINES
    )
    pricelist = env["pos.config"].browse(config).pricelist_id
    return lambda: len(
        partner.get_pos_entry(config, pricelist.id, products.ids)["prices"]
    )
