"""The words of what documents tell of a customer."""

from collections import namedtuple

# How far a document may go, weakest first.
ACTIONS = ("none", "tell", "ask", "block")

# Strength of a notice; stronger ones stand first.
BLOCKED, DEREGISTERED, COMMENT = 10, 40, 50
# The weakest notice that alarms, and the weakest that warns.
ALARM, WARNING = 30, 40

Notice = namedtuple("Notice", "strength text")
