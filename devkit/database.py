"""Databases: templates that are built once and clones of them.

=============  ==============  =======================================================
template       made from       holds
=============  ==============  =======================================================
deps           nothing         what the family depends on, no demo data
deps_cl        deps            + l10n_es and l10n_cl, the company is Chilean
deps_demo      deps            + l10n_es and l10n_cl, a Spanish company, es_ES, admin,
                               and the apps that a shop may do without
family         deps            + the family without country and apps, no demo data
family_cl      deps_cl         + the family without apps, no demo data
family_es      deps_demo       + the whole family, no demo data
family_demo    deps_demo       + the whole family with its own demo data only, and the
                               files that browsers load
=============  ==============  =======================================================
"""

import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path

from . import addons, install_log, odoo, place, postgres, python_env, say

PARENTS = {
    "deps": None,
    "deps_cl": "deps",
    "deps_demo": "deps",
    "family": "deps",
    "family_cl": "deps_cl",
    "family_es": "deps_demo",
    "family_demo": "deps_demo",
}
IN_SHELL = Path(__file__).parent / "in_shell"
LOCALIZE = IN_SHELL / "localize.py"
BUNDLES = IN_SHELL / "bundles.py"
COUNTRIES = {"deps_cl": "CL", "deps_demo": "ES"}
HASH_PARAMETER = "xpyme_dev.family_hash"


def name_of(kind):
    """The template's name: it changes with all that the template is made of."""
    return f"{_prefix(kind)}{_key(kind)}"


def _prefix(kind):
    return f"xpyme_{place.checkout_id()}_{kind}_"


def _key(kind):
    if kind not in PARENTS:
        raise say.Stop(
            f"There is no template {kind!r}; there are {', '.join(PARENTS)}."
        )
    parent = PARENTS[kind]
    if parent is None:
        locks = (python_env.LOCK, python_env.OCA_LOCK)
        return place.digest(odoo.source_key(), *locks, *addons.dependencies())
    if kind in COUNTRIES:
        return place.digest(_key(parent), LOCALIZE, *_local_dependencies(kind))
    # only there is a language that the translations are loaded for
    translations = parent == "deps_demo"
    content = addons.content_hash(_addons_of(kind), translations=translations)
    return place.digest(_key(parent), content)


def _addons_of(kind):
    """Names of the family's addons that a template holds."""
    if kind == "family":
        return addons.everywhere()
    return addons.without_apps() if kind.endswith("_cl") else addons.family()


def _local_dependencies(kind):
    """What the addons in a country's templates are built on, beyond ``deps``."""
    ours = addons.without_apps() if kind == "deps_cl" else addons.family()
    return sorted(set(addons.dependencies(ours)) - set(addons.dependencies()))


def exists(name):
    rows = postgres.query(f"SELECT 1 FROM pg_database WHERE datname = '{_safe(name)}'")
    return bool(rows)


def _safe(name):
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise say.Stop(f"{name!r} cannot be a database's name; use letters and digits.")
    return name


def template(kind):
    """Have a template and return its name."""
    name = name_of(kind)
    if exists(name):
        return name
    parent = template(PARENTS[kind]) if PARENTS[kind] else None
    # of each kind: those of two countries are built at the same time
    with place.locked(f"template_{kind}", place.state_dir()):
        if not exists(name):
            with say.step(f"Database template {kind}") as step:
                _build(kind, name, parent, step)
    return name


def warnings(kind):
    """Warnings that were logged while a template was built, one a line."""
    path = _log_file(name_of(kind))
    return install_log.warnings(path) if path.is_file() else []


def _log_file(name):
    return place.private_dir(place.state_dir() / "logs") / f"{name}.log"


def _build(kind, name, parent, step):
    draft = f"{name}_draft"
    drop(draft)
    if parent:
        copy(parent, draft)
    log = _log_file(name)
    log.unlink(missing_ok=True)
    if kind == "deps":
        install_log.install(draft, addons.dependencies(), log, step)
    elif kind in COUNTRIES:
        more = {
            "XPYME_COUNTRY": COUNTRIES[kind],
            "XPYME_ADDONS": ",".join(_local_dependencies(kind)),
        }
        install_log.script(draft, LOCALIZE, log, step, **more)
    else:
        country = {"XPYME_TEST_COUNTRY": "CL"} if kind == "family_cl" else {}
        with own_demo(draft, kind == "family_demo"):
            install_log.install(draft, _addons_of(kind), log, step, **country)
        if kind == "family_demo":
            install_log.script(draft, BUNDLES, log, step)
        set_hash(draft)
    _drop_older(kind)
    _rename(draft, name)


@contextmanager
def own_demo(database, wanted=True):
    """Let the family's demo data in, and nobody else's.

    Odoo loads the demo data of an addon that it installs if everything that the addon
    depends on has the mark; the mark is taken back so that an update of a dependency
    does not load its demo data.
    """
    ours = ", ".join(f"'{name}'" for name in addons.family()) or "''"
    others = f"name NOT IN ({ours})"
    mark = "UPDATE ir_module_module SET demo = %s WHERE " + others
    if wanted:
        postgres.query(mark % "(state = 'installed')", database)
    yield
    if wanted:
        postgres.query(mark % "false", database)


def set_hash(database):
    """Note in a database which content of the family is installed in it."""
    value = addons.content_hash()
    postgres.query(
        "INSERT INTO ir_config_parameter (key, value) "
        f"VALUES ('{HASH_PARAMETER}', '{value}') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        database,
    )


def get_hash(database):
    statement = "SELECT value FROM ir_config_parameter WHERE key = "
    rows = postgres.query(f"{statement}'{HASH_PARAMETER}'", database)
    return rows[0][0] if rows else None


def installed(database):
    """Names of the addons that are installed in a database."""
    rows = postgres.query(
        "SELECT name FROM ir_module_module WHERE state = 'installed'", database
    )
    return {row[0] for row in rows}


def clone(kind, name):
    """Make a database from a template; one of that name is replaced."""
    origin = template(kind)
    drop(name)
    copy(origin, name)
    return name


def copy(origin, name):
    """Copy a database and its files; nobody may be using it."""
    version = int(postgres.query("SHOW server_version_num")[0][0])
    strategy = " STRATEGY FILE_COPY" if version >= 150000 else ""
    postgres.wait_until_free(origin)
    postgres.query(f'CREATE DATABASE "{_safe(name)}" TEMPLATE "{origin}"{strategy}')
    files = odoo.filestore(origin)
    if files.is_dir():
        # Odoo never changes a stored file, so the copies may share them
        shutil.copytree(files, odoo.filestore(name), copy_function=os.link)


def _rename(origin, name):
    postgres.wait_until_free(origin)
    # files may be left of a cluster that was made anew
    shutil.rmtree(odoo.filestore(name), ignore_errors=True)
    if odoo.filestore(origin).is_dir():
        odoo.filestore(origin).rename(odoo.filestore(name))
    postgres.query(f'ALTER DATABASE "{origin}" RENAME TO "{name}"')


def drop(name):
    """Remove a database and its files, if they are there."""
    postgres.query(f'DROP DATABASE IF EXISTS "{_safe(name)}" WITH (FORCE)')
    shutil.rmtree(odoo.filestore(name), ignore_errors=True)


def _drop_older(kind):
    """Remove the templates of a kind that have been replaced."""
    pattern = rf"{_prefix(kind)}[0-9a-f]{{8}}"
    for (name,) in postgres.query("SELECT datname FROM pg_database"):
        if re.fullmatch(pattern, name):
            drop(name)
            _log_file(name).unlink(missing_ok=True)
