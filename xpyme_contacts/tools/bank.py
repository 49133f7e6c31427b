"""Bank codes as people type them: IBAN (ISO 13616) and BIC (ISO 9362, Swift)."""

import re
import unicodedata

from stdnum import bic
from stdnum.exceptions import ValidationError

_NOISE = re.compile(r"[\W_]+")
_IBAN = re.compile(r"([A-Z]{2})[0-9]{2}", re.ASCII)


def clean_account(number):
    """An account number without blanks, dots, hyphens and the word IBAN before it.

    >>> clean_account(" IBAN: es91 2100-0418 4502 0005 1332")
    'ES9121000418450200051332'
    >>> clean_account("12.345.678-K"), clean_account(None)
    ('12345678K', '')
    """
    text = unicodedata.normalize("NFKC", number or "").upper()
    # Composing may go on after upper(): until nothing changes.
    text = _NOISE.sub("", unicodedata.normalize("NFKC", text))
    return text[4:] if _IBAN.match(text[4:]) and text.startswith("IBAN") else text


def iban_country(number):
    """The country code of what is meant to be an IBAN; '' of a domestic number.

    It says nothing about whether the IBAN is right, nor whether the country has any.

    >>> iban_country("ES91 2100"), iban_country("0021-0418"), iban_country("AB1")
    ('ES', '', '')
    """
    match = _IBAN.match(clean_account(number))
    return match[1] if match else ""


def normalise_bic(code):
    """A BIC in capitals without blanks; what cannot be one comes back so too.

    >>> normalise_bic(" caix esbb "), normalise_bic(None)
    ('CAIXESBB', '')
    """
    text = None
    cleaned = code or ""
    # Capitals may decompose into what is a blank: until nothing changes.
    while cleaned != text:
        text = cleaned
        cleaned = bic.compact(unicodedata.normalize("NFKC", "".join(text.split())))
    return cleaned


def is_bic(code):
    """Whether ``code`` is made like a BIC, of 8 or 11 characters.

    >>> is_bic("CAIXESBB"), is_bic("CAIXESBBXXX"), is_bic("BCHICLRM")
    (True, True, True)
    >>> is_bic("zz"), is_bic("CAIXESBBX"), is_bic("")
    (False, False, False)
    """
    try:
        return bic.validate(code or "") == code
    except ValidationError:
        return False


def split_bic(code):
    """Bank, country, location and branch of a BIC, blank ones of anything else.

    >>> split_bic("CAIXESBB"), split_bic("CAIXESBB123")
    (('CAIX', 'ES', 'BB', ''), ('CAIX', 'ES', 'BB', '123'))
    >>> split_bic("zz")
    ('', '', '', '')
    """
    if not is_bic(code):
        return "", "", "", ""
    return code[:4], code[4:6], code[6:8], code[8:]
