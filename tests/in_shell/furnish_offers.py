"""Run in ``odoo shell``: customers to get offers, and the server that takes them.

``XPYME_CUSTOMERS``: how many; ``XPYME_SMTP_PORT``: of the server, which is this machine
unless ``XPYME_SMTP_HOST`` names another.
"""
# ruff: noqa: F821 -- odoo shell provides env

import json
import os

NUMBER = int(os.environ["XPYME_CUSTOMERS"])

env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create(
    {
        "name": "Sink",
        "smtp_host": os.environ.get("XPYME_SMTP_HOST", "127.0.0.1"),
        "smtp_port": int(os.environ["XPYME_SMTP_PORT"]),
        "smtp_encryption": "none",
    }
)
env.company.email = "ofertas@ferreteria.example.com"
# Nobody approves offers whose link to leave is on this machine.
parameters = env["ir.config_parameter"]
parameters.set_param("web.base.url", "https://tienda.ferreteria.example.com")
parameters.set_param("web.base.url.freeze", "True")
products = env["product.product"].create(
    [{"name": f"Artículo {i}", "list_price": 10 + i} for i in range(3)]
)
Partner = env["res.partner"].with_context(tracking_disable=True)
model = Partner.create({"name": "Cliente", "customer_rank": 1, "is_company": True})
env.flush_all()
# Copies of one customer, in one statement: by the ORM it would take a minute.
cr = env.cr
cr.execute(
    "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
    " WHERE table_name = 'res_partner' AND is_generated = 'NEVER'"
    " AND column_name NOT IN ('id', 'name', 'complete_name', 'email',"
    " 'email_normalized', 'ref', 'is_blocked', 'customer_code',"
    " 'commercial_partner_id')"
)
columns = cr.fetchone()[0]
cr.execute(
    f"""
    INSERT INTO res_partner (name, complete_name, email, is_blocked, {columns})
    SELECT 'Cliente ' || n, 'Cliente ' || n,
           CASE n %% 50 WHEN 0 THEN NULL WHEN 1 THEN 'sin correo'
                ELSE 'c' || n || '@example.com' END,
           n %% 50 = 2, {columns}
      FROM res_partner, generate_series(1, %s) AS n WHERE id = %s
    """,
    [NUMBER, model.id],
)
cr.execute(
    "UPDATE res_partner SET commercial_partner_id = id WHERE name ~ '^Cliente [0-9]'"
)
env.invalidate_all()
model.active = False
campaign = env["xpyme.offer.campaign"].create(
    {
        "name": "Primavera",
        "subject": "Ofertas para $1",
        "email_from": "ofertas@ferreteria.example.com",
        "partner_domain": "[('name', '=like', 'Cliente %')]",
        "product_ids": [(0, 0, {"product_id": product.id}) for product in products],
    }
)
cr.commit()
print("SHOP " + json.dumps({"campaign": campaign.id}))
