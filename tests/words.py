"""Which words on a Spanish screen are English.

A word is English if the English terms of the core and of the family use it and their
Spanish translations do not, or so seldom that it is a slip of theirs.
"""

import re
from collections import Counter

from devkit import odoo, place
from tests.names import NAMES

CORE = ("web", "mail", "sale", "sale_management", "account", "product", "portal")
OURS = ("xpyme_contacts", "xpyme_contacts_billing", "xpyme_contacts_pricing")
# So many times more often in English than in Spanish.
SLIP = 12
# Seen at once, however often a translation has them too.
COMMON = set(
    "save new search discard name address type date line use cancel create edit "
    "delete close confirm print phone email-address customer customers sales order "
    "orders invoice invoices settings today yesterday and not with from the".split()
)
# Words of both languages that the core's Spanish has not, and of the demo.
SPANISH = set("demo may dental natural combo combos gua info".split())
_ENTRY = re.compile(r"^msgid (.*?)^msgstr (.*?)(?=^\s*$|\Z)", re.S | re.M)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_WORD = re.compile(r"[^\W\d_]{3,}")
# What is no word of a language: marks, addresses, names of files and fields.
_CODE = re.compile(
    r"<[^>]+>|\[[^\]]*\]|\b[A-Z]+-\d+\b|\b\w+/OUT/\d+|%\([^)]*\)|%\w|\{[^}]*\}|\\n|\S+@\S+|https?:\S+|\w+(?:\.\w+)+|\w*_\w*"
)


class English:
    """The words that are English and no names."""

    def __init__(self, words, names):
        self._words = words
        self._names = sorted(names, key=len, reverse=True)

    def find(self, line):
        """The English words of a line of the screen."""
        for name in self._names:
            line = line.replace(name, " ")
        words = _WORD.findall(_CODE.sub(" ", line))
        return [word for word in words if word.lower() in self._words]


def get_english():
    """The :class:`English` of this core and this family."""
    english, spanish = Counter(), Counter()
    addons = odoo.source()[0] / "odoo" / "addons"
    files = [addons / name / "i18n" / "es.po" for name in CORE]
    for name in OURS:
        files += (
            place.ROOT / name / folder / "es.po" for folder in ("i18n", "i18n_extra")
        )
    for path in files:
        if path.is_file():
            for msgid, msgstr in _read(path):
                english.update(msgid)
                spanish.update(msgstr)
    words = {word for word in english if spanish[word] * SLIP <= english[word]}
    words -= SPANISH
    return English(words | COMMON, NAMES)


def _read(path):
    """The words of each translated term, and of its translation."""
    for entry in _ENTRY.findall(path.read_text()):
        msgid, msgstr = ("".join(_STRING.findall(text)) for text in entry)
        if msgstr and msgid != msgstr:
            yield _get_words(msgid), _get_words(msgstr)


def _get_words(text):
    return set(_WORD.findall(_CODE.sub(" ", text).lower()))
