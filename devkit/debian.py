"""Odoo 19 from Debian's unstable suite, unpacked into the cache.

Nothing is installed into the system and root is not needed: apt works with private
lists that copy the machine's own Debian source, so its mirror, keys and proxies hold.
"""

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from . import place, process, say

SERIES = "19.0"
SUITE = "sid"
# The web client needs Font Awesome 4.7 (with fontawesome-webfont.*): sid has 7.x.
FONT_SUITE = "bookworm"
PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    f"fonts-font-awesome/{FONT_SUITE}",
)
LIBRARY = Path("usr/lib/python3/dist-packages")
# Left out of the package; without it the backend's assets log an error in the browser.
LEFT_OUT = ("odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js",)
OTHER_WAY = (
    "set ODOO_SOURCE to the folder of an Odoo 19.0 source tree of your own instead."
)


def home():
    return place.cache_dir() / f"odoo-{place.digest(*PACKAGES, *LEFT_OUT)}"


def ensure(step):
    """Unpack Odoo into the cache, once."""
    final = home()
    if final.is_dir():
        return final
    for program in ("apt-get", "apt-cache", "dpkg"):
        process.need(program, f"{program} was not found here; {OTHER_WAY}")
    with place.fresh_dir(final) as part, _private_apt() as apt:
        step.note("reading the package lists")
        listing = apt("apt-get", "update")
        version = _candidate(apt, listing)
        for names in (PACKAGES[:1], PACKAGES[1:]):
            step.note(f"downloading {names[0]} and {len(names) - 1} more")
            _unpack(apt, names, part, step)
        _repair(part)
        (part / "version").write_text(f"{version}\n")
    place.drop_older(final, "odoo-*", place.SHARED_DAYS)
    return final


def _candidate(apt, listing):
    """Version of Odoo that the suite offers; anything but 19.0 stops here."""
    found = re.search(r"Candidate: (\S+)", apt("apt-cache", "policy", "odoo-19"))
    version = found.group(1) if found else "(none)"
    if version.startswith(f"{SERIES}."):
        return version
    if version == "(none)":
        names = re.findall(
            r"^odoo-\d+", apt("apt-cache", "search", "--names-only", "^odoo"), re.M
        )
        if not names and re.search(r"^(Err|E|W):", listing, re.M):
            raise say.Stop(
                f"Debian's package lists could not be read "
                f"({process.last_words(listing, 1)}); check the network, or {OTHER_WAY}"
            )
        version = ", ".join(names) or "no Odoo"
    raise say.Stop(
        f"Debian's suite {SUITE} offers {version}, Odoo {SERIES} is needed; {OTHER_WAY}"
    )


def _unpack(apt, names, root, step):
    with tempfile.TemporaryDirectory(dir=root) as folder:
        output = apt("apt-get", "download", *names, cwd=folder)
        debs = sorted(Path(folder).glob("*.deb"))
        if len(debs) < len(names):
            said = process.last_words(output)
            raise say.Stop(f"The download of {' '.join(names)} failed: {said}")
        for deb in debs:
            step.note(f"unpacking {deb.name}")
            process.run(["dpkg", "-x", deb, root], f"Unpacking {deb.name}")


def _repair(root):
    """Drop what is in the package twice and add what was left out of it."""
    library = root / LIBRARY
    for double in ("addons", "doc", "setup"):
        shutil.rmtree(library / double, ignore_errors=True)
    for name in LEFT_OUT:
        path = library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


@contextmanager
def _private_apt():
    """Yield a function that runs apt programs on private lists of two suites."""
    home = place.private_dir(place.cache_dir())
    place.remove_all(home, "apt.part-*")
    with tempfile.TemporaryDirectory(prefix="apt.part-", dir=home) as folder:
        yield partial(_apt, _apt_options(Path(folder)))


def _apt_options(base):
    """Options that keep apt inside a folder, with the machine's own Debian source."""
    for name in ("parts", "lists/partial", "cache/archives/partial"):
        (base / name).mkdir(parents=True)
    suffix, text = debian_source()
    (base / "parts" / f"debian.{suffix}").write_text(text)
    options = {
        "Dir::Etc::SourceList": "/dev/null",
        "Dir::Etc::SourceParts": base / "parts",
        "Dir::State::Lists": base / "lists",
        "Dir::Cache": base / "cache",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "APT::Sandbox::User": "root",
    }
    return [text for name in options for text in ("-o", f"{name}={options[name]}")]


def _apt(options, program, *arguments, cwd=None):
    """What an apt program prints; whether it worked is seen from what is there then."""
    done = subprocess.run(
        [program, *options, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd=cwd,
        env={**os.environ, "LC_ALL": "C"},
    )
    return done.stdout


def debian_source(etc=Path("/etc")):
    """The machine's own Debian source, rewritten for the suites that are needed.

    :return: the file's suffix and its text
    """
    codename = _codename(etc)
    folder = etc / "apt" / "sources.list.d"
    for path in sorted(folder.glob("*.sources")):
        for stanza in re.split(r"\n\s*\n", path.read_text()):
            found = _deb822(stanza, codename)
            if found:
                return "sources", found
    for path in [etc / "apt" / "sources.list", *sorted(folder.glob("*.list"))]:
        found = _one_line(path.read_text() if path.is_file() else "", codename)
        if found:
            return "list", found
    raise say.Stop(f"No Debian package source was found in {etc}/apt; {OTHER_WAY}")


def _codename(etc):
    release = etc / "os-release"
    text = release.read_text() if release.is_file() else ""
    values = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', text, re.M))
    if values.get("ID") != "debian":
        name = values.get("PRETTY_NAME", "This system")
        raise say.Stop(f"{name} is not Debian, so Odoo's package is out; {OTHER_WAY}")
    return values.get("VERSION_CODENAME", SUITE)


def _deb822(stanza, codename):
    lines = [text for text in stanza.splitlines() if not text.startswith("#")]
    stanza = "\n".join(lines)
    fields = dict(re.findall(r"^([\w-]+):[ \t]*(.*)$", stanza, re.M))
    suites = fields.get("Suites", "").split()
    if fields.get("Enabled", "yes") == "no" or codename not in suites:
        return None
    stanza = re.sub(r"(?m)^Suites:.*$", f"Suites: {SUITE} {FONT_SUITE}", stanza)
    stanza = re.sub(r"(?m)^Components:.*$", "Components: main", stanza)
    return re.sub(r"(?m)^Types:.*$", "Types: deb", stanza).strip() + "\n"


def _one_line(text, codename):
    pattern = rf"^deb\s+(\[[^\]]*\]\s+)?(\S+)\s+{re.escape(codename)}\s"
    found = re.search(pattern, text, re.M)
    if not found:
        return None
    start = f"deb {found.group(1) or ''}{found.group(2)}"
    return f"{start} {SUITE} main\n{start} {FONT_SUITE} main\n"
