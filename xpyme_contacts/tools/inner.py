"""What our own code tells our own code by the context, and no client can say.

The value of such a key is a Python object. JSON carries none, so whatever context a
client sends, these keys are never in it.
"""

_OURS = object()


def inner(key):
    """A context in which ``key`` is said.

    >>> heard({**inner("unlocked"), "lang": "es_ES"}, "unlocked")
    True
    >>> heard({"unlocked": True}, "unlocked"), heard({}, "unlocked")
    (False, False)
    """
    return {key: _OURS}


def heard(context, key):
    """Whether ``key`` was said in ``context`` by our own code."""
    return context.get(key) is _OURS


# Creates the first contacts of customers, of what has been through the rules with them.
FIRST_CONTACT = inner("xpyme_first_contact")
# Creates partners, among them customers, without a first contact.
WITHOUT_FIRST_CONTACT = inner("xpyme_without_first_contact")
# Writes on mirror contacts, past their lock.
MIRROR_UNLOCKED = inner("xpyme_mirror_unlocked")
# Within it lines leave the judgement of limits to their document.
JUDGED_ABOVE = inner("xpyme_risk_judged_above")
# Nobody is there to be told: a portal, a payment. What is over a limit is left alone.
SILENTLY = inner("xpyme_risk_silently")
# Clears old activities, but not those of a customer.
KEEP_FOLLOWUP = inner("xpyme_keep_followup")
# What a technician's own order brings about: the location that it is served at.
LEFT_TO_TECHNICIANS = inner("xpyme_left_to_technicians")
# Goods of a ticket of the till, which has been paid, are made ready to leave.
GOODS_OF_TICKET = inner("xpyme_goods_of_ticket")
