"""Odoo itself: where it is, its configuration, and running its command line."""

import os
import re
import subprocess
from pathlib import Path

from . import debian, place, postgres, process, python_env, say

CONF = """[options]
addons_path = {addons}
data_dir = {data}
{database}
http_interface = 127.0.0.1
unaccent = True
limit_time_cpu = 3600
limit_time_real = 3600
limit_memory_soft = 8589934592
limit_memory_hard = 12884901888
"""


def source():
    """Folder that holds the Python package ``odoo``, and the script that starts it."""
    own = own_source()
    if own:
        return own, own / "odoo-bin"
    home = debian.home()
    return home / debian.LIBRARY, home / "usr" / "bin" / "odoo"


def own_source():
    """The person's own Odoo tree, if there is one."""
    own = os.environ.get("ODOO_SOURCE")
    return Path(own).expanduser().resolve() if own else None


def check_own_source():
    """Stop with a sentence if it is not an Odoo of the right version."""
    folder, script = source()
    release = folder / "odoo" / "release.py"
    if not release.is_file() or not script.is_file():
        raise say.Stop(f"ODOO_SOURCE={folder} is not an Odoo source tree.")
    found = re.search(r"version_info = \((\d+), (\d+)", release.read_text())
    version = ".".join(found.groups()) if found else "unknown"
    if version != debian.SERIES:
        raise say.Stop(
            f"ODOO_SOURCE={folder} is Odoo {version}; Odoo {debian.SERIES} is needed."
        )


def source_key():
    """Text that changes when Odoo does."""
    own = own_source()
    return str(own) if own else (debian.home() / "version").read_text()


def conf_file(root=place.ROOT):
    """The configuration for the addons of this checkout, or of another one."""
    name = "odoo" if root == place.ROOT else f"odoo-{place.digest(str(root))}"
    return place.state_dir() / f"{name}.conf"


def data_dir():
    return place.state_dir() / "data"


def filestore(database):
    return data_dir() / "filestore" / database


def write_conf(root=place.ROOT):
    """Write odoo.conf; every value follows from where things are."""
    paths = [root, python_env.oca_addons()]
    community = source()[0] / "addons"
    if community.is_dir():
        paths.append(community)
    if any("," in str(path) for path in paths):
        raise say.Stop("Odoo cannot read addons from a path with a comma; move it.")
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user"}
    names["PGPASSWORD"] = "password"
    settings = postgres.environment()
    database = [
        f"db_{names[name]} = {value}"
        for name, value in settings.items()
        if name in names
    ]
    text = CONF.format(
        addons=",".join(map(str, paths)),
        data=place.private_dir(data_dir()),
        database="\n".join(database),
    )
    path = conf_file(root)
    if not path.is_file() or path.read_text() != text:
        path.touch(mode=0o600)
        path.write_text(text)


def environment(root=place.ROOT):
    """Environment of Odoo and of everything that imports it.

    :param root: the checkout whose code is run
    """
    library, _script = source()
    found = {
        **os.environ,
        **postgres.environment(),
        "ODOO_RC": str(conf_file(root)),
        "PYTHONPATH": os.pathsep.join([str(library), str(root)]),
        # Odoo is compiled once, and nothing is left among the sources
        "PYTHONPYCACHEPREFIX": str(place.cache_dir() / "compiled"),
    }
    # Odoo would take PGDATABASE for -d
    for name in ("PGDATABASE", "PYTHONDONTWRITEBYTECODE"):
        found.pop(name, None)
    return found


def command(*arguments):
    """Odoo's command line as a list for subprocess."""
    _library, script = source()
    return [str(part) for part in (python_env.python(), script, *arguments)]


def run(*arguments, purpose, code=None, check=True, env=None):
    """Run Odoo's command line to its end and return all that it printed.

    :param code: Python text for its standard input (``odoo shell``)
    """
    done = subprocess.run(
        command(*arguments),
        input=code if code is not None else "",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**environment(), **(env or {})},
    )
    if check and done.returncode:
        raise say.Stop(f"{purpose} failed: {process.last_words(done.stdout)}")
    return done.stdout
