"""What hosts of a shop have on their disks, and how their services run."""

import re
import shutil
import sys
from pathlib import Path

from devkit import addons, debian, hosts, odoo, place, python_env

DEPLOY = place.ROOT / "deploy"
# Where the files look for their parts; what is written on one host no other one sees.
IMAGE = """
mount -t tmpfs tmpfs /srv
mkdir /srv/xpyme /srv/odoo /srv/oca /srv/venv /srv/source /srv/python /srv/compiled
mount --bind {compiled} /srv/compiled
mount --bind {oca} /srv/oca
mount --bind {venv} /srv/venv
mount --bind {source} /srv/source
{overlay}
mkdir /mnt/odoo /etc/xpyme
mount --bind {folder}/files /mnt/odoo
cp {deploy}/odoo.conf {deploy}/*.env {deploy}/pg_service.conf /etc/xpyme
cp -r {folder}/tls /etc/xpyme
cat {folder}/hosts >>/etc/hosts
for file in passwd group; do
    sed -i '/^odoo:/d; /^postgres:/d' /etc/$file
    cat {folder}/$file >>/etc/$file
done
for place in /tmp /run /var/log /var/lib/nginx; do
    if [ -d $place ]; then mount -t tmpfs tmpfs $place; fi
done
"""
DEBIAN_ODOO = """
ln -s /srv/source/{library}/odoo /srv/odoo/odoo
cp /srv/source/usr/bin/odoo /srv/odoo/odoo-bin
ln -s odoo/addons /srv/odoo/addons
"""
# A Python in somebody's home, where the service's user may not go.
OPEN_PYTHON = """
mount --bind {base} /srv/python
mount -t tmpfs -o mode=755 tmpfs {closed}
mkdir -p {base}
mount --bind /srv/python {base}
"""
ROLLING = """
from odoo import fields, models

class ResPartner(models.Model):
    _inherit = "res.partner"

    rolling_note = fields.Char()
"""
# A unit's process, which asks the program to end when it is asked to itself.
UNIT = "/tmp/unit"
LOOP = """
trap 'trap - TERM; kill -TERM $!; wait $!; exit' TERM
echo $$ >{unit}
while :; do
    ({ExecStartPre} && exec {ExecStart} {more}) & wait $!
    sleep {RestartSec} & wait $!
done
"""


def get_script(folder, compiled):
    """What a shell of a new host does, so that files are where ``deploy/`` looks.

    :param folder: of the cluster
    :param compiled: takes what Python compiles
    """
    own = odoo.own_source()
    text = IMAGE.format(
        overlay=hosts.OVERLAY,
        folder=folder,
        deploy=DEPLOY,
        source=own or debian.home(),
        oca=python_env.oca_home(),
        venv=python_env.venv_home(),
        compiled=compiled,
    )
    for name in ("deploy", *addons.family()):
        target = f"/srv/xpyme/{name}"
        text += f"mkdir {target}\nmount --bind {place.ROOT / name} {target}\n"
    if own:
        text += "mount --bind /srv/source /srv/odoo\n"
    else:
        text += DEBIAN_ODOO.format(library=debian.LIBRARY)
    base = Path(sys.base_prefix)
    closed = [p for p in (*base.parents, base) if not p.stat().st_mode & 1]
    if closed:
        text += OPEN_PYTHON.format(base=base, closed=min(closed))
    return text


def make_new_version(folder):
    """Folder of a version of our first addon to come, which has one field more."""
    addon = folder / "new" / "xpyme_contacts"
    shutil.copytree(place.ROOT / addon.name, addon)
    manifest = addon / "__manifest__.py"
    version = re.compile(r'(?<="version": ")[^"]+')
    manifest.write_text(version.sub("19.0.9.9.0", manifest.read_text()))
    (addon / "models" / "rolling.py").write_text(ROLLING)
    with (addon / "models" / "__init__.py").open("a") as models:
        models.write("from . import rolling\n")
    return addon


class Unit:
    """A systemd unit of ours, for machines whose first process is another one.

    :param more: options of Odoo beside those of the files
    """

    def __init__(self, kind, more=""):
        text = (DEPLOY / "systemd" / f"xpyme-{kind}.service").read_text()
        options = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
        self.user = options["User"]
        name = Path(options["EnvironmentFile"]).name
        lines = (DEPLOY / name).read_text().splitlines()
        self.environment = dict(
            line.split("=", 1) for line in lines if "=" in line and line[0] != "#"
        )
        # $XPYME_OPTIONS are several words to a shell as they are to systemd.
        self.loop = LOOP.format(**options, unit=UNIT, more=more)
