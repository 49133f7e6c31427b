from odoo.tools import SQL


def post_init_hook(env):
    """On a living database the customers get their control mark, and nothing else.

    No contact is created: the list action *Create Missing Contacts* does, for those
    chosen. In SQL, so that the customers' own history does not show an edit.
    """
    env.cr.execute(
        SQL(
            "UPDATE res_partner SET customer_flag = TRUE"
            " WHERE customer_rank > 0 AND parent_id IS NULL"
        )
    )
    env["res.partner"].invalidate_model(["customer_flag"])


def uninstall_hook(env):
    """Nothing of ours stays in the rows of others."""
