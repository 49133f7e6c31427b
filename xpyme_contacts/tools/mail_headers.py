"""What a person reads in a mail's head, as bytes from which the same text comes back.

Python folds a header after it has been encoded, and loses the blanks between two
encoded words or puts them where RFC 2047 forbids them (gh-144156, gh-136052). Here a
text is either plain ASCII, broken at blanks, or encoded words from end to end, none of
which ends within a character.
"""

from base64 import b64encode
from textwrap import wrap
from typing import NamedTuple

# RFC 5322 wants lines of 78, RFC 2047 encoded words of 75 signs.
_LINE, _WORD = 76, 75
_ROOM = _WORD - len("=?utf-8?q??=")
# What stands for itself in an encoded word, in a name as well (RFC 2047, 5).
_PLAIN = frozenset(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/"
)
_ATOM = _PLAIN | frozenset(b" #$&'^_`{|}~%?")
_TEXTS = {"subject"}
_NAMES = {"from", "to", "reply-to", "list-id"}
_BREAK = "\r\n "


class ExactText(str):
    """A header's text that Python's e-mail package leaves as it is.

    It would read ``=?utf-8?q?a?=`` in a subject as an ``a``.
    """

    def __new__(cls, name, text, pairs=()):
        header = super().__new__(cls, text)
        header.name, header.pairs = name, tuple(pairs)
        return header


class _Pair(NamedTuple):
    name: str
    address: str


def exact_mailbox(header, name, address):
    """A header of one mailbox, whatever its name is.

    >>> box = exact_mailbox("To", 'Ana "La Ñ"', "ana@acme.cl")
    >>> str(box), encode_header("To", box)
    ('"Ana \\\\"La Ñ\\\\"" <ana@acme.cl>', '=?utf-8?b?QW5hICJMYSDDkSI=?= <ana@acme.cl>')
    """
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    shown = f'"{escaped}" <{address}>' if name else address
    return ExactText(header, shown, [_Pair(name, address)])


def encode_header(name, value):
    """The text of a header as it goes over the line; None for those left to Python.

    >>> encode_header("Subject", "Precios de abril"), encode_header("Date", "today")
    ('Precios de abril', None)
    >>> print(encode_header("Subject", "Sólo hasta el sábado"))
    =?utf-8?q?S=C3=B3lo_hasta_el_s=C3=A1bado?=
    """
    key = name.lower()
    if key in _TEXTS:
        return encode_text(str(value), len(name) + 2)
    if key not in _NAMES:
        return None
    pairs = getattr(value, "pairs", None)
    if not pairs and getattr(value, "addresses", None):
        pairs = [_Pair(a.display_name, a.addr_spec) for a in value.addresses]
    if not pairs:
        return None
    room = len(name) + 2
    return f",{_BREAK}".join(_encode_mailbox(*pair, room) for pair in pairs)


def encode_text(text, used=0):
    """One line of text for a header.

    :param used: how many signs of the first line are taken

    >>> encode_text("a =?utf-8?q?b?= c")
    '=?utf-8?b?YSA9P3V0Zi04P3E/Yj89IGM=?='
    """
    if _is_plain(text):
        lines = wrap(
            text,
            _LINE,
            initial_indent=used * " ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines[:1] = [line[used:] for line in lines[:1]]
        # What begins with a long word would leave the first line empty.
        if lines and lines[0].strip() and len(max(lines, key=len)) <= _LINE:
            return _BREAK.join(lines)
        if not text:
            return ""
    return _BREAK.join(_encode_words(text, used))


def _is_plain(text):
    printable = text.isascii() and text.isprintable()
    return printable and "=?" not in text and text == " ".join(text.split(" ")).strip()


def _encode_mailbox(name, address, used):
    if not name:
        return address
    quoted = _quote(name)
    if quoted is None or used + len(quoted) > _LINE:
        quoted = _BREAK.join(_encode_words(name, used))
    last = quoted.rpartition("\r\n")[2]
    fits = len(last) + len(address) + 3 + (0 if last != quoted else used) <= _LINE
    return f"{quoted}{' ' if fits else _BREAK}<{address}>"


def _quote(name):
    """A name in plain ASCII, in quotes if need be; None if it cannot be."""
    if not _is_plain(name) or "  " in name:
        return None
    if all(byte in _ATOM for byte in name.encode()):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _encode_words(text, used):
    """Encoded words, the shorter of the two ways for each text as a whole."""
    quoted = [_quote_sign(sign) for sign in text]
    size = sum(map(len, quoted))
    # Nearly plain text is for people to read, in a log or a source.
    is_quoted = size <= 1.5 * len(text.encode())
    words, rest = [], _ROOM - used
    chunk, length = [], 0
    for sign, written in zip(text, quoted, strict=True):
        cost = len(written) if is_quoted else len(sign.encode()) * 4 / 3 + 0.01
        # The end of a word in base64 is filled up to four signs.
        if chunk and length + cost > rest - (0 if is_quoted else 3):
            words.append(chunk)
            chunk, length, rest = [], 0, _ROOM
        chunk.append(written if is_quoted else sign)
        length += cost
    words.append(chunk)
    if is_quoted:
        return [f"=?utf-8?q?{''.join(word)}?=" for word in words]
    return [
        f"=?utf-8?b?{b64encode(''.join(word).encode()).decode()}?=" for word in words
    ]


def _quote_sign(sign):
    if sign == " ":
        return "_"
    data = sign.encode()
    if len(data) == 1 and data[0] in _PLAIN:
        return sign
    return "".join(f"={byte:02X}" for byte in data)
