"""The customer's code (seed 004, Fiscales › Código): a number of at most six digits.

It is stored as text in the partner's reference, written one way. References of another
kind, which a database may have from before, are left as they are.

>>> normalise(" 000015 "), normalise(15), normalise("٠١٥"), normalise("000")
('15', '15', '15', '0')
>>> normalise(" AB-015"), normalise(None), normalise(False), normalise("  ")
('AB-015', '', '', '')
>>> parse("000015"), parse("999999"), parse("9" * 5000)
(15, 999999, 0)
>>> [parse(text) for text in ("12a", "0", "-3", "1000000", "1.0", "", None)]
[0, 0, 0, 0, 0, 0, 0]
>>> key(" 015"), key("Tarjeta-7 "), key("0008412345678905")
(15, 'tarjeta-7', '0008412345678905')
"""

import unicodedata

HIGHEST = 999_999
DIGITS = len(str(HIGHEST))


def normalise(text):
    """The code as it is stored: trimmed, a number without leading zeros."""
    if text is None or text is False:
        return ""
    text = str(text).strip()
    if not text.isdecimal():
        return text
    return "".join(map(str, map(unicodedata.decimal, text))).lstrip("0") or "0"


def parse(text):
    """The number of a customer's code; 0 when the text is none."""
    text = normalise(text)
    return int(text) if text.isdecimal() and len(text) <= DIGITS else 0


def key(text):
    """What two codes have in common when whoever types one means the other."""
    return parse(text) or str(text or "").strip().lower()
