from odoo.tools import SQL, sql

from odoo.addons.xpyme_contacts.tools.leaving import forget_notes


def pre_init_hook(env):
    """Companies have their setting without being changed: Odoo would date them."""
    if sql.column_exists(env.cr, "res_company", "invoice_months_apart"):
        return
    sql.create_column(env.cr, "res_company", "invoice_months_apart", "bool")
    env.cr.execute(
        SQL(
            """
            UPDATE res_company SET invoice_months_apart = (country.code = 'ES')
              FROM res_country country
             WHERE country.id = res_company.account_fiscal_country_id
            """
        )
    )


def uninstall_hook(env):
    forget_notes(env, "xpyme_contacts_billing")
