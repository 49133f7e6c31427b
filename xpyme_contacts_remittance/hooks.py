from odoo.addons.xpyme_contacts.tools.leaving import forget_notes


def post_init_hook(env):
    """Remittances that were sent before remain a debt as those sent from now on."""
    payments = env["account.payment"].search(
        [
            ("payment_order_id.state", "=", "uploaded"),
            ("payment_order_id.payment_type", "=", "inbound"),
        ]
    )
    payments._set_returnable_until()


def uninstall_hook(env):
    forget_notes(env, "xpyme_contacts_remittance")
