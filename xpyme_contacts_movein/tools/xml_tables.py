"""Tables in XML: an element whose children are all leaves is a row."""

import io
from functools import partial

from lxml import etree

from .converters import PointText
from .unreadable import Unreadable

# The name of an element that has been read.
_READ = "read"
_MARKS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")


def is_xml(data):
    return data[:100].lstrip().startswith(_MARKS)


def open_tables(data, file_name=""):
    """:raise Unreadable: no XML, or one that declares entities"""
    columns = {}
    for tag, cells in _iter_records(data):
        columns.setdefault(tag, {}).update(dict.fromkeys(cells))
    if not columns:
        raise Unreadable("empty")
    return {
        f"{file_name} › {tag}" if len(columns) > 1 else file_name: partial(
            _iter_rows, data, tag, [*names]
        )
        for tag, names in columns.items()
    }


def _iter_rows(data, wanted, names):
    yield names
    for tag, cells in _iter_records(data):
        if tag == wanted:
            yield [PointText(cells.get(name, "")) for name in names]


def _iter_records(data):
    """Pairs of an element's name and ``{name of a cell: text}``.

    A document type could declare entities, which unfold without an end or read files.
    """
    try:
        for _event, element in etree.iterparse(
            io.BytesIO(data),
            events=("end",),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        ):
            if element.getroottree().docinfo.internalDTD is not None:
                raise Unreadable("entities")
            if cells := _read_cells(element):
                yield _get_name(element.tag), cells
                _forget(element)
    except etree.XMLSyntaxError as error:
        raise Unreadable("broken") from error


def _read_cells(element):
    """What an element holds if it is a row; else nothing."""
    children = [child for child in element if child.tag != _READ]
    if any(len(child) for child in children):
        return {}
    if not children:
        has_text = (element.text or "").strip() or len(element)
        return {} if has_text or len(element.attrib) < 2 else dict(element.attrib)
    cells = {_get_name(child.tag): (child.text or "").strip() for child in children}
    return {**element.attrib, **cells}


def _forget(element):
    """Keep no row that has been read: a file has a hundred thousand of them."""
    element.clear(keep_tail=True)
    element.tag = _READ
    while (before := element.getprevious()) is not None and before.tag == _READ:
        element.getparent().remove(before)


def _get_name(tag):
    return etree.QName(tag).localname
