"""Tables of dBase, Clipper and FoxPro (.dbf): FacturaPlus, ContaPlus and their like."""

import struct
import tempfile
from functools import partial
from pathlib import Path

from dbfread import DBF, FieldParser

from .text_tables import guess_encoding
from .unreadable import Unreadable

# First byte of a table, by the programs that wrote it.
_VERSIONS = frozenset(b"\x02\x03\x04\x05\x30\x31\x32\x43\x7b\x83\x8b\xcb\xf5\xfb")
_HEAD = struct.Struct("<BBBBIHH")
# Byte 29 says the code page; who leaves it out wrote for DOS, or later for Windows.
_NO_PAGE = 0


class _Parser(FieldParser):
    """A cell that is none is its text: the row says so, not the whole file."""

    def parse(self, field, data):
        try:
            return super().parse(field, data)
        except ValueError:
            return data.decode(self.encoding, "replace").strip("\x00 ")


def is_dbf(data):
    """Whether the bytes begin like a table of dBase, and can be one."""
    if len(data) < 33 or data[0] not in _VERSIONS:
        return False
    _version, _year, month, day, _count, head, record = _HEAD.unpack_from(data)
    return month <= 12 and day <= 31 and 33 <= head <= len(data) and record > 1


def open_tables(data, file_name=""):
    """:raise Unreadable: the table is shorter than it says"""
    *_begin, count, head, record = _HEAD.unpack_from(data)
    if len(data) < head + count * record:
        raise Unreadable("cut", count)
    return {file_name: partial(_iter_rows, data)}


def _guess_encoding(data):
    (head,) = struct.unpack_from("<H", data, 8)
    return guess_encoding(data[head:])


def _iter_rows(data):
    # dbfread takes paths only. The folder is a new one of ours, with a name of ours.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.dbf"
        path.write_bytes(data)
        try:
            table = DBF(
                path,
                encoding=_guess_encoding(data) if data[29] == _NO_PAGE else None,
                char_decode_errors="replace",
                ignore_missing_memofile=True,
                parserclass=_Parser,
            )
            yield list(table.field_names)
            for record in table:
                yield list(record.values())
        except (ValueError, LookupError, struct.error, OSError) as error:
            raise Unreadable("broken") from error
