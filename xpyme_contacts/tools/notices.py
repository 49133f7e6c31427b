"""The words of what documents tell of a customer."""

from collections import namedtuple

# How far a document may go, weakest first.
ACTIONS = ("none", "tell", "ask", "block")

# Strength of a notice; stronger ones stand first.
BLOCKED, DEREGISTERED, COMMENT = 10, 40, 50
# The weakest notice that alarms, and the weakest that warns.
ALARM, WARNING = 30, 40

# What is told of the customer ``name``, with an ``aside`` like "with this document".
Notice = namedtuple("Notice", "strength text name aside", defaults=("", ""))


def spoken(notices):
    """The notices as sentences, each customer named where their first one begins.

    >>> told = [("owes", "Ana", "with this"), ("is late", "Ana"), ("quits", "Leo")]
    >>> spoken(Notice(1, *notice) for notice in told)
    ['Ana, with this: owes', 'is late', 'Leo: quits']
    >>> spoken([Notice(1, "Released"), Notice(2, "owes", "", "with this")])
    ['Released', 'With this: owes']
    """
    sentences, last = [], ""
    for notice in notices:
        name = notice.name if notice.name != last else ""
        last = notice.name or last
        subject = ", ".join(part for part in (name, notice.aside) if part)
        subject = subject[:1].upper() + subject[1:] if not name else subject
        sentences.append(f"{subject}: {notice.text}" if subject else notice.text)
    return sentences
