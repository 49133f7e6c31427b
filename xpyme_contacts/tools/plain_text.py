"""Text as it comes from a browser or a program, before it is a customer's."""

import ipaddress
import re

# A NUL, and halves of a character: JSON carries both, PostgreSQL stores neither.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(vals):
    """``vals`` without the characters that would end in a database error.

    >>> storable({"name": "A\\x00na", "phone": "1", "active": True})
    {'name': 'Ana', 'phone': '1', 'active': True}
    >>> storable({"name": "A\\ud800na"})
    {'name': 'Ana'}
    """
    return {
        name: _UNSTORABLE.sub("", value) if isinstance(value, str) else value
        for name, value in vals.items()
    }


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
