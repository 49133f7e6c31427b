"""Run by ``odoo shell``: a day's work with ``xpyme_contacts_points``."""
# ruff: noqa: F821 -- odoo shell provides env

from datetime import timedelta

kind = env["xpyme.customer.type"].search([("name", "=", "Comercio")])
kind.write({"voucher_mode": "percent", "voucher_percent": 5})
invoice = env["account.move"].search(
    [("move_type", "=", "out_invoice"), ("state", "=", "posted")], limit=1
)
customer = invoice.commercial_partner_id
day = invoice.invoice_date
# The shop's invoices may be of today: it is the day after.
type(env.company)._get_local_today = lambda _company: day + timedelta(days=1)
customer.write(
    {
        "points_period_start": day,
        "points_period_end": day,
    }
)
env["res.partner"].get_views([(False, "form"), (False, "list")])
customer.action_settle_points()
assert customer.voucher_balance > 0
env["xpyme.points.settlement"]._take_lapsed()
env.cr.commit()
