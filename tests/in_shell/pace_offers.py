"""Run in ``odoo shell``: a campaign to its end, each wait of it passed at once.

What the campaign waits for is taken off all dates of its database, and the seconds are
written to the file ``XPYME_CLOCK``, which the mail server reads.
"""
# ruff: noqa: F821 -- odoo shell provides env

import json
import os
from pathlib import Path

from odoo import fields

clock = Path(os.environ["XPYME_CLOCK"])
server = env["ir.mail_server"].search([], limit=1)
server.offers_per_hour = int(os.environ["XPYME_LIMIT"])
campaign = env["xpyme.offer.campaign"].search([], order="id desc", limit=1)
if campaign.state == "draft":
    campaign.action_prepare()
    while campaign._freeze_batch():
        env.cr.commit()
    # Somebody runs the lanes here.
    env["xpyme.offer.outbox"]._get_lanes().nextcall = fields.Datetime.now()
    campaign.action_approve()
env.cr.commit()
outbox = env["xpyme.offer.outbox"]
passed, told = float(clock.read_text() or 0), set()
for _round in range(2000):
    for lane in range(4):
        outbox._process_lane(lane)
    env.invalidate_all()
    if campaign.state != "running":
        break
    told.add(campaign.wait_reason)
    env.cr.execute(
        "SELECT extract(epoch FROM greatest(campaign.waits_until, min(offer.retry_at))"
        " - now() AT TIME ZONE 'UTC') FROM xpyme_offer_campaign campaign"
        " LEFT JOIN xpyme_offer offer ON offer.campaign_id = campaign.id"
        " AND offer.state = 'ready' WHERE campaign.id = %s GROUP BY campaign.id",
        [campaign.id],
    )
    wait = max(1.0, float(env.cr.fetchone()[0] or 0)) + 1
    for table, columns in {
        "xpyme_offer": ("claimed_at", "sent_at", "retry_at"),
        "xpyme_offer_campaign": ("waits_until",),
    }.items():
        moved = ", ".join(f"{c} = {c} - %(wait)s * interval '1 s'" for c in columns)
        env.cr.execute(f"UPDATE {table} SET {moved}", {"wait": wait})
    env.cr.commit()
    env.invalidate_all()
    passed += wait
    clock.write_text(str(passed))
states = campaign.offer_ids.grouped("state")
print(
    "PACE "
    + json.dumps(
        {
            "state": campaign.state,
            "states": {state: len(group) for state, group in states.items()},
            "attempts": max(campaign.offer_ids.mapped("attempts")),
            "reason": campaign.pause_reason or "",
            "told": sorted(filter(None, told)),
            "activities": len(campaign.activity_ids),
            "hours": passed / 3600,
        }
    )
)
