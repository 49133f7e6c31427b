from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import sides

_LEARN = """
    INSERT INTO xpyme_customer_price AS kept
           (company_id, partner_id, product_id, %(net)s, %(taxed)s,
            typed_sides, origin, updated_on,
            create_uid, create_date, write_uid, write_date)
    SELECT company_id, partner_id, product_id, price, pvp,
           overlay(%(empty)s placing side from %(tariff)s for 1),
           %(origin)s, %(today)s, %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM unnest(%(typed)s)
           AS typed(company_id, partner_id, product_id, price, pvp, side)
        ON CONFLICT (company_id, partner_id, product_id) DO UPDATE
       SET %(net)s = excluded.%(net)s, %(taxed)s = excluded.%(taxed)s,
           typed_sides = overlay(coalesce(kept.typed_sides, %(empty)s)
               placing substr(excluded.typed_sides, %(tariff)s, 1)
               from %(tariff)s for 1),
           origin = excluded.origin, updated_on = excluded.updated_on,
           write_uid = excluded.write_uid, write_date = excluded.write_date
    RETURNING id, company_id, partner_id, product_id
"""


class CustomerPriceChange(models.Model):
    """Special prices that documents and revisions store (seed 004: *los precios
    especiales pueden generarse automáticamente*), each with its way back."""

    _inherit = "xpyme.customer.price.change"

    @api.model
    def _learn(self, entries, origin="document"):
        """Make prices the customers' special prices, with a way back.

        Two sessions that learn the same price leave one line (ON CONFLICT).

        :param entries: dictionaries of ``_prepare_learnt_price``; of two for the same
            article and tariff the last one holds
        :raise ValidationError: a price under zero
        """
        if not entries:
            return self
        keys = ("company_id", "partner_id", "product_id", "tariff")
        entries = list({tuple(e[key] for key in keys): e for e in entries}.values())
        self.env["xpyme.customer.price"].flush_model()
        changes = []
        for tariff in sides.TARIFFS:
            of_tariff = [entry for entry in entries if entry["tariff"] == tariff]
            if of_tariff:
                changes += self._learn_tariff(tariff, of_tariff, origin)
        self.env["xpyme.customer.price"].invalidate_model()
        self.env["xpyme.customer.price"]._forget_memo()
        learnt = self.create(changes)
        # What is stored by SQL passes no constraint by itself.
        learnt.price_id._check_not_negative()
        return learnt

    def _learn_tariff(self, tariff, entries, origin):
        """Store prices of one tariff; values of the changes."""
        columns = [f"price_{tariff}", f"pvp_{tariff}"]
        before = self._read_before(tariff, columns, entries)
        query = self._get_learning_query(tariff, columns, entries, origin)
        ids = {tuple(key): one for one, *key in self.env.execute_query(query)}
        changes = []
        for entry in entries:
            key = (entry["company_id"], entry["partner_id"], entry["product_id"])
            old = before.get(key, (sides.NONE, 0.0, 0.0))
            new = (entry["side"], entry["price"], entry["pvp"])
            changes.append(
                self._prepare_change(ids[key], tariff, old, new, entry["document"])
            )
        return changes

    def _get_learning_query(self, tariff, columns, entries, origin):
        keys = ("company_id", "partner_id", "product_id", "price", "pvp", "side")
        kinds = ("int[]", "int[]", "int[]", "float8[]", "float8[]", "text[]")
        typed = SQL(", ").join(
            SQL("%s::%s", [entry[key] for entry in entries], SQL(kind))
            for key, kind in zip(keys, kinds, strict=True)
        )
        return SQL(
            _LEARN,
            net=SQL.identifier(columns[0]),
            taxed=SQL.identifier(columns[1]),
            typed=typed,
            empty=sides.EMPTY,
            tariff=tariff,
            origin=origin,
            today=fields.Date.context_today(self),
            uid=self.env.uid,
            now=self.env.cr.now(),
        )

    def _read_before(self, tariff, columns, entries):
        """``{(company, customer, article): (side, price, with tax)}`` as it was."""
        query = SQL(
            "SELECT company_id, partner_id, product_id, typed_sides, %s, %s"
            "  FROM xpyme_customer_price"
            " WHERE partner_id = ANY(%s) AND product_id = ANY(%s)",
            *(SQL.identifier(column) for column in columns),
            [entry["partner_id"] for entry in entries],
            [entry["product_id"] for entry in entries],
        )
        return {
            tuple(row[:3]): (sides.side_of(row[3], tariff), row[4] or 0, row[5] or 0)
            for row in self.env.execute_query(query)
        }

    @api.model
    def _prepare_change(self, price_id, tariff, old, new, source):
        """:param old: ``(side, price, pvp)`` before; :param new: after"""
        return {
            "price_id": price_id,
            "tariff": tariff,
            "old_side": old[0],
            "old_price": old[1],
            "old_pvp": old[2],
            "new_side": new[0],
            "new_price": new[1],
            "new_pvp": new[2],
            "source": source,
        }
