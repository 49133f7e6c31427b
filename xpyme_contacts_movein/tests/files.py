"""Files of old programs, made up: nobody in them exists."""

import csv
import io
import struct
import zipfile

import openpyxl
import xlwt

# Valid and fictional.
NIFS = ("B58378431", "A58818501", "B12345674", "12345678Z")
RUTS = ("76086428-5", "12345678-5")


def as_csv(rows, encoding="utf-8", delimiter=";"):
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode(encoding)


def as_xlsx(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return _save(book)


def as_xls(rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("CLI")
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            sheet.write(y, x, cell)
    return _save(book)


def as_zip(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def as_ods(rows):
    """The least that is a sheet of OpenDocument."""
    lines = []
    for row in rows:
        cells = "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in row
        )
        lines.append(f"<table:table-row>{cells}</table:table-row>")
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{urn}:office:1.0"'
        f' xmlns:table="{urn}:table:1.0" xmlns:text="{urn}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Hoja1">{"".join(lines)}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{urn}:manifest:1.0"/>'
    )
    return as_zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
            "content.xml": content,
        }
    )


def as_dbf(names, rows, encoding="cp850", page=0):
    """A table of dBase III with columns of 40 letters.

    :param page: byte that says the code page; 0 says nothing
    """
    width = 40
    columns = b"".join(
        struct.pack("<11sc4xBB14x", name.encode(), b"C", width, 0) for name in names
    )
    size = 32 + len(columns) + 1
    head = struct.pack(
        "<BBBBIHH17xB2x", 3, 126, 7, 31, len(rows), size, 1 + width * len(names), page
    )
    body = b""
    for row in rows:
        cells = (str(cell).encode(encoding).ljust(width)[:width] for cell in row)
        body += b" " + b"".join(cells)
    return head + columns + b"\r" + body + b"\x1a"


def _save(book):
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def make_nif(number):
    """A valid NIF of a company, of a number."""
    digits = f"{number:07}"
    total = sum(int(d) for d in digits[1::2])
    total += sum(sum(divmod(2 * int(d), 10)) for d in digits[::2])
    return f"B{digits}{-total % 10}"


FACTUSOL = (
    *("CODCLI", "CCOCLI", "NIFCLI", "NOFCLI", "NOCCLI", "DOMCLI", "POBCLI", "CPOCLI"),
    *("PROCLI", "TELCLI", "MOVCLI", "PCOCLI", "ENTCLI", "OFICLI", "DCOCLI", "CUECLI"),
    *("DP1CLI", "DP2CLI", "DP3CLI", "VDECLI", "VHACLI", "REQCLI", "FALCLI", "EMACLI"),
    *("OBSCLI", "ESTCLI", "RUTCLI", "DT1CLI", "NO1CLI", "TF1CLI", "EM1CLI"),
)


def make_factusol_row(code, **cells):
    row = {
        "CODCLI": code,
        "NIFCLI": make_nif(1000000 + int(code)),
        "NOFCLI": f"Suministros Peña {code} S.L.",
        "DOMCLI": "Calle Mayor 3",
        "POBCLI": "Alcorcón",
        "CPOCLI": "28921",
        "PROCLI": "Madrid",
        "TELCLI": "912345678",
        "EMACLI": f"cliente{code}@example.com",
        **cells,
    }
    return [row.get(name, "") for name in FACTUSOL]
