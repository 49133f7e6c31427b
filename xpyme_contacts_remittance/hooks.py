from odoo.addons.xpyme_contacts.tools.leaving import forget_notes


def uninstall_hook(env):
    forget_notes(env, "xpyme_contacts_remittance")
