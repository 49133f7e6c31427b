from odoo.tools import sql

from odoo.addons.xpyme_contacts.tools.leaving import forget_notes


def pre_init_hook(env):
    """On a living database the documents get no discount by themselves.

    Odoo would compute the new column of each order and invoice, and with it its prices.
    Nor do invoice lines get an automatic price: nobody knows what it was.
    """
    for table in ("sale_order", "account_move"):
        if not sql.column_exists(env.cr, table, "customer_discount_id"):
            sql.create_column(env.cr, table, "customer_discount_id", "int4")
    for column, kind in (("automatic_price", "float8"), ("has_customer_price", "bool")):
        if not sql.column_exists(env.cr, "account_move_line", column):
            sql.create_column(env.cr, "account_move_line", column, kind)


def post_init_hook(env):
    """Show pricelists and the discount of a line, as the general settings do.

    Without the first a document's tariff could not be chosen, and without the second
    Odoo never fills a discount.
    """
    internal_users = env.ref("base.group_user")
    features = ("product.group_product_pricelist", "sale.group_discount_per_so_line")
    for feature in features:
        internal_users._apply_group(env.ref(feature))
    env["product.pricelist"]._create_tariffs(env["res.company"].search([]))


def uninstall_hook(env):
    """Tariffs that were never used go along with what Odoo removes by itself."""
    env["product.pricelist"]._remove_spare_tariffs()
    forget_notes(env, "xpyme_contacts_pricing")
