"""What a person types to find a customer, as far as an index can look for it."""

import re

# Beside these a number is written the same way by everybody.
NUMBER_MARKS = " .,-/()+"

_MARKS = str.maketrans("", "", NUMBER_MARKS + "\u00a0\t")
# A trigram index knows runs of three letters or digits. What could reach from one
# field into the next, where ||| stands, is left to Odoo's own search.
_INDEXED = re.compile(r"[^\W_]{3}")
_ACROSS_FIELDS = re.compile(r"[%|\\]|___")
# A phone number, a RUT or a NIF with the letters of its country around it.
_NUMBER = re.compile(r"[a-z]{0,3}\d{3,}[a-z]?", re.IGNORECASE | re.ASCII)
# The codes of countries (ITU-T E.164) have one digit, two or three.
_COUNTRY_CODE = r"[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d"
_WITH_COUNTRY = re.compile(rf"(?:\+|00)(?:{_COUNTRY_CODE})(\d{{3,}})", re.ASCII)


def indexed_term(text):
    """What to look for in the index; '' if only a scan of all rows can find it.

    A number is looked for without the marks in it: its digits follow each other.

    >>> indexed_term(" Muñoz "), indexed_term("juan_soto@"), indexed_term("C&A 123")
    ('Muñoz', 'juan_soto@', 'C&A 123')
    >>> indexed_term("01 01"), indexed_term("+56 4 1")
    ('01 01', '+56 4 1')
    >>> [indexed_term(t) for t in ("ab", "S.A.", "a b c", "50%", "a___", "|abc", False)]
    ['', '', '', '', '', '', '']
    """
    text = text.strip() if isinstance(text, str) else ""
    if _ACROSS_FIELDS.search(text):
        return ""
    return text if _INDEXED.search(text) or bare_number(text) else ""


def bare_number(text):
    """A phone number or tax id as typed, without its marks; '' if it is neither.

    A country's code is left out: the number is found with and without it.

    >>> bare_number("76.086.428-5"), bare_number("12.345.678-k"), bare_number("B-123")
    ('760864285', '12345678k', 'B123')
    >>> [bare_number(text) for text in ("+56 41 290 97 25", "0056 (41) 290", "41 290")]
    ['412909725', '41290', '41290']
    >>> bare_number("+1 212 555"), bare_number("+351 21 3"), bare_number("+56 4")
    ('212555', '213', '564')
    >>> [bare_number(text) for text in ("Calle 12345", "12", "ana@acme.cl", "000", "")]
    ['', '', '', '000', '']
    """
    number = text.translate(_MARKS)
    if not _NUMBER.fullmatch(number):
        return ""
    plus = "+" if text.startswith("+") else ""
    with_country = _WITH_COUNTRY.fullmatch(f"{plus}{number}")
    return with_country[1] if with_country else number
