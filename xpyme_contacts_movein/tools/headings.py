"""Which column is which: headings of a file against the words that people use."""

import re
import unicodedata
from difflib import get_close_matches

# How many rows above the headings a file may have: a title, merged group heads.
HIGHEST = 15
# A postal code, a telephone or any other long number, or a tax id.
_DATUM = re.compile(r"[0-9]{5,}|(ES)?[A-Z]?[0-9]{7,8}[A-Z0-9]", re.IGNORECASE)
_CLOSE = 0.88
_LONG = 6
# "No acepta publicidad" is all but "Acepta publicidad", and means the contrary.
_NEGATIONS = frozenset(("no", "sin", "not", "without", "nunca", "never"))
_NEGATED = ("no", "sin", "in")


def fold(text):
    """What two headings have in common when they mean the same.

    >>> fold(" Cód. Postal "), fold("C.P."), fold("E-mail"), fold(None), fold("Nº")
    ('codpostal', 'cp', 'email', '', 'no')
    """
    plain = unicodedata.normalize("NFKD", str(text or "")).casefold()
    return "".join(filter(str.isalnum, plain))


def recognise(headings, words, guess=True):
    """
    :param words: ``{folded word: target}``
    :param guess: also words that are nearly the same
    :return: for each heading its target or None; none is given twice by a guess

    >>> words = {"nombre": "name", "codpostal": "zip", "poblacion": "city"}
    >>> recognise(["NOMBRE", "Cód. Postal", "Poblacón", "x"], words)
    ['name', 'zip', 'city', None]
    >>> recognise(["Poblacion", "Poblacón"], words)
    ['city', None]

    A heading that denies is left to a person, unless it is a word itself.

    >>> words = {"aceptapublicidad": "advertising", "bloqueado": "is_blocked"}
    >>> recognise(["No acepta publicidad", "Acepta publicida", "NoBloqueado"], words)
    [None, 'advertising', None]
    """
    folded = [*map(fold, headings)]
    found = [words.get(word) for word in folded]
    if not guess:
        return found
    for place, word in enumerate(folded):
        if found[place] or len(word) < _LONG or _denies(headings[place]):
            continue
        near = get_close_matches(word, words, n=1, cutoff=_CLOSE)
        if near and words[near[0]] not in found and _means(word, near[0]):
            found[place] = words[near[0]]
    return found


def _denies(heading):
    """Whether one of the words of a heading says no."""
    return not _NEGATIONS.isdisjoint(map(fold, re.split(r"\W+", str(heading or ""))))


def _means(word, near):
    """Whether none of two words that are nearly the same is the other, denied."""
    return all(word.startswith(no) == near.startswith(no) for no in _NEGATED)


def find_headings(rows, known):
    """Where the headings are among the first rows of a file.

    :param known: folded words that are headings
    :return: index of the row with the most known ones; of the first row that is filled
        if none has two; None of an empty file

    >>> rows = [["Listado de clientes", ""], ["Código", "Nombre"], ["1", "ACME"]]
    >>> find_headings(rows, {"codigo", "nombre"}), find_headings(rows, {"x"})
    (1, 1)
    >>> find_headings([], {"codigo"}), find_headings([["", None]], {"codigo"})
    (None, None)
    """
    counts = [count_known(row, known) for row in rows[:HIGHEST]]
    if counts and max(counts) > 1:
        return counts.index(max(counts))
    filled = [sum(1 for cell in row if fold(cell)) for row in rows[:HIGHEST]]
    for index, count in enumerate(filled):
        if count > 1:
            return index
    return next((index for index, count in enumerate(filled) if count), None)


def looks_like_data(row):
    """Whether a row has what no heading is: a code, tax id, telephone, postal code.

    >>> looks_like_data(["701", "Uno"]), looks_like_data(["Uno", "B-58.378.431"])
    (True, True)
    >>> looks_like_data(["Uno", "+34 912 345 678"]), looks_like_data(["Uno", "28921"])
    (True, True)
    >>> looks_like_data(["Ident", "Quien", "Precio 1", "2026"])
    False
    """
    words = [re.sub(r"[\s.,/()+-]", "", str(cell or "")) for cell in row]
    first = next(filter(None, words), "")
    return first.isdigit() or any(map(_DATUM.fullmatch, words))


def count_known(row, known):
    """How many different known headings stand in a row."""
    return len({fold(cell) for cell in row} & known)


def repeats_headings(row, known):
    """Whether a row below the headings is one of headings again.

    >>> repeats_headings(["Código", "Nombre"], {"codigo", "nombre"})
    True
    >>> repeats_headings(["Nombre", "ACME"], {"codigo", "nombre"})
    False
    """
    filled = sum(1 for cell in row if fold(cell))
    return filled > 1 and count_known(row, known) * 4 >= filled * 3


def name_columns(row):
    """The headings of a row, each once, with a number for one that is blank.

    >>> name_columns(["Código", "", None, "Código "])
    ['Código', '2', '3', 'Código (4)']
    """
    names = []
    for place, cell in enumerate(row, 1):
        name = re.sub(r"\s+", " ", str(cell if cell is not None else "")).strip()
        name = name or str(place)
        names.append(f"{name} ({place})" if name in names else name)
    return names
