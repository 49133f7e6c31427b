"""The head of a letter: its style sheet, and what only Outlook reads.

A mail's style sheet is read by the programs of telephones; Outlook, which knows no
``max-width``, reads comments of its own with tables in them. Both stand in a letter
that somebody drew elsewhere, and neither may load or run anything.
"""

import re

_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_HEAD = re.compile(r"<head\b[^>]*>(.*?)</head\s*>", re.IGNORECASE | re.DOTALL)
_CONDITION = re.compile(
    r"\[if [!()&|\w .]{1,60}\]>(.*)<!\[endif\]", re.IGNORECASE | re.DOTALL
)
# Shown by everybody but Outlook: two comments with what they concern between them.
_REVEALED = re.compile(r"\[if !mso[^\]]{0,20}\]><!|<!\[endif\]", re.IGNORECASE)
_TAG = re.compile(r"</?([a-z][\w:]*)([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"\s+([a-z][\w:\-]*)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?|\s*/\s*$|\s+$",
    re.IGNORECASE,
)
_OUTLOOK_TAGS = {
    *("table", "tr", "td", "tbody", "div", "span", "p", "br", "center", "b", "i"),
    *("style", "xml", "v:rect", "v:roundrect", "v:fill", "v:textbox", "v:image"),
    *("w:anchorlock", "o:officedocumentsettings", "o:allowpng", "o:pixelsperinch"),
}
_CSS_COMMENT = re.compile(r"/\*.*?\*/|<|-->|\\", re.DOTALL)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|([^\r\n]))", re.IGNORECASE)
# What loads besides ``url()``, which may be a picture.
_CSS_LOADING = re.compile(
    r"[\w-]*(?:image-set|cross-fade)\s*\([^;{}]*|(?<![\w-])(?:image|src)\s*\([^;{}]*"
    # Outlook's and Explorer's of before.
    r"|progid\s*:[^;{}]*",
    re.IGNORECASE,
)
_CSS_RULE = re.compile(r"@(import|charset|namespace)\b[^;{}]*;?", re.IGNORECASE)
_CSS_ACTIVE = re.compile(
    r"expression\s*\([^;{}]*|(behavior|-moz-binding)\s*:[^;{}]*|javascript\s*:[^;{}]*",
    re.IGNORECASE,
)
# The end of the sheet ends it too.
_CSS_URL = re.compile(r"url\(\s*(['\"]?)(.*?)\1\s*(?:\)|$)", re.IGNORECASE | re.DOTALL)


_SAFE_IMAGE = re.compile(
    r"https://(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+[a-z][a-z0-9\-]+(?::\d+)?"
    r"(?:[/?#][^\s\"'<>\\]*)?",
    re.IGNORECASE,
)


def is_safe_image(url):
    """Whether a picture may stand in a mail: over https, on a named host.

    >>> is_safe_image("https://www.acme.cl/a.png")
    True
    >>> bad = "http://x.cl/a", "javascript:x", "/a", "https://localhost/a", "https:///"
    >>> [is_safe_image(url) for url in (*bad, "https://10.0.0.1/a", "https://[::1]/")]
    [False, False, False, False, False, False, False]
    """
    return bool(_SAFE_IMAGE.fullmatch(url or ""))


def clean_css(text):
    r"""A style sheet that loads nothing but pictures over https.

    >>> clean_css("@import 'x.css'; p {color: red} /* no */")
    'p {color: red}'
    >>> clean_css("a {background: url(http://x.cl/a.png)} b{x:expression(alert(1))}")
    'a {background: none} b{x:}'
    >>> clean_css("p{} </style><script>x</script>")
    'p{} /style>script>x/script>'

    Nothing becomes active by what is taken away, or by the way it is written.

    >>> clean_css("@im@import x;port 'x.css';"), clean_css("@imp<ort 'x.css'; p{}")
    ('', 'p{}')
    >>> clean_css(r"p{background: u\72l(//x)} b{background: image-set('//x' 1x)}")
    'p{background: none} b{background: none}'
    >>> clean_css("p{filter: progid:X.AlphaImageLoader(src='//x')}")
    'p{filter: none}'
    >>> clean_css("p{background: url(http://x.cl/a")
    'p{background: none'
    >>> clean_css(r"p::after{content: '\2713'}")
    "p::after{content: '✓'}"
    """
    text, before = text or "", None
    while text != before:
        before = text
        text = _CSS_COMMENT.sub("", read_css(text))
        text = _CSS_RULE.sub("", text)
        text = _CSS_ACTIVE.sub(lambda m: f"{m[1]}: none" if m[1] else "", text)
        text = _CSS_LOADING.sub("none", text)
        text = _CSS_URL.sub(_keep_picture, text)
    return text.strip()


def read_css(text):
    r"""Style as it is understood: the signs themselves where it names their numbers.

    >>> read_css(r"u\72l(x) \u\000052 L \0 \d800 .")
    'url(x) uRL .'
    """
    return _CSS_ESCAPE.sub(_read_escape, text or "")


def _read_escape(match):
    if match[2]:
        return match[2]
    number = int(match[1], 16)
    is_sign = 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_sign else ""


def find_loading(style):
    """What of a style attribute loads something that is no picture."""
    rules = (_CSS_RULE, _CSS_LOADING)
    return [m[0] for rule in rules for m in rule.finditer(read_css(style))]


def _keep_picture(match):
    return match[0] if is_safe_image(match[2].strip()) else "none"


def is_for_outlook(comment):
    """Whether a comment is one of Outlook's, with nothing active in it.

    >>> is_for_outlook('[if mso]><table width="600"><tr><td><![endif]')
    True
    >>> is_for_outlook("[if !mso]><!"), is_for_outlook("<![endif]")
    (True, True)
    >>> wrong = "<script>x</script>", "<td onload=x>", "<img src=//x.cl>", "a -- b"
    >>> [is_for_outlook(f"[if mso]>{text}<![endif]") for text in wrong]
    [False, False, False, False]
    """
    if _REVEALED.fullmatch(comment):
        return True
    match = _CONDITION.fullmatch(comment.strip())
    if not match or "--" in match[1]:
        return False
    inner = match[1]
    for style in _STYLE.findall(inner):
        if clean_css(style) != style.strip():
            return False
    inner = _STYLE.sub("", inner)
    if "<" in _TAG.sub("", inner):
        return False
    return all(_is_tag_safe(name, rest) for name, rest in _TAG.findall(inner))


def _is_tag_safe(name, rest):
    if name.lower() not in _OUTLOOK_TAGS:
        return False
    attributes = _ATTRIBUTE.findall(rest)
    if _ATTRIBUTE.sub("", rest).strip():
        return False
    for key, value in attributes:
        value = value.strip("\"'")
        is_style = key.lower() == "style" or "(" in value
        if key.lower().startswith("on") or (
            is_style and clean_css(value) != value.strip()
        ):
            return False
        if key.lower() in ("src", "href", "background") and not is_safe_image(value):
            return False
    return True


def clean_head(text):
    """What may stand in the head of a letter: style sheets, and Outlook's comments.

    >>> clean_head("<title>x</title><style type='text/css'>p {color: red}</style>")
    '<style>p {color: red}</style>'
    >>> clean_head("<!--[if mso]><style>p {margin: 0}</style><![endif]--><!-- no -->")
    '<!--[if mso]><style>p {margin: 0}</style><![endif]-->'
    >>> clean_head("<script>x</script>"), clean_head(None)
    ('', '')
    """
    pieces = []
    pattern = re.compile(f"{_COMMENT.pattern}|{_STYLE.pattern}", re.I | re.S)
    for match in pattern.finditer(text or ""):
        comment, style = match[1], match[2]
        if comment is not None and is_for_outlook(comment):
            pieces.append(f"<!--{comment}-->")
        elif style is not None and (css := clean_css(style)):
            pieces.append(f"<style>{css}</style>")
    return "\n".join(pieces)


def split_head(page):
    """A letter's head, cleaned, and the rest of it without style sheets.

    >>> split_head("<head><style>p {color: red}</style></head><p>Hola</p>")
    ('<style>p {color: red}</style>', '<p>Hola</p>')
    >>> split_head("<p>Hola</p>")
    ('', '<p>Hola</p>')
    """
    page = page or ""
    heads = "\n".join(_HEAD.findall(page))
    rest = _HEAD.sub("", page)
    body_styles = "\n".join(m[0] for m in _STYLE.finditer(_COMMENT.sub("", rest)))
    if body_styles:
        rest = _COMMENT.sub(lambda m: m[0] if is_for_outlook(m[1]) else "", rest)
        rest = _drop_styles(rest)
    return clean_head(f"{heads}\n{body_styles}"), rest


def _drop_styles(text):
    """A text without its style sheets, but for those in Outlook's comments."""
    pattern = re.compile(f"{_COMMENT.pattern}|{_STYLE.pattern}", re.I | re.S)
    return pattern.sub(lambda m: m[0] if m[1] is not None else "", text)
