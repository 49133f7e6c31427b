"""Tables in text files, whatever their encoding and whatever parts their columns."""

import codecs
import csv
import io
import re
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
_ENCLOSED = re.compile(r'^"([^"]*)"$')


def open_tables(data, file_name=""):
    """:raise Unreadable: it is no text"""
    text = decode(data)
    delimiter = find_delimiter(text)
    read = _iter_quoted if _is_quoted(text, delimiter) else _iter_plain
    return {file_name: partial(read, text, delimiter)}


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
        return data.decode(guess_encoding(data), "replace")


def guess_encoding(data):
    """Windows or DOS, by the letters that the bytes would be."""
    sample = _get_sample(data)
    return max(_ENCODINGS, key=lambda name: _count_letters(sample, name))


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


def _is_quoted(text, delimiter):
    """Whether quotation marks enclose cells; where they do not, they are letters.

    One that is never closed would swallow the rows below it without a word.

    :raise Unreadable: some do and some do not
    """
    begun, reader = 0, _get_reader(text, delimiter, strict=True)
    try:
        for _row in reader:
            begun = reader.line_num
    except csv.Error as error:
        widths = {len(row) for row in _iter_plain(text, delimiter) if row}
        if len(widths) > 1:
            raise Unreadable("quotes", begun + 1) from error
        return False
    return True


def _get_reader(text, delimiter, **options):
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, **options)


def _iter_quoted(text, delimiter):
    try:
        yield from _get_reader(text, delimiter)
    except csv.Error as error:
        raise Unreadable("unknown") from error


def _iter_plain(text, delimiter):
    """Rows of a text in which a quotation mark is a letter.

    >>> [*_iter_plain('5;"Bar Sol" y otros\\n6;"Luna"', ";")]
    [['5', '"Bar Sol" y otros'], ['6', 'Luna']]
    """
    try:
        for row in _get_reader(text, delimiter, quoting=csv.QUOTE_NONE):
            yield [_ENCLOSED.sub(r"\1", cell) for cell in row]
    except csv.Error as error:
        raise Unreadable("unknown") from error
