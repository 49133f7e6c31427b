"""The same-name rule: when a contact is his customer's mirror.

Two names are the same when they differ only in Unicode composition, in white space
or in case. Accents and the eñe tell people apart, so they count.

>>> same_name("  ACME   S.A. ", "acme s.a.")
True
>>> same_name("Pen\u0303a", "PE\u00d1A")
True
>>> same_name("Peña", "Pena")
False
>>> same_name("Straße", "STRASSE")
True
>>> same_name("", " ")
False
>>> same_name(False, None)
False
"""

import unicodedata

# They belong to the word after them.
_PARTICLES = frozenset(
    "de del la las los da das do dos di du van von der den san santa".split()
)
_AND = frozenset(("y", "i"))


def name_key(name):
    """The part of ``name`` that the same-name rule compares; '' for a blank one.

    >>> name_key(" José\u00a0 Pérez\\n")
    'josé pérez'
    >>> name_key(name_key("ÁNGEL")) == name_key("ÁNGEL")
    True
    """
    folded = unicodedata.normalize("NFC", name or "").casefold()
    return unicodedata.normalize("NFC", " ".join(folded.split()))


def same_name(one, other):
    """Whether both names are given and are the same by the rule of this module."""
    if one == other:
        return bool(one and one.strip())
    key = name_key(one)
    return bool(key) and key == name_key(other)


def join_name(given, surname, second):
    """A natural person's full name from its three parts, blanks left out.

    >>> join_name(" Ana ", "García", "")
    'Ana García'
    """
    parts = (" ".join((part or "").split()) for part in (given, surname, second))
    return " ".join(filter(None, parts))


def split_name(name):
    """A full name in the three parts of a Spanish card: the surnames come last.

    :return: given name, first surname, second surname; '' for what is not there

    >>> split_name("Ana María García López")
    ('Ana María', 'García', 'López')
    >>> split_name("Ana García"), split_name("Ana"), split_name("")
    (('Ana', 'García', ''), ('Ana', '', ''), ('', '', ''))
    >>> split_name("Juan de la Torre Pérez"), split_name("Ana de Soto")
    (('Juan', 'de la Torre', 'Pérez'), ('Ana', 'de Soto', ''))
    >>> split_name("José Luis de la Fuente y Gómez de Liaño")
    ('José Luis', 'de la Fuente', 'y Gómez de Liaño')
    >>> split_name("María del Carmen Soto Díaz"), split_name("de la Torre")
    (('María del Carmen', 'Soto', 'Díaz'), ('de la Torre', '', ''))
    >>> join_name(*split_name("Ana María García López"))
    'Ana María García López'
    """
    words = _hold_together((name or "").split())
    if len(words) < 3:
        given, surname = (words + ["", ""])[:2]
        return given, surname, ""
    return " ".join(words[:-2]), words[-2], words[-1]


def _hold_together(words):
    """Words with the particles before them: *de la Torre* is one surname.

    With *y* begins the second surname, and what follows belongs to it.
    """
    pieces, waiting = [], []
    for place, word in enumerate(words):
        small = word.casefold()
        if small in _AND and len(pieces) > 1 and not waiting:
            return [*pieces, " ".join(words[place:])]
        waiting.append(word)
        if small not in _PARTICLES:
            pieces.append(" ".join(waiting))
            waiting = []
    return [*pieces, " ".join(waiting)] if waiting else pieces
