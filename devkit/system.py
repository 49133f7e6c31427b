"""Programs of the system: Chromium for browser tests and wkhtmltopdf for PDF."""

import os
import shutil
import subprocess

from . import process, say

WANTED = {
    "chromium": ("chromium", "chromium-browser", "google-chrome-stable"),
    "wkhtmltopdf": ("wkhtmltopdf",),
}


def find(name):
    """Path of a program, or None."""
    for candidate in WANTED[name]:
        found = shutil.which(candidate)
        if found:
            return found
    return None


def missing():
    return [name for name in WANTED if not find(name)]


def advice():
    """One sentence that says what to install, or None."""
    lacking = missing()
    if not lacking:
        return None
    names = " and ".join(lacking)
    command = f"apt-get install --no-install-recommends {' '.join(lacking)}"
    return f"Install {names} with your system's package manager (on Debian: {command})."


def ensure(step):
    """Install what is missing where that is possible: as root on Debian.

    :return: the sentence for a person where it is not
    """
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        step.note("reading the package lists")
        subprocess.run(
            ["apt-get", "update"], env=environment, capture_output=True, check=False
        )
        step.note(f"installing {' and '.join(missing())}")
        command = ["apt-get", "install", "-y", "--no-install-recommends"]
        command += ["-o", "DPkg::Lock::Timeout=120", *missing()]
        try:
            process.run(command, "Installing system programs", env=environment)
        except say.Stop as failure:
            return f"{failure} {advice()}"
    return advice()
