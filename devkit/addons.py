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
# Apps of Odoo that a shop may do without: what the family brings to them is tried in
# the databases of Spain and of the demo, and the others show that it is not missed.
APPS = {"point_of_sale", "sale_loyalty", "sale_stock"}


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


def country(addon):
    """Code of the country that an addon is for, in small letters, or None.

    Odoo installs such an addon by itself beside the country's localisation.
    """
    triggers = manifest(place.ROOT / addon).get("auto_install") or []
    for name in triggers if isinstance(triggers, list) else []:
        if name.startswith("l10n_"):
            return name.removeprefix("l10n_")
    return None


def is_beside_app(addon):
    """Whether an addon of the family needs an app that a shop may do without."""
    needed = set(manifest(place.ROOT / addon)["depends"])
    return bool(needed & APPS) or any(map(is_beside_app, needed & set(family())))


def without_apps():
    """Names of the family's addons that need no such app."""
    return [addon for addon in family() if not is_beside_app(addon)]


def everywhere():
    """Names of the family's addons that are for no country and beside no app."""
    return [addon for addon in without_apps() if not country(addon)]


def dependencies(names=None):
    """Names of the addons of Odoo and OCA that the family is built on.

    :param names: of the addons that are asked for; by default those everywhere
    """
    wanted = {
        name
        for addon in names or everywhere()
        for name in manifest(place.ROOT / addon)["depends"]
    }
    return sorted(wanted - set(family())) or ["base"]


def content_hash(names=None, translations=True):
    """A hash of everything that installing the family, or some of it, depends on."""
    skipped = NOT_INSTALLED if translations else NOT_INSTALLED | TRANSLATIONS
    total = hashlib.sha256()
    for addon in names or family():
        folder = place.ROOT / addon
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(place.ROOT)
            if path.is_file() and not skipped & set(relative.parts):
                total.update(f"{relative}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()[:8]
