"""The template of an offer (seed 004: *Plantilla HTML*, ``$1`` and ``$2``).

A template is text with two marks and nothing else: it is never evaluated, so whatever
somebody writes into it, or into a customer's name, is only ever shown.
"""

import re
from html import escape

import lxml.html
from lxml import etree

from odoo.tools import html_sanitize

from .offer_head import find_loading, is_for_outlook, is_safe_image, read_css

_MARK = re.compile(r"\$([12])(?!\d)")
# Stand for the marks between reading and writing the HTML; both are removed from what
# people type.
_NAME, _ARTICLES = "\ue001", "\ue002"
_SLOT = {"1": _NAME, "2": _ARTICLES}
_SLOTS = re.compile(f"([{_NAME}{_ARTICLES}])")
# What XML, and so every HTML tool, refuses; and the two above.
_UNFIT = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue003-\ufffd\U00010000-\U0010ffff]|[\ufdd0-\ufdef]"
)
# Attributes that only hold words: a name there cannot become an address or a program.
_WORDS = {"alt", "title"}
_URLS = ("src", "background")
_STYLE_URL = re.compile(r"url\(\s*['\"]?\s*([^'\")]*)", re.IGNORECASE)
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# They turn the direction of a text round: a name could pass for another one.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def one_line(text):
    """Text for a header of a mail: one line, without control characters.

    >>> one_line(" Oferta\\r\\nBcc: x@y.cl ")
    'Oferta Bcc: x@y.cl'
    >>> one_line("ACME\u202elc.live")
    'ACMElc.live'
    """
    text = _TURNING.sub("", _UNFIT.sub("", text or ""))
    return _SPACES.sub(" ", text).strip()


def describe(error):
    """An error as it is told on a campaign.

    >>> describe(OSError("lost\\0\\r\\n again")), describe(ValueError())
    ('lost again', 'ValueError')
    """
    return one_line(str(error)) or type(error).__name__


def fill_subject(subject, name):
    """The subject for a customer: ``$1`` is his name, ``$2`` and the rest are text.

    >>> fill_subject("Para $1: ofertas a $10, $2", "Ana & $2")
    'Para Ana & $2: ofertas a $10, $2'
    >>> fill_subject("Para $1", False)
    'Para'
    """
    name = name or ""
    text = _MARK.sub(lambda m: name if m[1] == "1" else m[0], one_line(subject))
    return one_line(text)


def compile_template(body):
    """Read a template once, to be filled for many customers.

    ``$1`` counts in text and in titles of pictures, ``$2`` in text only; what else
    looks like a mark is left as it is. Without ``$2`` the template is the header.

    :return: the pieces for ``fill_template``

    >>> compile_template("<p>Hola $1 ($10)</p>")
    ('<div><p>Hola ', 1, ' ($10)</p></div>', 2)
    >>> compile_template("<p>Vea: $2</p><a href='https://x.cl/$1'>aquí</a>")
    ('<div><div>Vea: ', 2, '</div><a href="https://x.cl/$1">aquí</a></div>')
    >>> compile_template(None)
    (2,)
    """
    root = _parse(body)
    if root is None:
        return (2,)
    for node in root.iter():
        node.tail = _mark(node.tail)
        if node.tag is etree.Comment:
            continue
        node.text = _mark(node.text)
        for key in _WORDS.intersection(node.keys()):
            node.set(key, _mark(node.get(key)).replace(_ARTICLES, "$2"))
    _make_room(root)
    text = etree.tostring(root, encoding="unicode", method="html")
    values = {_NAME: 1, _ARTICLES: 2}
    pieces = [values.get(piece, piece) for piece in _SLOTS.split(text) if piece]
    return tuple(pieces if 2 in pieces else [*pieces, 2])


def fill_template(pieces, name, articles):
    """The body for one customer; his name is text, the articles are HTML.

    >>> fill_template(compile_template("<p>Hola $1: $2</p>"), "<b>&$2", "<i>9</i>")
    '<div><div>Hola &lt;b&gt;&amp;$2: <i>9</i></div></div>'
    """
    values = {1: escape(_UNFIT.sub("", name or "")), 2: articles}
    return "".join(values.get(piece, piece) for piece in pieces)


def find_unsafe_images(body):
    r"""Addresses of pictures that are not ``https``, in a template.

    >>> find_unsafe_images('<img src="https://x.cl/a.png"><p>$1</p>')
    []
    >>> find_unsafe_images('<img src="http://x.cl/a.png"><img src="/b.png">')
    ['http://x.cl/a.png', '/b.png']
    >>> find_unsafe_images('<p style="background: url(http://x.cl/c.png)">')
    ['http://x.cl/c.png']
    >>> find_unsafe_images(r'<p style="background: u\72l(//x)">')
    ['//x']
    >>> find_unsafe_images("<p style=\"background: image-set('//x' 1x)\">")
    ["image-set('//x' 1x)"]
    """
    root = _parse(body)
    found = []
    for node in root.iter() if root is not None else ():
        found += [node.get(key) for key in _URLS if node.get(key)]
        style = node.get("style")
        found += _STYLE_URL.findall(read_css(style)) + find_loading(style)
    return [url for url in found if url and not is_safe_image(url)]


def _parse(body):
    """The tree of a template without anything active; None if there is nothing."""
    body = _UNFIT.sub("", body or "")
    if not body.strip():
        return None
    try:
        clean = html_sanitize(
            body,
            silent=False,
            sanitize_attributes=True,
            sanitize_conditional_comments=False,
        )
        root = lxml.html.fragment_fromstring(str(clean), create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        # What cannot be read as HTML is shown as the text it is.
        root = lxml.html.Element("div")
        root.text = body
    for node in root.xpath("//comment() | //processing-instruction()"):
        if not is_for_outlook(node.text or ""):
            node.drop_tree()
    for table in root.iter("table"):
        # A letter's tables are its layout: nobody is read their rows and columns.
        table.set("role", "presentation")
    return root


def _mark(text):
    return _MARK.sub(lambda m: _SLOT[m[1]], text) if text else text


def _make_room(root):
    """Articles are a table, which no paragraph may hold: it becomes a plain block."""
    for node in root.iter():
        texts = (node.text, *(child.tail for child in node))
        if any(text and _ARTICLES in text for text in texts):
            for box in (node, *node.iterancestors()):
                if box.tag == "p":
                    box.tag = "div"


def keep_looks(body):
    """What old letters look like, written so that mail programs show it.

    Colours of tables, of the page and of ``<font>`` become inline styles.

    >>> keep_looks('<td bgcolor="#eee">$1</td>')
    '<td style="background-color: #eee">$1</td>'
    >>> print(keep_looks('<p>Hola <font color="red" face="Arial">$1</font></p>'))
    <p>Hola <span style="color: red; font-family: Arial">$1</span></p>
    >>> page = '<html><body bgcolor="#ffc" text="navy"><p>$2</p></body></html>'
    >>> keep_looks(page)
    '<div style="background-color: #ffc; color: navy"><p>$2</p></div>'
    >>> keep_looks("Hola"), keep_looks("<p>Sin estilo</p>"), keep_looks(None)
    ('Hola', '<p>Sin estilo</p>', None)
    """
    if not _OLD_LOOKS.search(body or ""):
        return body
    try:
        page = lxml.html.document_fromstring(_UNFIT.sub("", body))
    except (etree.LxmlError, ValueError, AssertionError):
        return body
    for node in page.xpath("//*[@bgcolor or self::font or self::body]"):
        _style_inline(node)
    root = page.body
    root.tag = "div"
    if not root.get("style"):
        parts = [escape(root.text or "")]
        parts += [etree.tostring(n, encoding="unicode", method="html") for n in root]
        return "".join(parts).strip()
    root.tail = None
    return etree.tostring(root, encoding="unicode", method="html").strip()


_OLD_LOOKS = re.compile(r"<font\b|<body\b|\sbgcolor\s*=", re.IGNORECASE)
# Attributes of a time before style sheets, and what each is today.
_LOOKS = {
    "bgcolor": "background-color",
    "text": "color",
    "color": "color",
    "face": "font-family",
    "size": "font-size",
}
_SIZES = dict(enumerate(("10px", "13px", "16px", "18px", "24px", "32px", "48px"), 1))
_SAFE_LOOK = re.compile(r"[\w#,.%\- ]{1,80}")


def _style_inline(node):
    styles = [node.get("style", "").strip().rstrip(";")]
    wanted = {"bgcolor"} if node.tag not in ("font", "body") else _LOOKS.keys()
    for name in _LOOKS:
        value = (node.attrib.pop(name, "") if name in wanted else "").strip()
        if name == "size":
            value = _SIZES.get(int(value), "") if value.isdecimal() else ""
        if _SAFE_LOOK.fullmatch(value):
            styles.append(f"{_LOOKS[name]}: {value}")
    style = "; ".join(filter(None, styles))
    if style:
        node.set("style", style)
    if node.tag == "font":
        node.tag = "span"
