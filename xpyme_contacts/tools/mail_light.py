"""What can be known of a mail before it is sent, without asking the network."""

import ipaddress
from typing import NamedTuple
from urllib.parse import urlsplit

from .mailboxes import read_domains

GREEN, AMBER, RED = "green", "amber", "red"
# Gmail shows no more of a mail's HTML, in bytes; the link to leave is at its end.
MAX_BYTES = 102_000
# Telephones show about half of it.
MAX_SUBJECT = 60
# Their domains' DMARC lets nobody else send in their name.
_FREE = frozenset(
    "gmail.com googlemail.com hotmail.com hotmail.es outlook.com outlook.es live.com"
    " msn.com yahoo.com yahoo.es aol.com icloud.com me.com gmx.com gmx.es proton.me"
    " protonmail.com mail.com".split()
)
# Below these a name is taken as below a country: empresa.com.es, tienda.co.cl.
_SHARED = frozenset("com co org net nom gob edu gov ac".split())
# Endings of names that no customer's program finds (RFC 2606, 6762, 8375, 9476).
_INSIDE = frozenset(
    "local localhost localdomain lan home corp internal intranet arpa alt test"
    " invalid".split()
)


class Point(NamedTuple):
    """One thing that was looked at: ``colour``, a sentence, and whether it stops the
    campaign, since its mails would be wrong for certain."""

    colour: str
    text: str
    stops: bool = False


def judge_link(url):
    """Whether a customer could open the page by which they leave.

    >>> judge_link("https://www.tienda.example.com")
    'green'
    >>> judge_link("http://www.tienda.example.com:8069")
    'amber'
    >>> [judge_link(f"http://{h}") for h in ("localhost:8069", "192.168.1.10", "shop")]
    ['red', 'red', 'red']
    >>> judge_link("https://[::1]/"), judge_link("https://nas.local"), judge_link("")
    ('red', 'red', 'red')
    >>> [judge_link(f"https://{h}") for h in ("127.1", "0x7f.1", "10.0.0x1", "x.test")]
    ['red', 'red', 'red', 'red']
    """
    try:
        parts = urlsplit(url or "")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return RED
    if parts.scheme not in ("http", "https") or not _is_public(host):
        return RED
    return GREEN if parts.scheme == "https" else AMBER


def _is_public(host):
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        name, _dot, ending = host.rpartition(".")
        # What ends in a number is read as an address: 127.1 is this machine.
        return bool(name) and not ending[:1].isdigit() and ending not in _INSIDE


def get_domain(address):
    """The domain of an address or of a page, without its sub-domains.

    >>> get_domain("ofertas@correo.tienda.example"), get_domain("TIENDA.com.es")
    ('tienda.example', 'tienda.com.es')
    >>> get_domain("https://www.tienda.cl/inicio"), get_domain(False)
    ('tienda.cl', '')
    >>> get_domain("a@ñuble.cl") == get_domain("b@xn--uble-fqa.cl")
    True
    """
    text = (address or "").lower().strip().rstrip("> ")
    host = urlsplit(text).hostname if "://" in text else text.rpartition("@")[2]
    parts = (host or "").strip(".").split(".")
    size = 3 if len(parts) > 2 and parts[-2] in _SHARED else 2
    return read_domains(f"@{'.'.join(parts[-size:])}")[1:]


def is_free_mail(domain):
    """Whether a domain is of a mail provider, and nobody's own.

    >>> is_free_mail("gmail.com"), is_free_mail("tienda.example.com")
    (True, False)
    """
    return domain in _FREE


def get_strongest(points):
    """The colour of all together.

    >>> get_strongest([Point("green", ""), Point("amber", "")]), get_strongest([])
    ('amber', 'green')
    """
    colours = [point.colour for point in points]
    return next((c for c in (RED, AMBER) if c in colours), GREEN)
