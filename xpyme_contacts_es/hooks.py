from odoo.addons.xpyme_contacts.tools.leaving import forget_notes


def uninstall_hook(env):
    """Take along the positions and taxes that were made, but for those in use.

    What posted invoices and confirmed orders have stays, archived, so that nobody
    chooses it. Customers' own fiscal positions were never touched.
    """
    every = env["account.fiscal.position"].with_context(active_test=False)
    positions = every.search([("agreement_key", "!=", False)])
    customers = env["res.partner"].with_context(active_test=False)
    for position in positions:
        domain = [("fiscal_position_id", "=", position.id)]
        in_use = any(
            env[model].search_count(domain, limit=1)
            for model in ("sale.order", "account.move")
        )
        for company in env["res.company"].search([]):
            holders = customers.with_company(company).search(
                [("property_account_position_id", "=", position.id)]
            )
            holders.property_account_position_id = position.base_position_id
        if in_use:
            position.active = False
        else:
            position.unlink()
    taxes = env["account.tax"].with_context(active_test=False)
    for tax in taxes.search([("total_origin_id", "!=", False)]):
        if tax.is_used:
            tax.active = False
        else:
            tax.unlink()
    forget_notes(env, "xpyme_contacts_es")
