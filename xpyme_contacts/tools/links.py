"""Addresses of pages in a text that people have typed."""

import re

# What ends a sentence is not of the address.
_LINK = re.compile(r"((?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]])", re.IGNORECASE)


def split_links(text):
    """A text as pieces: text, or pairs of text and address to follow.

    >>> split_links("Sus datos: https://acme.cl/datos. Gracias")
    ['Sus datos: ', ('https://acme.cl/datos', 'https://acme.cl/datos'), '. Gracias']
    >>> split_links("(www.acme.cl)")
    ['(', ('www.acme.cl', 'https://www.acme.cl'), ')']
    >>> split_links("Nada"), split_links("")
    (['Nada'], [])
    """
    pieces = []
    for number, piece in enumerate(_LINK.split(text)):
        if number % 2:
            is_whole = piece.lower().startswith("http")
            pieces.append((piece, piece if is_whole else f"https://{piece}"))
        elif piece:
            pieces.append(piece)
    return pieces
