"""Tables out of a file that somebody brings, whatever program wrote it.

Nothing of what a file says of itself is believed: its kind is told by its first bytes,
an archive is unpacked up to a limit and only in memory, and no path of it is used.
"""

import io
import lzma
import struct
import zipfile
import zlib

from . import dbf_tables, sheet_tables, text_tables, xml_tables
from .unreadable import Unreadable

# Bytes that an archive may hold, whatever it declares, and files in it.
MAX_UNPACKED = 300 * 1024 * 1024
MAX_MEMBERS = 2000
# A .DAT in a copy of ContaPlus is an archive in an archive.
MAX_DEPTH = 2
_DAMAGES = (zipfile.BadZipFile, zlib.error, lzma.LZMAError)
_DAMAGES += (NotImplementedError, EOFError, OSError, struct.error)
_CHUNK = 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHEET_MARKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
# What stands in the archives of the old programs beside their tables.
_NO_TABLE = (".exe", ".dll", ".cdx", ".ntx", ".mdx", ".fpt", ".dbt", ".jpg", ".png")


def open_tables(data, file_name="", depth=0, room=None):
    """The tables of a file.

    :param data: its bytes
    :param room: bytes that may be unpacked still, of all archives together
    :return: ``{name: function}``; the function gives an iterator of rows, lists of what
        stands in their cells: texts, numbers, dates, booleans or None
    :raise Unreadable: it is refused, or no table is in it
    """
    if not data.strip():
        raise Unreadable("empty")
    if data.startswith(_ZIP):
        return _open_archive(data, file_name, depth, room or _Room())
    if data.startswith(_OLE):
        return sheet_tables.open_tables(data, file_name)
    if dbf_tables.is_dbf(data):
        return dbf_tables.open_tables(data, file_name)
    if xml_tables.is_xml(data):
        return xml_tables.open_tables(data, file_name)
    return text_tables.open_tables(data, file_name)


class _Room:
    """What is left of the bytes that a file may unpack to, archives in it included."""

    def __init__(self):
        self.left = MAX_UNPACKED

    def take(self, members):
        """:raise Unreadable: they are too large"""
        self.left -= sum(member.file_size for member in members)
        if self.left < 0:
            raise Unreadable("bomb")


def _open_archive(data, file_name, depth, room):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            _check_members(members, room)
            names = {member.filename for member in members}
            if not names.isdisjoint(_SHEET_MARKS):
                for member in members:
                    _measure(archive, member)
                return sheet_tables.open_tables(data, file_name)
            if depth >= MAX_DEPTH:
                raise Unreadable("deep")
            return _open_members(archive, members, depth, room)
    except _DAMAGES as error:
        raise Unreadable("broken") from error
    except RuntimeError as error:  # an archive with a password
        raise Unreadable("password") from error


def _check_members(members, room):
    """:raise Unreadable: too many, too large, or with a path that leads out"""
    if len(members) > MAX_MEMBERS:
        raise Unreadable("bomb")
    room.take(members)
    for member in members:
        parts = member.filename.replace("\\", "/").split("/")
        if ".." in parts or not parts[0] or ":" in parts[0]:
            raise Unreadable("path", member.filename)


def _measure(archive, member):
    """Unpack a member into nothing: one that lies about its size is broken."""
    with archive.open(member) as packed:
        while packed.read(_CHUNK):
            pass


def _open_members(archive, members, depth, room):
    tables, refused = {}, None
    for member in members:
        if member.filename.lower().endswith(_NO_TABLE):
            continue
        try:
            data = archive.read(member)
            found = open_tables(data, member.filename, depth + 1, room)
        except Unreadable as error:
            if error.why == "bomb":
                raise
            refused = refused or error
            continue
        for name, rows in found.items():
            inner = name.removeprefix(member.filename).lstrip(" ›/")
            tables[" › ".join(filter(None, (member.filename, inner)))] = rows
    if not tables:
        raise refused or Unreadable("empty")
    return tables
