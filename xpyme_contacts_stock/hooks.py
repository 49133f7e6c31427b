from odoo.tools import SQL, sql

from odoo.addons.xpyme_contacts.tools.leaving import forget_notes


def pre_init_hook(env):
    """Orders and notes have their route and contact without being changed."""
    for table, column, value in (
        ("sale_order", "customer_route_id", "customer.customer_route_id"),
        ("stock_picking", "customer_route_id", "customer.customer_route_id"),
        ("stock_picking", "contact_id", "NULL"),
    ):
        if sql.column_exists(env.cr, table, column):
            continue
        sql.create_column(env.cr, table, column, "int4")
        if value != "NULL":
            env.cr.execute(
                SQL(
                    """
                    UPDATE %(table)s document SET %(column)s = %(value)s
                      FROM res_partner partner
                      JOIN res_partner customer
                        ON customer.id = partner.commercial_partner_id
                     WHERE partner.id = document.partner_id
                       AND %(value)s IS NOT NULL
                    """,
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    value=SQL.identifier(*value.split(".")),
                )
            )


def uninstall_hook(env):
    forget_notes(env, "xpyme_contacts_stock")
