"""The addons as wheels: built, installed beside Odoo and found by it."""

import os
import site
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

from devkit import addons, database, odoo, place, postgres, process, python_env

FAMILY = addons.family()
SERIES = "19.0"
LOCKS = (python_env.LOCK, python_env.OCA_LOCK)


class Venv:
    """A virtual environment of its own, with Odoo and nothing of this checkout.

    Odoo and the locked packages are those of ``./dev``, linked by a ``.pth`` file:
    pip takes them for installed.
    """

    def __init__(self, folder):
        self.folder = folder
        process.run(
            [_base_python(), "-m", "venv", folder],
            "Making a venv (python3-venv)",
            env=_environment(),
        )
        self.python = folder / "bin" / "python"
        self.site_packages = next(folder.glob("lib/python3*/site-packages"))
        self.library, self.script = odoo.source()
        linked = (*site.getsitepackages(), self.library)
        text = "".join(f"{path}\n" for path in linked)
        (self.site_packages / "odoo.pth").write_text(text)
        self._declare_odoo()
        self._write_conf()

    def _declare_odoo(self):
        """Debian's package says that Odoo is installed; a source tree does not."""
        if not list(self.library.glob("odoo-*.egg-info")):
            info = self.site_packages / f"odoo-{SERIES}.dist-info"
            info.mkdir()
            text = f"Metadata-Version: 2.1\nName: odoo\nVersion: {SERIES}\n"
            (info / "METADATA").write_text(text)

    def _write_conf(self):
        """The checkout's configuration, without its addons and those of OCA."""
        own = self.library / "addons"
        lines = [
            f"addons_path = {own if own.is_dir() else ''}"
            if line.startswith("addons_path")
            else line
            for line in odoo.conf_file().read_text().splitlines()
        ]
        self.conf = self.folder / "odoo.conf"
        self.conf.touch(mode=0o600)
        self.conf.write_text("\n".join(lines))

    @property
    def environment(self):
        return {**_environment(), "ODOO_RC": str(self.conf)}

    def run(self, *arguments, purpose):
        command = [self.python, *arguments]
        return process.run(command, purpose, env=self.environment, cwd=self.folder)

    def pip(self, *arguments):
        options = ("--disable-pip-version-check", "--no-input", "--quiet")
        return self.run("-m", "pip", *arguments, *options, purpose="pip")


def _environment():
    """Without what leads to the checkout; what is compiled here stays here."""
    own = {**os.environ, **postgres.environment(), "PYTHONDONTWRITEBYTECODE": "1"}
    for name in ("PYTHONPATH", "PYTHONPYCACHEPREFIX", "PGDATABASE", "VIRTUAL_ENV"):
        own.pop(name, None)
    return own


def _base_python():
    return getattr(sys, "_base_executable", None) or sys.executable


@pytest.fixture(scope="module")
def venv(tmp_path_factory):
    return Venv(tmp_path_factory.mktemp("wheel") / "venv")


@pytest.fixture(scope="module")
def wheels(venv, lab):
    """``{addon: wheel}``, built from the checkout by the locked build program."""
    target = venv.folder / "dist"
    options = ("--no-deps", "--no-build-isolation", "--wheel-dir", target)
    venv.pip("wheel", *(lab.root / addon for addon in FAMILY), *options)
    built = {path.name.partition("-")[0]: path for path in target.glob("*.whl")}
    return {addon: built[f"odoo_addon_{addon}"] for addon in FAMILY}


@pytest.fixture(scope="module")
def installed(venv, wheels):
    """The wheels and what they depend on, in the versions of the lock files."""
    constraints = [part for lock in LOCKS for part in ("--constraint", lock)]
    venv.pip("install", *wheels.values(), *constraints)
    return venv


@pytest.fixture(params=FAMILY)
def addon(request):
    return request.param


def metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return HeaderParser().parsestr(archive.read(name).decode())


def test_the_wheel_names_what_the_addon_depends_on(wheels, addon):
    found = metadata(wheels[addon])
    manifest = addons.manifest(place.ROOT / addon)
    assert found["Name"] == f"odoo-addon-{addon}"
    assert found["Version"].startswith(manifest["version"])
    assert found["License"] == "AGPL-3"
    others = {path.name for path in python_env.oca_addons().iterdir()} | set(FAMILY)
    wanted = {
        f"odoo-addon-{name}=={SERIES}.*" for name in others & set(manifest["depends"])
    }
    wanted |= set(manifest.get("external_dependencies", {}).get("python", ()))
    assert set(found.get_all("Requires-Dist")) == wanted | {f"odoo=={SERIES}.*"}


def test_the_wheel_holds_all_of_the_addon(wheels, addon):
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=place.ROOT / addon, capture_output=True)
    if listed.returncode:
        pytest.skip("this is no checkout of git")
    names = {name for name in listed.stdout.decode().split("\0") if name}
    with zipfile.ZipFile(wheels[addon]) as archive:
        start = f"odoo/addons/{addon}/"
        found = {n.removeprefix(start) for n in archive.namelist() if start in n}
    assert found == names - {"pyproject.toml"}


def test_the_locked_versions_are_installed(installed):
    locked = {
        text.replace("_", "-") for text in python_env.OCA_LOCK.read_text().split()
    }
    output = installed.run("-m", "pip", "freeze", purpose="pip")
    lines = {text.replace("_", "-") for text in output.splitlines()}
    of_oca = {text for text in lines if text.startswith("odoo-addon-")}
    of_oca -= {text for text in of_oca if "xpyme" in text}
    assert of_oca
    assert of_oca <= locked


@pytest.fixture(scope="module")
def found(installed):
    """``{addon: folder}`` where Odoo finds it."""
    code = (
        "from odoo.tools import config; config.parse_config([]);"
        "from odoo.modules import Manifest;"
        f"print(*(Manifest.for_addon(name).path for name in {FAMILY}), sep='\\n')"
    )
    lines = installed.run("-c", code, purpose="Odoo").splitlines()
    return dict(zip(FAMILY, lines[-len(FAMILY) :], strict=True))


def test_odoo_finds_the_addon_where_it_was_installed(installed, found, addon):
    assert Path(found[addon]) == installed.site_packages / "odoo" / "addons" / addon


@pytest.mark.long
def test_odoo_installs_the_family(installed, lab):
    with lab.database("wheel", template="deps") as db:
        names = ",".join(FAMILY)
        arguments = ("-d", db, "-i", names, "--no-http", "--stop-after-init")
        installed.run(installed.script, *arguments, purpose="Odoo")
        assert set(FAMILY) <= database.installed(db)
