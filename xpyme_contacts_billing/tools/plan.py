"""What a billing run says, by the context, to the orders that it invoices.

No client can say it: JSON carries no object of this class.
"""

_KEY = "xpyme_billing_plan"


class Plan:
    """Which item of the run an order belongs to, the date of its invoice, and the day
    until which what was delivered is invoiced.

    >>> plan = Plan({7: 3}, "2026-08-01", "2026-07-31")
    >>> get_plan(plan.as_context()) is plan
    True
    >>> get_plan({"xpyme_billing_plan": {"7": 3}}) is None, get_plan({}) is None
    (True, True)
    """

    def __init__(self, items, invoice_date, date_to):
        """:param items: ``{id of an order: id of its item}``"""
        self.items = items
        self.invoice_date = invoice_date
        self.date_to = date_to

    def as_context(self):
        return {_KEY: self}


def get_plan(context):
    """The plan of the run at work, or None."""
    plan = context.get(_KEY)
    return plan if isinstance(plan, Plan) else None
