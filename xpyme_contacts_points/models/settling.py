from collections import namedtuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from odoo.addons.xpyme_contacts.tools import row_locks

from ..tools import period

# What settling a customer would do: ``reason`` is empty where a voucher is given, and
# ``detail`` tells more of this customer; ``is_empty``: nothing happened in the period.
Verdict = namedtuple(
    "Verdict",
    "customer start end mode sales points amount reason detail is_empty",
    defaults=(False, False, False, 0.0, 0.0, 0.0, "", "", False),
)

# What is read of the customers who are judged.
_JUDGED = (
    *("commercial_partner_id", "customer_type_id", "no_points"),
    *("points_period_start", "points_period_end"),
)
_LAST_SETTLEMENTS = """
SELECT DISTINCT ON (period.customer_id)
       period.customer_id, settlement.id, touched.is_so
  FROM (%s) AS period
  JOIN xpyme_points_settlement settlement
    ON settlement.partner_id = period.customer_id
   AND settlement.company_id = %s AND settlement.state = 'done'
 CROSS JOIN LATERAL (
       SELECT COALESCE(
              settlement.date_from <= period.date_to
              AND settlement.date_to >= period.date_from, FALSE
              ) AS is_so
       ) AS touched
 ORDER BY period.customer_id, touched.is_so DESC,
       settlement.date_to DESC
"""


class ResPartner(models.Model):
    """A customer's period becomes a voucher: how much, or why none."""

    _inherit = "res.partner"

    def unlink(self):
        """Periods in which there was nothing go with their customer."""
        self._get_settlements().filtered(lambda one: one.state == "empty").unlink()
        return super().unlink()

    # === SETTLING ===#

    def action_settle_points(self):
        """Give the customers the vouchers of their periods.

        :raise AccessError: the user may not settle
        :raise UserError: none is given; it says why
        """
        self.env["xpyme.points.settlement"]._check_may_settle()
        self.check_access("read")
        verdicts, settlements = self.commercial_partner_id._settle_points()
        if not settlements:
            raise UserError(
                "\n".join(
                    " ".join(filter(None, (verdict.reason, verdict.detail)))
                    for verdict in verdicts[:10]
                )
            )
        return settlements._get_told_action()

    def _settle_points(self, roll_empty=False):
        """Settle the customers ``self`` in the company at work.

        :param roll_empty: a period without sales and points goes on to the next one
        :return: list of all verdicts, and the settlements made
        """
        # Two sessions that settle a customer meet here: the first moves the period on,
        # so the second finds a card that has changed, begins anew and sees it.
        # Of thousands it needs a date, and Odoo would read whole cards along with it.
        self.fetch(["create_date"])
        row_locks.lock(self)
        verdicts = self._judge_points()
        given = [verdict for verdict in verdicts if not verdict.reason]
        # sudo: nobody writes settlements but this method, for whom may settle; a
        # manager may make cards, not touch the history.
        settlements = self.env["xpyme.points.settlement"].sudo()
        if given:
            vals_list = [self._prepare_settlement(verdict) for verdict in given]
            settlements = settlements._give(vals_list, self.env.company)
        empty = [verdict for verdict in verdicts if roll_empty and verdict.is_empty]
        settlements.create(
            [{**self._prepare_settled_period(one), "state": "empty"} for one in empty]
        )
        rolled = {}
        for verdict in given + empty:
            days = period.get_next(verdict.start, verdict.end)
            rolled.setdefault(days, []).append(verdict.customer.id)
        self._set_points_periods(
            {days: self.browse(ids) for days, ids in rolled.items()}
        )
        return verdicts, settlements.sudo(False)

    def _prepare_settlement(self, verdict):
        kind, company = verdict.customer.customer_type_id, self.env.company
        days = kind.voucher_validity_days
        term = "voucher_percent" if verdict.mode == "percent" else "point_value"
        return {
            **self._prepare_settled_period(verdict),
            "base": verdict.sales,
            "points": verdict.points,
            term: kind[term],
            "amount": verdict.amount,
            "expiration_date": days
            and company._get_local_today() + relativedelta(days=days),
        }

    def _prepare_settled_period(self, verdict):
        """Of a period that goes on to the next one, whatever it gives."""
        company = self.env.company
        return {
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "partner_id": verdict.customer.id,
            "date_from": verdict.start,
            "date_to": verdict.end,
            "mode": verdict.mode,
        }

    def _set_points_periods(self, periods):
        """
        :param periods: ``{(first day, last day): customers}``, of the company at work

        By SQL: the ORM would look for the contacts of each customer, one by one. They
        show their customer's period, as a commercial field.
        """
        names = ["points_period_start", "points_period_end"]
        self.env["res.partner"].flush_model([*names, "commercial_partner_id"])
        for days, customers in periods.items():
            if customers:
                columns = map(self._get_period_column_sql, names, days)
                self.env.cr.execute(
                    SQL(
                        "UPDATE res_partner SET %s WHERE commercial_partner_id IN %s",
                        SQL(", ").join(columns),
                        customers._ids,
                    )
                )
        self.env["res.partner"].invalidate_model(names)

    @api.model
    def _get_period_column_sql(self, name, day):
        """A day as a company's value of a field that each company has."""
        return SQL(
            "%s = jsonb_set(COALESCE(%s, '{}'), %s, to_jsonb(%s::text))",
            SQL.identifier(name),
            SQL.identifier(name),
            [str(self.env.company.id)],
            fields.Date.to_string(day),
        )

    # === JUDGING ===#

    def _judge_points(self):
        """A :class:`Verdict` for each of the customers ``self``, in their order."""
        # Odoo would read all that each company has of a customer along with a period.
        self.fetch(_JUDGED)
        figures = self._read_points_figures()
        settled = self._read_last_settlements()
        today = self.env.company._get_local_today()
        nothing = (0.0, 0.0)
        return [
            customer._judge_period(
                *figures.get(customer.id, nothing), settled.get(customer.id), today
            )
            for customer in self
        ]

    def _judge_period(self, points, sales, last, today):
        """
        :param last: pair of the settlement that stands in the way, else of the last
            one, and whether it stands in the way; None without any
        """
        kind, currency = self.customer_type_id, self.env.company.currency_id
        told = Verdict(
            self,
            self.points_period_start,
            self.points_period_end,
            kind.voucher_mode or "none",
            currency.round(sales),
            round(points, 2),
        )
        settlement, overlaps = last or (None, False)
        obstacle = self._get_terms_obstacle(kind) or self._get_period_obstacle(today)
        if obstacle or overlaps:
            return told._replace(
                reason=obstacle or self.env._("The period is settled already."),
                detail=settlement._tell() if settlement else "",
            )
        return self._weigh_points(told, kind)

    def _weigh_points(self, told, kind):
        """The verdict where nothing stands in the way but that there is nothing."""
        currency = self.env.company.currency_id
        if told.mode == "percent":
            base, amount = told.sales, told.sales * kind.voucher_percent / 100
        else:
            base, amount = told.points, told.points * kind.point_value
        if base <= 0:
            reason = (
                self.env._("No sales in the period.")
                if told.mode == "percent"
                else self.env._("No points in the period.")
            )
            return told._replace(
                reason=reason, is_empty=not (told.sales or told.points)
            )
        amount = currency.round(amount)
        if not amount:
            reason = self.env._("What they bought is not worth a voucher.")
            return told._replace(reason=reason)
        return told._replace(amount=amount)

    def _get_terms_obstacle(self, kind):
        """Why a customer of this type is given none; empty if they are."""
        if self.no_points:
            return self.env._("They accumulate no points.")
        if kind.voucher_mode not in ("percent", "points"):
            return self.env._("Their type of customer gives no vouchers.")
        if kind.voucher_mode == "percent" and not kind.voucher_percent:
            return self.env._("Their type of customer has no percentage.")
        if kind.voucher_mode == "points" and not kind.point_value:
            return self.env._("Their type of customer gives no value to a point.")
        return ""

    def _get_period_obstacle(self, today):
        """Why the period cannot be settled today; empty if it can."""
        start, end = self.points_period_start, self.points_period_end
        if not start and not end:
            return self.env._("They have no period.")
        if not (start and end):
            return self.env._("Only one date of the period is typed.")
        if end >= today:
            return self.env._(
                "The period is not over: it ends on %s.", format_date(self.env, end)
            )
        return ""

    def _read_last_settlements(self):
        """``{customer id: (settlement, whether it is of some of the same days)}``.

        The one that stands in the way of the period, else the last one.
        """
        if not self:
            return {}
        settlements = self.env["xpyme.points.settlement"].sudo()
        settlements.flush_model()
        rows = self.env.execute_query(
            SQL(
                _LAST_SETTLEMENTS,
                self._get_points_periods_sql(self),
                self.env.company.id,
            )
        )
        # sudo: told to whoever may settle, a customer of theirs.
        settlements = settlements.browse(
            settlement_id for _c, settlement_id, _o in rows
        )
        return {
            customer_id: (settlement, overlaps)
            for (customer_id, _id, overlaps), settlement in zip(
                rows, settlements, strict=True
            )
        }
