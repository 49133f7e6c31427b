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
    """Core's notes that it keeps, on what mixins have brought to transfers too."""
    forget_notes(env, "xpyme_contacts_stock")
    mixins = ("xpyme.document.notice.mixin", "xpyme.risk.document.mixin")
    env.cr.execute(
        SQL(
            "DELETE FROM ir_model_inherit WHERE model_id = %s AND parent_id = ANY(%s)",
            env["ir.model"]._get_id("stock.picking"),
            [env["ir.model"]._get_id(mixin) for mixin in mixins],
        )
    )
    env.cr.execute(
        SQL(
            "DELETE FROM ir_model_data WHERE module <> 'xpyme_contacts_stock'"
            " AND (name LIKE %s OR name LIKE %s)",
            r"selection\_\_stock\_picking\_\_customer\_notice\_level\_%",
            r"model\_inherit\_\_stock\_picking\_\_xpyme\_%",
        )
    )
