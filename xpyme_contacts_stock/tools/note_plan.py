"""Which part of an order an invoice is made of, said by the context.

No client can say it: JSON carries no object of this class.
"""

from dataclasses import dataclass, field

_KEY = "xpyme_note_plan"


@dataclass
class NotePart:
    """What one invoice takes of an order: ``{line id: quantity}``, in the unit of the
    line, ``{line id: ids of moves}``, and the ids of its notes, the oldest first."""

    note_ids: list = field(default_factory=list)
    quantities: dict = field(default_factory=dict)
    moves: dict = field(default_factory=dict)

    def take(self, line_id, quantity, move_ids=()):
        """
        >>> part = NotePart([3])
        >>> part.take(7, 2.0, [11]); part.take(7, -1.0, [12])
        >>> part.quantities, part.moves
        ({7: 1.0}, {7: [11, 12]})
        """
        self.quantities[line_id] = self.quantities.get(line_id, 0.0) + quantity
        self.moves.setdefault(line_id, []).extend(move_ids)

    def join(self, other):
        """Take what a later part has.

        >>> part, later = NotePart([3], {7: 2.0}, {7: [11]}), NotePart([4], {7: 1.0})
        >>> part.join(later); part.note_ids, part.quantities
        ([3, 4], {7: 3.0})
        """
        self.note_ids += other.note_ids
        for line_id, quantity in other.quantities.items():
            self.take(line_id, quantity, other.moves.get(line_id, ()))


class NotePlan:
    """The parts of orders that are invoiced in one go: ``{order id: part}``.

    >>> plan = NotePlan({5: NotePart([3])})
    >>> get_part(plan.as_context(), 5).note_ids
    [3]
    >>> get_part(plan.as_context(), 6), get_part({"xpyme_note_plan": {5: 1}}, 5)
    (None, None)
    """

    def __init__(self, parts):
        self.parts = parts

    def as_context(self):
        return {_KEY: self}


def get_part(context, order_id):
    """The part of an order that is being invoiced, or None."""
    plan = context.get(_KEY)
    return plan.parts.get(order_id) if isinstance(plan, NotePlan) else None


def in_rounds(parts_by_order):
    """Plans that together hold all parts, each of them one of each order.

    >>> plans = in_rounds({1: ["a", "b"], 2: ["c"]})
    >>> [plan.parts for plan in plans]
    [{1: 'a', 2: 'c'}, {1: 'b'}]
    """
    rounds = []
    for order_id, parts in parts_by_order.items():
        for number, part in enumerate(parts):
            if number == len(rounds):
                rounds.append(NotePlan({}))
            rounds[number].parts[order_id] = part
    return rounds
