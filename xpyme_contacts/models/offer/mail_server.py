from datetime import timedelta
from math import ceil

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

_HOUR, _DAY = 3600, 86400
# An hour's mails go in twelve parts: a server that sees them all at once slows down.
_PART = 300
# What a server that nobody knows yet may send on its first day; each day twice as much.
_FIRST_DAY, _WARM_UP_DAYS = 50, 14
_ROOM = """(
    SELECT taken.claimed_at + %(seconds)s * interval '1 second'
      FROM xpyme_offer taken
     WHERE taken.mail_server_id = %(server)s AND taken.claimed_at IS NOT NULL
     ORDER BY taken.claimed_at DESC OFFSET %(limit)s - 1 LIMIT 1)
"""
_FULL_DOMAINS = """
    SELECT split_part(taken.email, '@', 2) AS domain,
           (array_agg(taken.claimed_at ORDER BY taken.claimed_at DESC))[%(limit)s]
               + %(seconds)s * interval '1 second' AS room_at
      FROM xpyme_offer taken
     WHERE taken.mail_server_id = %(server)s
       AND taken.claimed_at > (clock_timestamp() AT TIME ZONE 'UTC')
                              - %(seconds)s * interval '1 second'
     GROUP BY 1 HAVING count(*) >= %(limit)s
"""


class IrMailServer(models.Model):
    """How many offers a mail server is given, counted from what it was handed over.

    The offers themselves are the count: nothing else could differ from them. Each lane
    that takes a mail for a limited server writes the server's row first, so that two
    lanes cannot both take the last one of an hour.
    """

    _inherit = "ir.mail_server"

    offers_per_hour = fields.Integer(
        help="How many offers this server sends within any hour, in twelve parts. "
        "Leave room for the shop's other mails. 0: as many as it takes.",
    )
    offers_per_day = fields.Integer(
        help="How many offers this server sends within any 24 hours. 0: as many as it "
        "takes.",
    )
    offers_per_hour_domain = fields.Integer(
        string="Offers per hour and domain",
        help="How many offers go to addresses of one domain, such as gmail.com, within "
        "any hour. 0: as many as it takes.",
    )
    offers_warm_up_from = fields.Date(
        string="Warm up from",
        help="A server or a domain that nobody knows yet begins with 50 offers on this "
        "day and sends twice as many each day, for two weeks.",
    )
    offers_taken_at = fields.Datetime(
        string="Last offer handed over on",
        readonly=True,
        copy=False,
        help="Known for servers that have a limit.",
    )

    @api.constrains("offers_per_hour", "offers_per_day", "offers_per_hour_domain")
    def _check_offer_limits(self):
        """:raise ValidationError: a limit is negative"""
        for server in self:
            limits = (server.offers_per_hour, server.offers_per_day)
            if min(*limits, server.offers_per_hour_domain) < 0:
                raise ValidationError(
                    self.env._(
                        "A mail server cannot send fewer than no offers. Type 0 for no "
                        "limit, or the number that your provider allows."
                    )
                )

    # === LIMITS ===#

    def _get_offer_limits(self):
        """Pairs of number and seconds: as many offers go within any such time."""
        limits = []
        if self.offers_per_hour:
            limits.append((self.offers_per_hour, _HOUR))
            limits.append((ceil(self.offers_per_hour * _PART / _HOUR), _PART))
        if a_day := self._get_offers_per_day():
            limits.append((a_day, _DAY))
        return limits

    def _get_offers_per_day(self):
        """The limit of a day, 0 for none; a server that warms up has one of its own."""
        limit, begin = self.offers_per_day, self.offers_warm_up_from
        if not begin:
            return limit
        day = max(0, (fields.Date.today() - begin).days)
        if day >= _WARM_UP_DAYS:
            return limit
        warm = _FIRST_DAY * 2**day
        return min(limit, warm) if limit else warm

    # === SQL OF THE OUTBOX ===#

    def _get_offer_room_sql(self):
        """SQL of the time (UTC) from which the server may take one more offer.

        NULL, or past: at once.
        """
        times = [
            SQL(_ROOM, server=self.id, limit=limit, seconds=seconds)
            for limit, seconds in self._get_offer_limits()
        ]
        return SQL("greatest(%s)", SQL(", ").join(times)) if times else SQL("NULL")

    def _get_offer_turn_sql(self):
        """SQL statement that gives a row if the server may take an offer now.

        A server with limits is written, and whoever writes it at the same time begins
        anew with what the other one took.
        """
        if not self._get_offer_limits() and not self.offers_per_hour_domain:
            return SQL("SELECT 1")
        return SQL(
            """
            UPDATE ir_mail_server SET offers_taken_at = now() AT TIME ZONE 'UTC'
             WHERE id = %s AND coalesce(
                   %s <= clock_timestamp() AT TIME ZONE 'UTC', TRUE)
            RETURNING id
            """,
            self.id,
            self._get_offer_room_sql(),
        )

    def _get_full_domains_sql(self):
        """SQL query of the domains that had their hour's offers, and since when
        (``domain``, ``room_at``)."""
        return SQL(
            _FULL_DOMAINS,
            server=self.id,
            limit=self.offers_per_hour_domain,
            seconds=_HOUR,
        )

    def _get_offer_domain_sql(self, email):
        """SQL condition of an address whose domain may get one more offer."""
        if not self.offers_per_hour_domain:
            return SQL("TRUE")
        return SQL(
            "split_part(%s, '@', 2) NOT IN (SELECT domain FROM (%s) AS full_domains)",
            email,
            self._get_full_domains_sql(),
        )

    def _get_offer_room(self):
        """When the server takes the next offer, in UTC; None if it does now."""
        room = self._get_offer_room_sql()
        if self.offers_per_hour_domain:
            room = SQL(
                "greatest(%s, (SELECT min(room_at) FROM (%s) AS full_domains))",
                room,
                self._get_full_domains_sql(),
            )
        [(room_at,)] = self.env.execute_query(SQL("SELECT %s::timestamp", room))
        # Odoo's dates have no parts of a second.
        room_at = room_at and room_at.replace(microsecond=0) + timedelta(seconds=1)
        return room_at if room_at and room_at > fields.Datetime.now() else None
