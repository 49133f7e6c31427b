"""The words of what is told of a customer in documents."""

from collections import namedtuple

# How far a document may go, weakest first.
ACTIONS = ("none", "tell", "ask", "block")
# Strength of a notice; stronger ones stand first. Up to LIMIT they are alarming.
BLOCKED, DEFAULTER, LIMIT, DEREGISTERED, COMMENT, STANDING = range(10, 70, 10)

# What a customer is judged by when entering a document: the ``company``'s settings,
# the ``figures`` of the risk (None: not this user's business), what the document
# ``added`` to them, and the ``policy`` for limits.
Entry = namedtuple(
    "Entry", "company figures added policy", defaults=(None, 0.0, "tell")
)
Notice = namedtuple("Notice", "strength text")
