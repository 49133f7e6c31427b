"""The words of a customer's risk that several models share."""

from collections import namedtuple

# Who sees what customers owe: totals, not the entries behind them.
RISK_GROUPS = (
    "sales_team.group_sale_salesman,account.group_account_invoice,"
    "account.group_account_readonly,xpyme_contacts.group_risk_manager"
)
STOPS = ("ask", "block")

# Strength of what documents tell of a risk, beside those of ``notices.py``.
# A release warns: it is no alarm any more.
DEFAULTER, LIMIT, RELEASED, STANDING = 20, 30, 31, 60

# A confirmed order that is a debt; of ``so``, as in its index.
PENDING_DOMAIN = [("risk_to_invoice", "!=", 0), ("risk_left_out", "=", False)]
PENDING_ORDER = "so.risk_to_invoice != 0 AND so.risk_left_out IS NOT TRUE"
# States of a payment in the books whose money went back.
TAKEN_BACK = ("canceled", "rejected")

# The scope of the signature on what was asked.
QUESTION = "xpyme_risk_question"

# What a document in a ``state`` puts at risk: of which ``customer``, by which
# ``stage`` it is judged; ``amount`` is what is left unpaid of it, ``owed`` what it adds
# to a debt that counts its booked payments already. In the company's currency.
Exposure = namedtuple("Exposure", "stage state customer amount owed")
# A risk on entering a document: the customer's ``figures``, what the document ``added``
# to them, and the ``policy`` for limits (ignore, tell, ask or block).
RiskEntry = namedtuple("RiskEntry", "figures added policy")
# Why a document does not pass: the stage's ``action`` and the customer's excesses.
Verdict = namedtuple("Verdict", "action exposure excesses")
