"""Tables in text files, whatever their encoding and whatever parts their columns."""

import codecs
import csv
import io
from functools import partial

from .unreadable import Unreadable

DELIMITERS = ";\t|,"
# What the programs of Spain and Chile write, and the letters that tell which: libraries
# that guess take one for the other in a file of few lines.
_ENCODINGS = ("cp1252", "cp850")
_LETTERS = frozenset("áéíóúüñçàèòÁÉÍÓÚÜÑÇÀÈÒºª·€¿¡")
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SAMPLE = 1024 * 1024


def open_tables(data, file_name=""):
    """:raise Unreadable: it is no text"""
    text = decode(data)
    return {file_name: partial(_iter_rows, text, find_delimiter(text))}


def decode(data):
    """The text of a file.

    >>> [decode("Peña".encode(name)) for name in ("utf-8", "cp1252", "utf-16")]
    ['Peña', 'Peña', 'Peña']
    >>> decode("Código;Población;Peña;Muñoz;Ávila".encode("cp850"))
    'Código;Población;Peña;Muñoz;Ávila'

    :raise Unreadable: it is no text
    """
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            return _decode(data, encoding)
    if encoding := _get_bare_utf16(data):
        return _decode(data, encoding)
    if b"\x00" in data:
        raise Unreadable("unknown")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        sample = _get_sample(data)
        encoding = max(_ENCODINGS, key=lambda name: _count_letters(sample, name))
        return data.decode(encoding, "replace")


def _get_bare_utf16(data):
    """UTF-16 without its mark: each second byte of plain text is zero."""
    sample = data[:2000]
    if sample[1::2].count(0) > len(sample) // 3 and not sample[::2].count(0):
        return "utf-16-le"
    if sample[::2].count(0) > len(sample) // 3 and not sample[1::2].count(0):
        return "utf-16-be"
    return None


def _get_sample(data):
    return bytes(byte for byte in data[:_SAMPLE] if byte > 127)


def _count_letters(sample, encoding):
    """Letters of the language that the bytes are, less those that they are not."""
    text = sample.decode(encoding, "replace")
    return sum(1 if letter in _LETTERS else -1 for letter in text)


def _decode(data, encoding):
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("unknown") from error


def find_delimiter(text):
    """What parts the columns: that which makes the most of them in the first lines.

    >>> find_delimiter("a;b;c\\n1,5;2,5;3"), find_delimiter("a,b\\n'x;y',2")
    (';', ',')
    >>> find_delimiter("a\\tb\\n1\\t2"), find_delimiter("one column")
    ('\\t', ';')
    """
    head = [line for line in text[:20000].splitlines() if line.strip()][:5]

    def count(delimiter):
        return min(map(len, csv.reader(head, delimiter=delimiter)), default=0)

    try:
        return max(DELIMITERS, key=count)
    except csv.Error as error:
        raise Unreadable("unknown") from error


def _iter_rows(text, delimiter):
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Unreadable("unknown") from error
