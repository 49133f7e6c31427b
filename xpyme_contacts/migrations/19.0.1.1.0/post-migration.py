from odoo import SUPERUSER_ID, api

from odoo.addons.xpyme_contacts.hooks import fill


def migrate(cr, _version):
    """Who is a customer is stored, and the lanes of offers are the outbox's.

    Scheduled actions are the user's own after their installation: no data file changes
    what they call.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    partners = env["res.partner"].with_context(active_test=False)
    fill(partners, "is_customer_card", "bool")
    outbox = env.ref("xpyme_contacts.model_xpyme_offer_outbox")
    for lane in range(4):
        cron = env.ref(f"xpyme_contacts.offer_lane_{lane}_cron", False)
        if cron:
            cron.model_id = outbox
