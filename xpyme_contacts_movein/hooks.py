from odoo.tools import SQL

from odoo.addons.xpyme_contacts.tools.leaving import forget_notes

from .models.row import MODULE


def uninstall_hook(env):
    """Customers who moved in stay; what tells where each came from goes."""
    env.cr.execute(SQL("DELETE FROM ir_model_data WHERE module = %s", MODULE))
    forget_notes(env, "xpyme_contacts_movein")
