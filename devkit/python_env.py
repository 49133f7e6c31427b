"""The virtual environment and the OCA addons, from the locked versions."""

import os
import re
import shutil
import subprocess
import sys

from . import place, process, say

LOCK = place.ROOT / "lock" / "python.txt"
OCA_LOCK = place.ROOT / "lock" / "oca.txt"
OLDEST = (3, 10)


def venv_home():
    version = ".".join(map(str, sys.version_info[:3]))
    key = place.digest(LOCK, version, _base_python())
    return place.cache_dir() / f"venv-{key}"


def oca_home():
    return place.cache_dir() / f"oca-{place.digest(OCA_LOCK)}"


def oca_addons():
    return oca_home() / "odoo" / "addons"


def python():
    return venv_home() / "bin" / "python"


def site_packages():
    return next(venv_home().glob("lib/python3*/site-packages"))


def patched_wkhtmltopdf():
    """The build on a patched Qt, in a folder that can be put on PATH."""
    return venv_home() / "wkhtmltopdf-patched" / "wkhtmltopdf"


def check_version():
    if sys.version_info < OLDEST:
        have, want = (".".join(map(str, v[:2])) for v in (sys.version_info, OLDEST))
        raise say.Stop(
            f"Odoo 19 needs Python {want} or newer, this is {have}; "
            f"start with another one, e.g. python3.12 ./dev setup."
        )


def ensure_venv(step):
    """Make the virtual environment, once for each lock file and Python."""
    final = venv_home()
    if final.is_dir():
        return
    with place.fresh_dir(final) as part:
        uv = _uv(step)
        step.note("installing the locked packages")
        if uv:
            _uv_venv(uv, part)
        else:
            _pip_venv(part)
        patched = part / "wkhtmltopdf-patched"
        patched.mkdir()
        (patched / "wkhtmltopdf").symlink_to("../bin/wkhtmltopdf-pack")
    place.drop_older(final, "venv-*", place.SHARED_DAYS)


def ensure_oca(step):
    """Unpack the OCA addons, once for each lock file."""
    final = oca_home()
    if final.is_dir():
        return
    with place.fresh_dir(final) as part:
        step.note("installing the locked addons")
        wanted = ["-r", OCA_LOCK]
        install_into(part, wanted, "Installing the OCA addons", step)
    place.drop_older(final, "oca-*", place.SHARED_DAYS)


def install_into(folder, wanted, purpose, step):
    """Unpack packages into a folder, without what they depend on."""
    where = ["--no-deps", "--target", folder, *wanted]
    uv = _uv(step)
    if uv:
        where += ["--python", python()]
        process.run([uv, "pip", "install", *where], purpose, env=_uv_environment())
    else:
        process.run([python(), "-m", "pip", "install", *where], purpose)


def _base_python():
    """The interpreter behind this one, also when ``./dev`` runs inside a venv."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def _uv_venv(uv, folder):
    environment = _uv_environment()
    options = ("--relocatable", "--allow-existing")
    process.run(
        [uv, "venv", *options, "--python", _base_python(), folder],
        "Making the virtual environment",
        env=environment,
    )
    process.run(
        [uv, "pip", "install", "--python", folder / "bin" / "python", "-r", LOCK],
        "Installing the Python packages",
        env=environment,
    )


def _pip_venv(folder):
    """What pip does more slowly where uv cannot be had."""
    process.run(
        [_base_python(), "-m", "venv", folder],
        "Making the virtual environment (the system's python3-venv package is needed)",
    )
    process.run(
        [folder / "bin" / "python", "-m", "pip", "install", "-r", LOCK],
        "Installing the Python packages",
    )


def _uv(step):
    """Path of uv: the machine's own, or one fetched into the cache, or None."""
    found = shutil.which("uv")
    if found:
        return found
    home = place.cache_dir() / "uv"
    if not home.is_dir():
        step.note("fetching uv")
        with place.fresh_dir(home) as part:
            target = ["install", "--target", str(part), "uv"]
            command = [_base_python(), "-m", "pip", *target]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode and "No module named pip" in done.stderr:
                _uv_by_venv(part)
            elif done.returncode:
                return None
    return home / "bin" / "uv"


def _uv_by_venv(part):
    """A Python without pip of its own may still make an environment that has it."""
    helper = part / "helper"
    advice = "Fetching uv (install uv, or the system's python3-venv package)"
    process.run([_base_python(), "-m", "venv", helper], advice)
    target = ["install", "--target", part, "uv"]
    process.run([helper / "bin" / "python", "-m", "pip", *target], advice)
    shutil.rmtree(helper)


def _uv_environment():
    """The environment for uv, with what pip is told about indexes and certificates."""
    settings = _pip_settings()
    told = {
        "UV_DEFAULT_INDEX": settings.get("index-url"),
        "UV_INDEX": settings.get("extra-index-url"),
        "UV_FIND_LINKS": ",".join(settings.get("find-links", "").split()),
        "UV_INSECURE_HOST": settings.get("trusted-host"),
        "SSL_CERT_FILE": settings.get("cert"),
        # pip looks at all indexes alike
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_PYTHON_DOWNLOADS": "never",
    }
    own = {name: value for name, value in told.items() if value}
    return {**own, **os.environ}


def _pip_settings():
    """pip's configuration files and variables, the last word of each setting."""
    done = subprocess.run(
        [_base_python(), "-m", "pip", "config", "list"], capture_output=True, text=True
    )
    found = re.findall(r"^([\w:.-]+)\.([\w-]+)='(.*)'$", done.stdout, re.M)
    rank = {"global": 0, "site": 1, "user": 2, "install": 3, ":env:": 4}
    found.sort(key=lambda entry: rank.get(entry[0], 0))
    return {name: value.replace("\\n", " ").strip() for _scope, name, value in found}


def locked_version(package):
    """Version of a package in the lock file."""
    found = re.search(rf"^{re.escape(package)}==(\S+)", LOCK.read_text(), re.M)
    return found.group(1)
