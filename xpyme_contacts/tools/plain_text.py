"""Text as it comes from a browser or a program, before it is a customer's."""

import ipaddress
import re

# A NUL, and halves of a character: JSON carries both, PostgreSQL stores neither.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

_NUMBERS = (int, float)
_TEXTS = ("char", "text")


def fold_lines(text):
    """A text in one line; what has no line break stays as it is.

    >>> fold_lines("Malo \\r\\n\\n Bcc: x@y.z\\u2028"), fold_lines(" Ana  Soto ")
    ('Malo Bcc: x@y.z', ' Ana  Soto ')
    >>> fold_lines(""), fold_lines("\\n"), fold_lines(False), fold_lines(7)
    ('', '', False, 7)
    """
    if not isinstance(text, str):
        return text
    lines = text.splitlines()
    if lines in ([], [text]):
        return text
    return " ".join(filter(None, map(str.strip, lines)))


def storable(vals, fields=(), lines=()):
    """``vals`` without the characters that would end in a database error.

    A number given for a text is its digits, as Odoo converts it: what cleans texts
    before they are written can rely on them.

    :param fields: of the model, by name, for their ``type``
    :param lines: names of the texts that are one line

    >>> storable({"name": "A\\x00na", "phone": "1", "active": True})
    {'name': 'Ana', 'phone': '1', 'active': True}
    >>> storable({"name": "A\\ud800na"})
    {'name': 'Ana'}
    >>> from types import SimpleNamespace as Field
    >>> fields = {"zip": Field(type="char"), "color": Field(type="integer")}
    >>> storable({"zip": 28001, "color": 3, "unknown": 4}, fields)
    {'zip': '28001', 'color': 3, 'unknown': 4}
    >>> storable({"zip": False}, fields), storable({"zip": 0}, fields)
    ({'zip': False}, {'zip': '0'})
    >>> storable({"name": "Ana\\nSoto", "comment": "a\\nb"}, lines=("name",))
    {'name': 'Ana Soto', 'comment': 'a\\nb'}
    """
    clean = {}
    for name, value in vals.items():
        if isinstance(value, str):
            value = _UNSTORABLE.sub("", value)
        elif type(value) in _NUMBERS and name in fields:
            value = str(value) if fields[name].type in _TEXTS else value
        clean[name] = fold_lines(value) if name in lines else value
    return clean


def normalise_ip(text):
    """An IP address without blanks around it; '' for none.

    >>> normalise_ip(" 10.0.0.1 "), normalise_ip(False), normalise_ip(7)
    ('10.0.0.1', '', '7')
    """
    return str(text).strip() if text else ""


def is_ip(text):
    """Whether ``text`` is an IPv4 or IPv6 address.

    >>> is_ip("192.168.1.20"), is_ip("2001:db8::1"), is_ip("::1")
    (True, True, True)
    >>> is_ip("300.1.1.1"), is_ip("localhost"), is_ip("1.2.3.4/24"), is_ip("")
    (False, False, False, False)
    """
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
