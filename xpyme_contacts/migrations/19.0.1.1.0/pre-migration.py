from odoo.tools import sql


def migrate(cr, _version):
    """Who is a customer is stored now: ``post-migration`` fills the column."""
    sql.create_column(cr, "res_partner", "is_customer_card", "bool")
