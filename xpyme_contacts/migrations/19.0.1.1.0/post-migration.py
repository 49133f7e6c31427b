from odoo import SUPERUSER_ID, api

from odoo.addons.xpyme_contacts.hooks import fill


def migrate(cr, _version):
    """What is stored since then; and the lanes of offers are the outbox's.

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
    # The filter of a campaign goes by the rights of its author; of those that a series
    # made that is the responsible.
    cr.execute(
        """
        UPDATE xpyme_offer_campaign
           SET filter_user_id = CASE WHEN create_uid = %s THEN user_id
                                     ELSE create_uid END
         WHERE filter_user_id IS NULL
        """,
        [SUPERUSER_ID],
    )
