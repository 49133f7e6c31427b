"""Operations of the benchmark of offers, for ``_worker.py``."""

import math
import os

from odoo import Command

_BODY = """
<div style="background:#ffffff;max-width:640px;margin:0 auto;">
<p>Estimados amigos de <t t-out="object.name"/>:</p>
<table width="100%" style="border-collapse:collapse;width:100%;">
<tr t-foreach="object.offer_line_ids" t-as="line">
<td width="1" style="padding:10px 8px;border-bottom:1px solid #e3e6ea;"></td>
<td style="padding:10px 8px;border-bottom:1px solid #e3e6ea;">
<strong style="font-size:15px;" t-out="line.product_id.name"/><br/>
<span style="font-size:12px;" t-out="line.product_id.default_code"/></td>
<td style="padding:10px 8px;text-align:right;border-bottom:1px solid #e3e6ea;">
<strong style="font-size:16px;" t-out="'%.2f' % line.product_id.list_price"/></td>
</tr></table>
<p>Publicidad de <t t-out="object.env.company.name"/></p></div>
"""


def make_customers(env, count, articles):
    """Customers with an offer of their own each; what both sides work with."""

    def work():
        products = env["product.product"].create(
            [
                {"name": f"Artículo {n}", "default_code": f"A{n}", "list_price": n + 1}
                for n in range(articles * 5)
            ]
        )
        env.company.email = "ofertas@example.com"
        partners = env["res.partner"].with_context(
            tracking_disable=True, _partners_skip_fields_sync=True
        )
        ids = []
        for start in range(0, count, 1000):
            ids += partners.create(
                [
                    {
                        "name": f"Cliente {n}",
                        "email": f"c{n}@example.com",
                        "customer_rank": 1,
                        "contact_name": "Ana",
                        "offer_line_ids": [
                            Command.create({"product_id": products[(n + i) % 50].id})
                            for i in range(articles)
                        ],
                    }
                    for n in range(start, min(start + 1000, count))
                ]
            ).ids
        return ids

    return work


def _make_campaign(env, ids):
    template = env["xpyme.offer.template"].create(
        {"name": "Carta", "body_html": "<p>Estimados amigos de $1:</p><p>$2</p>"}
    )
    return env["xpyme.offer.campaign"].create(
        {
            "name": "Primavera",
            "subject": "Ofertas para $1",
            "template_id": template.id,
            "partner_domain": repr([("id", "in", ids)]),
        }
    )


def prepare(env, ids):
    """Enqueue, price, render and freeze the offers of some customers."""
    campaign = _make_campaign(env, ids)

    def work():
        memory = []
        campaign._enqueue()
        campaign.sudo().write({"state": "prepared", "prepared_at": env.cr.now()})
        while campaign._freeze_batch():
            env.invalidate_all()
            memory.append(_get_memory())
        assert campaign.ready_count == len(ids)
        return memory

    return work


def prepare_core(env, ids):
    """The same mails by Odoo's own template."""
    template = env["mail.template"].create(
        {
            "name": "Carta",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "subject": "Ofertas para {{ object.name }}",
            "email_from": "ofertas@example.com",
            "partner_to": "{{ object.id }}",
            "body_html": _BODY,
        }
    )

    def work():
        mails = template.send_mail_batch(ids)
        assert len(mails) == len(ids)

    return work


def enqueue(env, count):
    """Enqueue many customers, copies of one made in SQL."""
    env.cr.execute(
        "INSERT INTO res_partner (name, complete_name, email, customer_rank, active,"
        " is_company, partner_share, autopost_bills)"
        " SELECT 'Masa ' || n, 'Masa ' || n, 'm' || n || '@example.com', 1, TRUE, TRUE,"
        " TRUE, 'ask' FROM generate_series(1, %s) AS n",
        [count],
    )
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id, is_customer_card = TRUE"
        " WHERE commercial_partner_id IS NULL"
    )
    env.invalidate_all()
    campaign = _make_campaign(env, [])
    campaign.partner_domain = "[('name', '=like', 'Masa %')]"
    campaign._get_recipients_domain()

    def work():
        return campaign._enqueue()

    return work


def make_ready(env, ids, port):
    """An approved campaign, for the lanes to send to a mail server of this machine."""

    def work():
        env["ir.mail_server"].search([]).active = False
        env["ir.mail_server"].create(
            {
                "name": "Sink",
                "smtp_host": "127.0.0.1",
                "smtp_port": port,
                "smtp_encryption": "none",
            }
        )
        # The lanes of the benchmark are its own.
        crons = env["ir.cron"].search([("cron_name", "like", "send offers")])
        crons.active = False
        campaign = _make_campaign(env, ids)
        campaign._prepare()
        while campaign._freeze_batch():
            pass
        campaign._approve(env.user)
        return campaign.id

    return work


def make_unsent(env, campaign):
    """The mails of a campaign are to be sent again."""

    def work():
        env.cr.execute(
            "UPDATE xpyme_offer SET state = 'ready', sent_at = NULL, attempts = 0"
            " WHERE campaign_id = %s",
            [campaign],
        )

    return work


def send(env, lane):
    """One lane sends until nothing is left."""

    def work():
        env["xpyme.offer.outbox"]._send_waiting(lane, math.inf)

    return work


def count_sent(env, campaign):
    def work():
        return env["xpyme.offer"].search_count(
            [("campaign_id", "=", campaign), ("state", "=", "sent")]
        )

    return work


def _get_memory():
    """Memory of this process, in MB."""
    with open("/proc/self/statm") as reader:
        return int(reader.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
