"""The Chilean RUT: one reading of what people type, one way to store it.

The RUT (Rol Único Tributario) and the RUN (Rol Único Nacional) share number and
check digit: a body of up to eight digits, a hyphen and a digit 0-9 or K, modulo 11.

>>> normalise_rut("76.086.428-5")
'76086428-5'
>>> format_rut("76086428-5")
'76.086.428-5'
>>> is_rut("76086428-5"), is_rut("76086428-6")
(True, False)
"""

import re
import unicodedata

import pytz

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣-"), "-")
_NOISE = re.compile(r"[\s.,\-\u200b\u2060\ufeff]+")
_RUT = re.compile(r"0*([1-9][0-9]*)([0-9K])", re.ASCII)
_NIF = re.compile(r"(ES)?[0-9A-Z][0-9]{7}[0-9A-Z]", re.ASCII)
# Greece and Northern Ireland write another code before their numbers.
_COUNTRIES = {*pytz.country_names, "EL", "XI"}
_STORED = re.compile(r"[1-9][0-9]{6,7}-[0-9K]", re.ASCII)


def clean_tax_id(number):
    """``number`` without accidents of typing: wide digits, odd dashes, spaces.

    >>> clean_tax_id(" es a12345674 ")
    'ESA12345674'
    >>> clean_tax_id(None)
    ''
    """
    text = None
    cleaned = number or ""
    # Taking a space away may leave an accent to compose: until nothing changes.
    while cleaned != text:
        text = cleaned
        folded = unicodedata.normalize("NFKC", text).translate(_DASHES)
        cleaned = "".join(folded.upper().split())
    return cleaned


def normalise_rut(number):
    """The stored form of a RUT, body-digit; what cannot be one comes back cleaned.

    >>> normalise_rut("CL 012.345.678–5")
    '12345678-5'
    >>> normalise_rut("１２３４５６７８－５")
    '12345678-5'
    >>> normalise_rut("6.666.666-k") == normalise_rut("06666666K")
    True
    >>> normalise_rut("/"), normalise_rut(" "), normalise_rut("EU123-X")
    ('/', '', 'EU123-X')
    >>> normalise_rut(normalise_rut("76.086.428-5"))
    '76086428-5'
    """
    text = clean_tax_id(number)
    match = _RUT.fullmatch(_NOISE.sub("", text.removeprefix("CL")))
    return f"{match[1]}-{match[2]}" if match else text


def normalise_nif(number):
    """The stored form of a Spanish NIF, without signs; anything else unchanged.

    >>> normalise_nif("12.345.678-Z"), normalise_nif(" es b58.378.431 ")
    ('12345678Z', 'ESB58378431')
    >>> normalise_nif("/"), normalise_nif("-"), normalise_nif("AB-1")
    ('/', '-', 'AB-1')
    """
    text = _NOISE.sub("", clean_tax_id(number))
    return text if _NIF.fullmatch(text) else number


def rut_check_digit(body):
    """The check digit of a RUT's body (a text of digits), by modulo 11.

    >>> rut_check_digit("76086428"), rut_check_digit("10000013")
    ('5', 'K')
    """
    total = sum(int(d) * (2 + i % 6) for i, d in enumerate(reversed(body)))
    return "0123456789K0"[11 - total % 11]


def is_rut(number):
    """Whether ``number`` is a valid RUT in its stored form (seven or eight digits).

    >>> is_rut("1-9"), is_rut("76.086.428-5"), is_rut("")
    (False, False, False)
    """
    if not _STORED.fullmatch(number or ""):
        return False
    body, digit = number.split("-")
    return rut_check_digit(body) == digit


def is_rut_of_company(number):
    """Whether a RUT is of those that Chile gives to companies, from 50 million on.

    >>> is_rut_of_company("76.086.428-5"), is_rut_of_company("12345678-5")
    (True, False)
    >>> is_rut_of_company("B58378431"), is_rut_of_company(False)
    (False, False)
    """
    number = normalise_rut(number) if number else ""
    return bool(_STORED.fullmatch(number)) and int(number.split("-")[0]) >= 50_000_000


def format_rut(number):
    """A stored RUT as people read it, with dots; anything else unchanged.

    >>> format_rut("6666666-6"), format_rut("A12345674"), format_rut(False)
    ('6.666.666-6', 'A12345674', '')
    """
    if not _STORED.fullmatch(number or ""):
        return number or ""
    body, digit = number.split("-")
    return f"{int(body):,}".replace(",", ".") + f"-{digit}"


def is_missing(number):
    """Whether a customer has no tax id to identify him by: empty, blank or '/'.

    >>> is_missing("/"), is_missing("  "), is_missing(False), is_missing("76086428-5")
    (True, True, True, False)
    """
    return clean_tax_id(number) in ("", "/")


def get_key(number):
    """What two cards of one taxpayer have in common, whatever way it was typed.

    Letters and digits, without the country before a number that is long enough to be
    one; "" for a missing id.

    >>> get_key("ES-B1234567 4"), get_key("b12345674"), get_key("CL76.086.428-5")
    ('B12345674', 'B12345674', '760864285')
    >>> get_key("SC123456"), get_key("ZZ12345674")
    ('SC123456', 'ZZ12345674')
    >>> get_key("/"), get_key(" - "), get_key(False)
    ('', '', '')
    """
    key = "".join(filter(str.isalnum, clean_tax_id(number)))
    rest = key[2:]
    is_prefixed = key[:2] in _COUNTRIES and len(rest) >= 7
    return rest if is_prefixed and sum(map(str.isdigit, rest)) >= 5 else key
