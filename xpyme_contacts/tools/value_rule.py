from typing import NamedTuple

EVERYBODY = ""
# Of cards, their contacts and addresses.
CUSTOMERS = "_is_of_customer"
# Of customers about to be made.
NEW_CARDS = "_will_be_customer"


class ValueRule(NamedTuple):
    """What is done to values of partners before they are stored.

    A room appends its own to ``res.partner._get_value_rules()``. ``method`` names a
    method of partners; it gets a list of dictionaries, which it changes, and the
    partners written, who are ``self`` too: for new ones None, and ``self`` is empty. It
    is called when one of ``fields`` is given, by the context's defaults too; without
    fields, for all new partners. ``whose`` names the method that tells whose values it
    gets.
    """

    method: str
    fields: frozenset
    whose: str = EVERYBODY
