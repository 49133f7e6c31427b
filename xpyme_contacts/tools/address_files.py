"""Files of addresses, written row by row: plain text, XML and two kinds of workbook.

Whoever reads such a file next is often a spreadsheet, so nothing in it breaks a row or
the XML, and no cell of a plain file can be taken for a formula; a workbook's says that
it is text.
"""

import re
import unicodedata
from itertools import chain, count

import xlsxwriter
import xlwt
from lxml import etree

MAX_CELL = 32_767
# Rows of a sheet, heading left out. BIFF, the old format, ends at 65,536.
MAX_ROWS = {"xls": 65_000, "xlsx": 1_000_000}
MIME_TYPES = {
    "txt": "text/plain",
    "xml": "application/xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
}

# What XML 1.0 cannot carry, and characters that only direct other characters.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_FORMULA = ("=", "+", "-", "@")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\x00-\x1f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_FLUSH_EVERY = 1_000
# Of one character, in the old format.
_XLS_WIDTH = 256


def clean_cell(value):
    """A value as one line of text that any file can carry; '' for none.

    >>> clean_cell(" A & B\\r\\n<x>\\x00 "), clean_cell(False), clean_cell(12)
    ('A & B <x>', '', '12')
    """
    if value is None or value is False:
        return ""
    text = str(value)
    if not (text.isascii() and text.isprintable()):
        text = _ILLEGAL.sub("", text)
    return " ".join(text.split())[:MAX_CELL]


def defuse_cell(value):
    """The same, never to be taken for a formula by a spreadsheet.

    >>> defuse_cell("=1+1"), defuse_cell("@SUM(A1)"), defuse_cell("A=1")
    ("'=1+1", "'@SUM(A1)", 'A=1')
    >>> defuse_cell("＝1+1")
    "'＝1+1"

    Quotation marks before it hide nothing: they are taken off when a file is read.

    >>> print(defuse_cell('"=1+1"'), defuse_cell("' +1"), defuse_cell('"Bar"'))
    '"=1+1" '' +1 "Bar"
    """
    text = clean_cell(value)
    first = text.lstrip("\"' ")[:1]
    if not first.isascii():
        first = unicodedata.normalize("NFKC", first)
    risky = first.startswith(_FORMULA)
    return f"'{text}"[:MAX_CELL] if risky else text


def quote_cell(text):
    """A cell of a plain text file: quotation marks would begin one that ends later.

    >>> print(quote_cell('"Bar Pepe'), quote_cell('16" pipe'), quote_cell("Bar"))
    ""\"Bar Pepe" "16"" pipe" Bar
    """
    return '"' + text.replace('"', '""') + '"' if '"' in text else text


def safe_file_name(name, extension, default):
    """A name for a download: no folder, no hidden file, with its own extension.

    >>> safe_file_name("../../x", "txt", "e-mails")
    'x.txt'
    >>> safe_file_name("C:\\\\temp\\\\Lista.TXT", "txt", "e-mails")
    'Lista.txt'
    >>> [safe_file_name(n, "xml", "e-mails") for n in ("", "..", "nul", "a.pdf", None)]
    ['e-mails.xml', 'e-mails.xml', 'e-mails.xml', 'a.pdf.xml', 'e-mails.xml']
    """
    name = unicodedata.normalize("NFC", _ILLEGAL.sub("", name or ""))
    name = re.split(r"[/\\]", name)[-1]
    name = _NOT_IN_NAMES.sub("", name).strip(" .")
    while name.lower().endswith(f".{extension}"):
        name = name[: -len(extension) - 1].strip(" .")
    name = name[:100].strip(" .")
    if not name or _RESERVED.fullmatch(name):
        name = default
    return f"{name}.{extension}"


def write_file(file_format, output, columns, rows):
    """Write ``rows`` to the binary file ``output``.

    :param file_format: one of ``MIME_TYPES``
    :param columns: pairs of an XML tag and a heading
    :param rows: any number of tuples, of which only one is held at a time
    """
    _WRITERS[file_format](output, columns, rows)


def _write_txt(output, columns, rows):
    """UTF-8 with its mark, a row a line; several columns are parted by tabs, and have a
    heading.

    The mark is what tells Windows' programs that it is UTF-8.
    """
    output.write(b"\xef\xbb\xbf")
    headings = [[heading for _tag, heading in columns]] if len(columns) > 1 else []
    for row in chain(headings, rows):
        line = "\t".join(quote_cell(defuse_cell(cell)) for cell in row)
        output.write(f"{line}\r\n".encode())


def _write_xml(output, columns, rows):
    with etree.xmlfile(output, encoding="UTF-8") as document:
        document.write_declaration()
        with document.element("addresses"):
            for row in rows:
                address = etree.Element("address")
                for (tag, _heading), value in zip(columns, row, strict=True):
                    etree.SubElement(address, tag).text = clean_cell(value)
                document.write(address)


def _write_xlsx(output, columns, rows):
    with xlsxwriter.Workbook(output, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        numbers = count(1)
        for line, row in _lines_of_sheets(rows, columns, MAX_ROWS["xlsx"]):
            if not line:
                sheet = book.add_worksheet(f"{next(numbers)}")
                sheet.set_column(0, len(columns) - 1, 35)
            for index, value in enumerate(row):
                style = None if line else bold
                sheet.write_string(line, index, clean_cell(value), style)


def _write_xls(output, columns, rows):
    book = xlwt.Workbook(encoding="utf-8")
    numbers = count(1)
    for line, row in _lines_of_sheets(rows, columns, MAX_ROWS["xls"]):
        if not line:
            sheet = book.add_sheet(f"{next(numbers)}")
            for index in range(len(columns)):
                sheet.col(index).width = 35 * _XLS_WIDTH
        for index, value in enumerate(row):
            sheet.write(line, index, clean_cell(value))
        if line % _FLUSH_EVERY == 0:
            sheet.flush_row_data()
    book.save(output)


def _lines_of_sheets(rows, columns, max_rows):
    """Pairs of line number and cells: each sheet's heading is its line 0.

    >>> list(_lines_of_sheets("abc", [("t", "T")], 2))
    [(0, ['T']), (1, 'a'), (2, 'b'), (0, ['T']), (1, 'c')]
    >>> list(_lines_of_sheets("", [("t", "T")], 2))
    [(0, ['T'])]
    """
    headings = [heading for _tag, heading in columns]
    yield 0, headings
    for number, row in enumerate(rows):
        line = number % max_rows
        if number and not line:
            yield 0, headings
        yield line + 1, row


_WRITERS = {
    "txt": _write_txt,
    "xml": _write_xml,
    "xlsx": _write_xlsx,
    "xls": _write_xls,
}
