"""When a customer agreed to pay, applied to the due dates of a document."""

from datetime import date
from typing import NamedTuple

from odoo.addons.xpyme_contacts.tools import pay_days


class Agreement(NamedTuple):
    """``days`` of the month; ``leaves``: pairs of first and last date; whether these
    come round each year."""

    days: tuple = ()
    leaves: tuple = ()
    ignore_year: bool = False

    def __bool__(self):
        return bool(self.days or self.leaves)

    def get_moves(self, dates):
        """What becomes of due dates, in a form that JSON carries; None: all stay.

        :return: ``days`` of the month, and in ``dates`` for each that does not stay the
            date, the one that it moves to and the last date of the leave that it was
            in. The second is None if the customer is away for good.

        >>> agreement = Agreement((5, 20), ((date(2026, 8, 1), date(2026, 8, 31)),))
        >>> agreement.get_moves([date(2026, 8, 9), date(2026, 9, 5)])
        {'days': [5, 20], 'dates': [['2026-08-09', '2026-09-05', '2026-08-31']]}
        >>> agreement.get_moves([date(2026, 9, 5)])
        >>> Agreement().get_moves([date(2026, 9, 4)])
        """
        moves = []
        for due in sorted(set(filter(None, dates))) if self else ():
            day, away_until = pay_days.explain(
                due, self.days, self.leaves, self.ignore_year
            )
            if day != due:
                moves.append([_to_text(due), _to_text(day), _to_text(away_until)])
        return {"days": list(self.days), "dates": moves} if moves else None


def read_moves(moves):
    """Triples of dates of what ``Agreement.get_moves`` told.

    >>> read_moves({"days": [], "dates": [["2026-08-09", None, None]]})
    [(datetime.date(2026, 8, 9), None, None)]
    >>> read_moves(None)
    []
    """
    return [
        tuple(text and date.fromisoformat(text) for text in move)
        for move in (moves or {}).get("dates", ())
    ]


def _to_text(day):
    return day and day.isoformat()
