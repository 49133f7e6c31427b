from odoo import api, fields, models
from odoo.tools import SQL


class RiskLock(models.Model):
    """One row per customer or tax id: transactions that judge it are serialised here.

    Under REPEATABLE READ waiting for a row that was only locked would go on with the
    old snapshot, without what the other session has sold. On a row that was *updated*
    it fails, and Odoo repeats the request, which then sees the other's document.
    """

    _name = "xpyme.risk.lock"
    _description = "Lock of a Customer's Risk"
    _log_access = False

    key = fields.Char(required=True)

    _key_unique = models.UniqueIndex("(key)")

    @api.model
    def _hold(self, customers):
        """Hold the risk of ``customers`` until the end of the transaction.

        By tax id wherever there is one, even if the limits are not judged by it: to
        tick *By Tax ID* meanwhile changes nothing.
        """
        # sudo: a lock is nobody's data.
        keys = {
            f"vat:{customer.vat_key}" if customer.vat_key else f"card:{customer.id}"
            for customer in customers.sudo()
        }
        if keys:
            self._update(sorted(keys))

    @api.model
    def _update(self, keys):
        self.env.cr.execute(
            SQL(
                "INSERT INTO xpyme_risk_lock (key) SELECT unnest(%s::varchar[])"
                " ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key",
                keys,
            )
        )
