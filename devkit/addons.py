"""The family: the addons at the repository root, and what they depend on."""

import ast
import hashlib

from . import place, say

MANIFEST = "__manifest__.py"
# What an installed addon does not consist of.
NOT_INSTALLED = {
    "tests",
    "readme",
    "description",
    "__pycache__",
    "README.rst",
    "README.md",
}
TRANSLATIONS = {"i18n", "i18n_extra"}


def manifest(folder):
    """An addon's manifest as a dictionary."""
    path = folder / MANIFEST
    try:
        return ast.literal_eval(path.read_text())
    except (SyntaxError, ValueError) as error:
        raise say.Stop(f"{path} is not a manifest: {error}.") from error


def family():
    """Names of the installable addons at the repository root."""
    folders = (path.parent for path in sorted(place.ROOT.glob(f"*/{MANIFEST}")))
    return [
        folder.name for folder in folders if manifest(folder).get("installable", True)
    ]


def dependencies():
    """Names of the addons of Odoo and OCA that the family is built on."""
    ours = family()
    wanted = {
        name for addon in ours for name in manifest(place.ROOT / addon)["depends"]
    }
    return sorted(wanted - set(ours)) or ["base"]


def content_hash(translations=True):
    """A hash of everything that installing the family depends on."""
    skipped = NOT_INSTALLED if translations else NOT_INSTALLED | TRANSLATIONS
    total = hashlib.sha256()
    for addon in family():
        folder = place.ROOT / addon
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(place.ROOT)
            if path.is_file() and not skipped & set(relative.parts):
                total.update(f"{relative}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()[:8]
