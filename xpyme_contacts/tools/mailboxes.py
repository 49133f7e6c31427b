"""E-mail addresses as people type them into one box, and what a mail server takes.

One box may hold several addresses, with names around them and rubbish between them.
An address is stored and compared in one form only: without a name, the domain in small
letters, and the local part too unless it has letters beyond ASCII, as Odoo's black list
does. A domain of a country's own letters is stored with them, also where it was typed
in its IDNA form; Odoo sends to that form.
"""

import re
import unicodedata

import idna

# RFC 5322, atext; a formula of a spreadsheet would start with one of its signs.
_LOCAL = r"\w[\w.!#$%&'*+/=?^`{|}~\-]*"
_WORD = r"[^\W_](?:[^\W_]|-)*"
_ADDRESS = re.compile(
    rf"({_LOCAL})@((?:{_WORD}\.)+(?:[^\W\d_]{{2,63}}|xn--[a-z0-9\-]+))"
)
# Nearly all boxes hold one plain address: this alone tells so.
_LABEL = r"[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?"
_PLAIN = re.compile(
    r"[a-z0-9_](?=[^@]{0,63}@)[a-z0-9_%+\-]*(?:\.[a-z0-9_%+\-]+)*"
    rf"@(?:{_LABEL}\.){{1,3}}[a-z]{{2,63}}"
)
_IDNA = re.compile(r"(?:^|\.)xn--")
_IDNA_DOMAIN = re.compile(r"(?<=@)(?:[a-z0-9-]+\.)*xn--[a-z0-9.-]*[a-z0-9]", re.I)
_QUOTED = re.compile(r'"[^"]*"')
_SEPARATORS = re.compile(r"[;,\r\n]+")
# What surrounds an address in a piece of text between separators.
_WRAPPING = re.compile(r"[^<>]*<([^<>]*)>[^<>]*")
_MAX_LOCAL, _MAX_DOMAIN, _MAX_LABEL = 64, 255, 63


def normalise_mailbox(text):
    """One address in the form it is stored in; '' when ``text`` is not an address.

    >>> normalise_mailbox(" Ana.Soto@ACME.CL "), normalise_mailbox("mailto:a@b.cl")
    ('ana.soto@acme.cl', 'a@b.cl')
    >>> normalise_mailbox("Ñandú@Acme.cl")
    'Ñandú@acme.cl'
    >>> normalise_mailbox("p.o'higgins@Ñuble.cl"), normalise_mailbox("a@b.cl\\u200b")
    ("p.o'higgins@ñuble.cl", 'a@b.cl')
    >>> normalise_mailbox("ana@XN--uble-fqa.cl"), split_mailboxes("a@xn--uble-fqa.cl")
    ('ana@ñuble.cl', (['a@ñuble.cl'], []))
    >>> [normalise_mailbox(t) for t in ("no mail", "a@b", "a@@b.cl", "=1+1@b.cl", "")]
    ['', '', '', '', '']
    >>> [normalise_mailbox(text) for text in ("a..b@c.cl", "a.@c.cl", None)]
    ['', '', '']
    """
    text = without_invisible(text).strip()
    if text[:7].lower() == "mailto:":
        text = text[7:].strip()
    local, at, domain = text.rpartition("@")
    local = local.lower() if local.isascii() else local
    domain = _read_idna(domain.lower())
    address = f"{local}{at}{domain}"
    if not _ADDRESS.fullmatch(address) or ".." in local or local.endswith("."):
        return ""
    return address if len(local) <= _MAX_LOCAL and _fits(domain) else ""


def read_domains(text):
    """A text in which domains of addresses have the letters of their country.

    >>> read_domains("Ana <ana@xn--uble-fqa.cl>; luis@acme.cl")
    'Ana <ana@ñuble.cl>; luis@acme.cl'
    """
    return _IDNA_DOMAIN.sub(lambda found: _read_idna(found[0].lower()), text)


def _read_idna(domain):
    """A domain with its country's letters, where it came in its IDNA form."""
    if not _IDNA.search(domain):
        return domain
    try:
        read = idna.decode(domain)
        return read if idna.encode(read).decode() == domain else domain
    except UnicodeError:
        return domain


def _fits(domain):
    """Whether a domain can be asked for, in its IDNA form if need be."""
    if not domain.isascii():
        try:
            domain = idna.encode(domain).decode()
        except UnicodeError:
            return False
    labels = domain.split(".")
    return len(domain) <= _MAX_DOMAIN and not any(
        len(label) > _MAX_LABEL or label.endswith("-") for label in labels
    )


def without_invisible(text):
    """A text without the characters that are seen by no one (Unicode: Cf).

    They come along with what is copied from web pages.

    >>> without_invisible("\\u200bana@acme.cl\\ufeff"), without_invisible(False)
    ('ana@acme.cl', '')
    """
    text = text or ""
    if text.isascii():
        return text
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def split_mailboxes(text):
    """The addresses in ``text`` and the pieces that should be addresses and are not.

    Names before an address in angle brackets are no pieces of their own; addresses
    without anything but white space between them are told apart.

    :return: the addresses normalised, each once, in their order; the wrong pieces

    >>> split_mailboxes('Ana <ana@acme.cl>; "Soto, Luis" <LUIS@acme.cl>, ana@acme.cl')
    (['ana@acme.cl', 'luis@acme.cl'], [])
    >>> split_mailboxes("Soto, Luis <luis@acme.cl> Ana <ana@acme.cl>")
    (['luis@acme.cl', 'ana@acme.cl'], [])
    >>> split_mailboxes("a@b.cl c@d.cl / no tiene; x@y")
    (['a@b.cl', 'c@d.cl'], ['/', 'no', 'tiene', 'x@y'])
    >>> split_mailboxes("Ana <>")
    ([], ['Ana <>'])
    >>> split_mailboxes("no mail"), split_mailboxes(" ; ,"), split_mailboxes(False)
    (([], ['no mail']), ([], []), ([], []))
    """
    if not text:
        return [], []
    plain = text.lower()
    if _PLAIN.fullmatch(plain) and text.isascii() and "xn--" not in plain:
        return [plain], []
    good, bad, names = [], [], []
    text = _QUOTED.sub(" ", without_invisible(text)).replace(">", ">;")
    for piece in _SEPARATORS.split(text):
        piece = piece.strip()
        wrapped = _WRAPPING.fullmatch(piece)
        if wrapped:
            names = []
        # A name with nothing between its brackets is wrong as it stands.
        inner = (wrapped[1].strip() or piece) if wrapped else piece
        # Only the address itself holds an at sign: words around it are judged apart.
        words = inner.split() if "@" in inner else [inner]
        for word in filter(None, words):
            address = normalise_mailbox(word)
            if address:
                good.append(address)
            elif "@" in word or len(words) > 1 or wrapped:
                bad.append(word)
            else:
                names.append(word)
    return list(dict.fromkeys(good)), bad + names


def join_mailboxes(addresses):
    """Addresses in one box, as Odoo reads several.

    >>> join_mailboxes(["a@b.cl", "c@d.cl"])
    'a@b.cl, c@d.cl'
    """
    return ", ".join(addresses)


def mask(address):
    """An address as its owner tells it again, and nobody else.

    >>> mask("facturas@acme.cl"), mask("a@acme.cl")
    ('f•••@acme.cl', 'a•••@acme.cl')
    """
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}•••{at}{domain}"


def get_forms(address):
    """The ways in which one address is written: with letters, and in IDNA.

    >>> sorted(get_forms("a@ñuble.cl")) == sorted(get_forms(wire_form("a@ñuble.cl")))
    True
    >>> get_forms("a@b.cl"), get_forms("nadie")
    ({'a@b.cl'}, {'nadie'})
    """
    known = normalise_mailbox(address)
    return {known, wire_form(known)} if known else {address}


def is_sendable(address):
    """Whether a mail server of any kind takes an address of ours.

    >>> is_sendable("ventas@peñalolén.cl"), is_sendable("ñandú@acme.cl")
    (True, False)
    """
    return wire_form(address).isascii()


def wire_form(address):
    """An address as mail servers take it: the domain in its IDNA form.

    >>> wire_form("ventas@peñalolén.cl"), wire_form("a@b.cl")
    ('ventas@xn--pealoln-gya1e.cl', 'a@b.cl')
    >>> wire_form("ana@straße.example")
    'ana@xn--strae-oqa.example'
    """
    if address.isascii():
        return address
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{idna.encode(domain).decode()}"
