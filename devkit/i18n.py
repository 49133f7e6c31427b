"""Translations: compare the exported terms with the files of the addons.

Runs inside the virtual environment: ``python -m devkit.i18n check|merge FOLDER ADDON…``
where FOLDER holds the exported .pot files.
"""

import sys
from pathlib import Path

import polib

from . import place, python_env

LANGUAGE = "es"
LISTED = 15
ON_SCREEN = ("model_terms:ir.ui.view", "model:ir.ui.menu", "model:ir.actions")


def i18n_dir(addon):
    return place.ROOT / addon / "i18n"


def _entries(path):
    """Terms of a file by what identifies them."""
    return {
        (entry.msgctxt, entry.msgid): entry
        for entry in polib.pofile(str(path))
        if not entry.obsolete
    }


def _told(sentence, keys):
    """One line for each term, and a count of those that would be too many."""
    lines = [f"{sentence} {term!r}" for _context, term in sorted(keys, key=str)]
    more = len(lines) - LISTED
    return lines[:LISTED] + ([f"{sentence} {more} more terms"] if more > 0 else [])


def _outdated(exported, addon):
    """Sentences about how an addon's .pot differs from its code."""
    problems = []
    pot = i18n_dir(addon) / f"{addon}.pot"
    wanted = _entries(exported)
    present = _entries(pot) if pot.is_file() else {}
    problems += _told(f"{addon}.pot lacks", wanted.keys() - present.keys())
    problems += _told(f"{addon}.pot has the unused", present.keys() - wanted.keys())
    both = wanted.keys() & present.keys()
    moved = [key for key in both if _places(wanted[key]) != _places(present[key])]
    if moved:
        problems.append(f"{addon}.pot names other places for {len(moved)} terms")
    return problems


def check(exported, addon):
    """Sentences about what is missing in an addon's translation files."""
    problems = _outdated(exported, addon)
    if problems:
        problems.append("run ./dev lint --export-pot")
    wanted = _entries(exported)
    po = i18n_dir(addon) / f"{LANGUAGE}.po"
    if not po.is_file():
        return [*problems, f"{addon}/i18n/{LANGUAGE}.po is missing"]
    done = {key for key, entry in _entries(po).items() if entry.translated()}
    untranslated = f"{LANGUAGE}.po has no translation of"
    return problems + _told(untranslated, wanted.keys() - done)


def _places(entry):
    """Where a term is used, without line numbers that every edit changes."""
    return {name for name, _line in entry.occurrences}, entry.comment


def merge(exported, addon):
    """Renew an addon's .pot and bring its terms into the .po."""
    folder = place.private_dir(i18n_dir(addon))
    template = polib.pofile(str(exported))
    if _outdated(exported, addon):
        # not only for a newer date in its header
        (folder / f"{addon}.pot").write_bytes(exported.read_bytes())
    path = folder / f"{LANGUAGE}.po"
    translated = polib.pofile(str(path)) if path.is_file() else polib.POFile()
    known = {(entry.msgctxt, entry.msgid): entry for entry in translated}
    result = polib.POFile()
    result.header = template.header
    result.metadata = {**template.metadata, "Language": LANGUAGE}
    result.metadata["Plural-Forms"] = "nplurals=2; plural=(n != 1);"
    for entry in template:
        old = known.get((entry.msgctxt, entry.msgid))
        if old:
            entry.msgstr, entry.tcomment = old.msgstr, old.tcomment
        result.append(entry)
    result.save(str(path))
    lacking = len(result.untranslated_entries())
    return [f"{addon}: {len(result)} terms, {lacking} without translation"]


def foreign(exported, addon):
    """One line about the terms of an OCA addon that are not in Spanish, if any."""
    done = set()
    for language in (LANGUAGE, "es_ES"):
        po = python_env.oca_addons() / addon / "i18n" / f"{language}.po"
        if po.is_file():
            done |= {key for key, entry in _entries(po).items() if entry.translated()}
    lacking = [
        term
        for (context, term), entry in _entries(exported).items()
        if (context, term) not in done and _on_screen(entry)
    ]
    if not lacking:
        return []
    shown = ", ".join(repr(" ".join(term.split())[:60]) for term in lacking)
    return [f"{addon}: {len(lacking)} terms are not in Spanish: {shown}"]


def _on_screen(entry):
    """Whether a term stands in a view, a menu or an action."""
    return any(name.startswith(ON_SCREEN) for name, _line in entry.occurrences)


def main(action, folder, *addons):
    work = {"check": check, "merge": merge, "foreign": foreign}[action]
    found = [
        text for addon in addons for text in work(Path(folder) / f"{addon}.pot", addon)
    ]
    print("\n".join(found))
    return 1 if found and action == "check" else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
