"""Copies of a document on paper, made from its pages."""

import io

from reportlab.pdfgen import canvas

from odoo.tools.pdf import PdfFileReader, PdfFileWriter

_MARGIN = 28
_SIZE = 15


def bind(documents):
    """One file with each document and the copies of it behind.

    :param documents: triples of a file's bytes, how many copies, and the word that
        stands on each page of them
    """
    writer = PdfFileWriter()
    for content, copies, word in documents:
        writer.appendPagesFromReader(_read(content))
        if copies:
            copy = _stamp(content, word)
            for _number in range(copies):
                writer.appendPagesFromReader(copy)
    return _write(writer).getvalue()


def _read(content):
    return PdfFileReader(io.BytesIO(content), strict=False)


def _write(writer):
    file = io.BytesIO()
    writer.write(file)
    return file


def _stamp(content, word):
    """A reader of ``content`` with ``word`` in the upper right corner of each page."""
    document = _read(content)
    pages = [document.getPage(number) for number in range(document.getNumPages())]
    stamps = PdfFileReader(_draw([page.mediaBox for page in pages], word))
    writer = PdfFileWriter()
    for number, page in enumerate(pages):
        # On paper nobody follows a link, and older libraries trip over them.
        if "/Annots" in page:
            del page["/Annots"]
        page.mergePage(stamps.getPage(number))
        writer.addPage(page)
    return PdfFileReader(_write(writer))


def _draw(boxes, word):
    """A file with ``word`` where it goes on pages of these sizes."""
    file = io.BytesIO()
    sheet = canvas.Canvas(file)
    for box in boxes:
        right, top = float(box[2]), float(box[3])
        sheet.setPageSize((right, top))
        sheet.setFont("Helvetica-Bold", _SIZE)
        width = sheet.stringWidth(word)
        baseline = top - _MARGIN
        sheet.drawString(right - _MARGIN - width, baseline, word)
        sheet.rect(
            right - _MARGIN - width - 5, baseline - 5, width + 10, _SIZE + 5, fill=0
        )
        sheet.showPage()
    sheet.save()
    return file
