"""The articles of an offer as they stand in the mail (seed 004: Fidelización).

Mail programs know tables and inline styles, and little else.
"""

import re
from copy import deepcopy
from html import escape
from typing import NamedTuple

import lxml.html


class Head(NamedTuple):
    """Who writes: ``logo`` and ``site`` are addresses, or empty.

    ``style`` is HTML for the head of the page (``clean_head``), ``preheader`` what
    lists of mails show beside the subject.
    """

    name: str
    logo: str = ""
    site: str = ""
    style: str = ""
    preheader: str = ""


class Row(NamedTuple):
    """One line: ``kind`` is product, title, comment, separator or note.

    ``prices`` are pairs of a label, such as *from 10 units* (may be empty), and the
    price as text; ``tax`` says below them whether the taxes are in, where that is not
    the same for all. ``wish`` is a label and the address of a mail that orders it.
    """

    kind: str
    text: str = ""
    code: str = ""
    image: str = ""
    prices: tuple = ()
    tax: str = ""
    wish: tuple = ()


_FONT = "font-family:Arial,Helvetica,sans-serif;"
_SMALL = "font-size:12px;color:#4b5563;"
_WISH = "font-size:13px;line-height:28px;color:#1d4ed8;"
_CELL = f"padding:10px 8px;border-bottom:1px solid #e3e6ea;{_FONT}"


def render_articles(rows):
    """The block of ``$2``.

    >>> print(render_articles([Row("title", "A & B")]))  # doctest: +ELLIPSIS
    <table ...><tr><td ...>A &amp; B</td></tr></table>
    >>> "<hr" in render_articles([Row("separator")])
    True
    """
    cells = "".join(map(render_row, rows))
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"'
        f' style="border-collapse:collapse;width:100%;">{cells}</table>'
    )


def render_row(row):
    """One line as a row of the table; every text is escaped.

    >>> "&lt;script&gt;" in render_row(Row("comment", "<script>"))
    True
    >>> render_row(Row("comment", "")).endswith(">&nbsp;</td></tr>")
    True
    """
    return _RENDERERS[row.kind](row)


def _render_title(row):
    style = (
        f"padding:18px 8px 6px;font-size:18px;font-weight:bold;color:#1f2937;{_FONT}"
    )
    return f'<tr><td colspan="3" style="{style}">{_text(row.text)}</td></tr>'


def _render_comment(row):
    style = f"padding:6px 8px;font-size:14px;color:#374151;{_FONT}"
    return f'<tr><td colspan="3" style="{style}">{_text(row.text)}</td></tr>'


def _render_note(row):
    style = f"padding:6px 8px;text-align:right;{_SMALL}{_FONT}"
    return f'<tr><td colspan="3" style="{style}">{_text(row.text)}</td></tr>'


def _render_separator(_row):
    line = '<hr style="border:0;border-top:2px solid #9ca3af;margin:8px 0;">'
    return f'<tr><td colspan="3" style="padding:4px 8px;">{line}</td></tr>'


def _render_product(row):
    name = f'<strong style="font-size:15px;color:#111827;">{_text(row.text)}</strong>'
    if row.code:
        name += f'<br><span style="{_SMALL}">{escape(row.code)}</span>'
    if row.wish:
        label, url = row.wish
        link = f'<a href="{escape(url)}" role="button" style="{_WISH}">'
        name += f"<br>{link}{escape(label)}</a>"
    cells = f'<td colspan="2" style="{_CELL}vertical-align:middle;">{name}</td>'
    if row.image:
        picture = (
            f'<img src="{escape(row.image)}" alt="{escape(row.text)}" width="88"'
            ' style="display:block;width:88px;height:auto;border:0;">'
        )
        cells = f'<td width="88" style="{_CELL}">{picture}</td>' + cells.replace(
            ' colspan="2"', "", 1
        )
    prices = "<br>".join(map(_render_price, row.prices))
    if row.tax:
        prices += f'<br><span style="{_SMALL}">{escape(row.tax)}</span>'
    right = f"{_CELL}text-align:right;vertical-align:middle;"
    return f'<tr>{cells}<td style="{right}">{prices}</td></tr>'


def _render_price(price):
    label, amount = price
    shown = (
        '<strong style="font-size:16px;color:#111827;white-space:nowrap;">'
        f"{escape(amount)}</strong>"
    )
    if not label:
        return shown
    return f'<span style="{_SMALL}">{escape(label)}</span> {shown}'


def _text(text):
    return escape(text).replace("\n", "<br>") or "&nbsp;"


_RENDERERS = {
    "title": _render_title,
    "comment": _render_comment,
    "separator": _render_separator,
    "note": _render_note,
    "product": _render_product,
}


def frame_body(content, footer, head):
    """A mail's body: who writes, the filled template, how to answer and to leave.

    :param content: HTML
    :param footer: lines of text, each a list of pieces: text, or (text, address)
    :param head: a ``Head``
    """
    lines = "<br>".join("".join(map(_render_piece, line)) for line in footer)
    grey = f"font-size:12px;line-height:18px;color:#4b5563;padding:16px 8px;{_FONT}"
    style = f"{_HEAD_BEGIN}{head.style}{_HEAD_END}" if head.style else ""
    return (
        f"{style}{_render_preheader(head.preheader)}{_OUTLOOK_BEGIN}"
        '<div style="background:#ffffff;max-width:640px;margin:0 auto;">'
        f'<div style="{_FONT}font-size:15px;line-height:1.5;color:#111827;'
        f'padding:0 8px;">{_render_head(head)}'
        f'{content}</div><div style="{grey}">{lines}</div></div>{_OUTLOOK_END}'
    )


# A frozen body carries the head of its page along.
_HEAD_BEGIN, _HEAD_END = "<!--head-->", "<!--/head-->"
# Outlook knows no greatest width.
_OUTLOOK_BEGIN = (
    '<!--[if mso]><table role="presentation" width="640" align="center"><tr><td>'
    "<![endif]-->"
)
_OUTLOOK_END = "<!--[if mso]></td></tr></table><![endif]-->"


def _render_preheader(text):
    if not text:
        return ""
    hidden = "display:none;max-height:0;overflow:hidden;mso-hide:all;"
    # Nothing of what follows is shown beside it.
    gap = "&#847;&zwnj;&nbsp;" * 40
    return f'<div style="{hidden}">{escape(text)}{gap}</div>'


def _render_head(head):
    shown = escape(head.name)
    if head.logo:
        shown = (
            f'<img src="{escape(head.logo)}" alt="{shown}" height="48"'
            ' style="display:block;height:48px;width:auto;border:0;">'
        )
    if head.site:
        link = "color:#111827;text-decoration:none;"
        shown = f'<a href="{escape(head.site)}" style="{link}">{shown}</a>'
    style = "font-size:20px;line-height:28px;font-weight:bold;padding:16px 0;"
    return f'<div style="{style}border-bottom:1px solid #e3e6ea;">{shown}</div>'


def _render_piece(piece):
    if isinstance(piece, str):
        return escape(piece)
    text, url = piece
    return f'<a href="{escape(url)}" style="color:#1d4ed8;">{escape(text)}</a>'


def document(body, lang, title=""):
    """The mail as it travels: a whole page around the frozen body.

    >>> page = document("<!--head--><style>p{}</style><!--/head--><p>Hola</p>", "es")
    >>> "<style>p{}</style></head>" in page, page[-25:]
    (True, '<p>Hola</p></body></html>')
    """
    style = ""
    if body.startswith(_HEAD_BEGIN):
        style, _end, body = body.removeprefix(_HEAD_BEGIN).partition(_HEAD_END)
    return (
        f'<!DOCTYPE html><html lang="{escape(lang)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>{style}"
        '</head><body style="margin:0;padding:0;background:#ffffff;">'
        f"{body}</body></html>"
    )


# What is seen by nobody, and the orders: the text says once how to order.
_NOT_TYPED = (
    ".//*[contains(@style, 'display:none')] | .//style"
    " | .//a[@role='button' and starts-with(@href, 'mailto:')]"
)


def plain_text(body):
    """The mail for those who read no HTML, as somebody would type it.

    >>> mail = "<p>Hola</p><table><tr><td><strong>Taladro</strong><br>T1</td>"
    >>> print(plain_text(f"{mail}<td><strong>$ 9</strong></td></tr></table>"))
    Hola
    <BLANKLINE>
    Taladro, T1: $ 9
    >>> prices = "<td>1 unidad $ 9<br>desde 5 $ 8</td>"
    >>> print(plain_text(f"<table><tr><td>Taladro</td>{prices}</tr></table>"))
    Taladro:
      1 unidad $ 9
      desde 5 $ 8
    >>> print(plain_text('<p>Aquí: <a href="https://x.cl">ver</a></p>'))
    Aquí: ver (https://x.cl)
    >>> wish = ("Lo quiero", "mailto:a@b.cl?subject=Taladro")
    >>> row = Row("product", "Taladro", prices=(("", "$ 9"),), wish=wish)
    >>> print(plain_text(render_articles([row])))
    Taladro: $ 9
    """
    _begin, _end, letter = body.partition(_HEAD_END)
    root = lxml.html.fragment_fromstring(letter or body, create_parent="div")
    for hidden in root.xpath(_NOT_TYPED):
        hidden.drop_tree()
    for link in root.iterfind(".//a[@href]"):
        address = link.get("href").removeprefix("mailto:").partition("?")[0]
        words = link.text_content()
        if words and not address.startswith("tel:"):
            link.tail = f" ({address}){link.tail or ''}"
        link.drop_tag()
    for picture in root.xpath(".//img"):
        picture.drop_tree()
    for row in root.xpath(".//tr[not(.//table)][count(td) > 1]"):
        _type_row(row)
    for node in root.iter():
        _break_lines(node)
    lines = [" ".join(line.split()) for line in root.text_content().split("\n")]
    text = "\n".join(lines).replace(_INDENT, "  ").strip("\n")
    return re.sub(r"\n{3,}", "\n\n", text)


def _type_row(row):
    """A row of articles in one line, several prices below it; others as they are."""
    cells = []
    for cell in map(deepcopy, row.iterfind("td")):
        for line in cell.iter("br"):
            line.tail = f"\n{line.tail or ''}"
        lines = (" ".join(part.split()) for part in cell.text_content().split("\n"))
        cells.append([line for line in lines if line])
    cells = list(filter(None, cells))
    if len(cells) < 2:
        return
    *named, amounts = cells
    name = ", ".join(line for lines in named for line in lines)
    if len(name) > _LONGEST_NAME:
        return
    several = "".join(f"\n{_INDENT}{amount}" for amount in amounts)
    typed = f"{name}:{several}" if len(amounts) > 1 else f"{name}: {amounts[0]}"
    for cell in list(row):
        row.remove(cell)
    row.text = typed


def _break_lines(node):
    if node.tag == "hr":
        node.tail = f"{24 * '-'}\n{node.tail or ''}"
    if node.tag == "br":
        node.tail = f"\n{node.tail or ''}"
    elif node.tag in _LINES or node.tag in _BLOCKS:
        gap = "\n\n" if node.tag in _BLOCKS else "\n"
        node.tail = f"{gap}{node.tail or ''}"
        node.text = f"{gap}{node.text or ''}"
    elif node.tag in ("td", "th"):
        node.tail = f" {node.tail or ''}"


_LINES = {"div", "tr", "li", "hr"}
_BLOCKS = {"p", "table", "ul", "ol", "h1", "h2", "h3", "h4"}
_INDENT, _LONGEST_NAME = "\ue003", 120
