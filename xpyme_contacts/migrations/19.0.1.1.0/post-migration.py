from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from odoo.addons.xpyme_contacts.hooks import fill, join_forms, show_addresses
from odoo.addons.xpyme_contacts.tools.address_mark import get_mark_of_digest_sql


def migrate(cr, _version):
    """What is stored since then; and the lanes of offers are the outbox's.

    Scheduled actions are the user's own after their installation: no data file changes
    what they call.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    show_addresses(env)
    partners = env["res.partner"].with_context(active_test=False)
    fill(partners, "is_customer_card", "bool")
    # What is left of an order that was invoiced is reckoned in money now.
    fill(
        env["sale.order"].with_context(active_test=False), "risk_to_invoice", "numeric"
    )
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
    # The marks of addresses were hashes that anybody could make.
    key = env["xpyme.offer.consent"]._get_key()
    mark = get_mark_of_digest_sql(key, SQL("decode(email_hash, 'hex')"))
    cr.execute(SQL("UPDATE xpyme_offer_consent SET email_hash = %s", mark))
    join_forms(env)
