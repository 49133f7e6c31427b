"""A shop on several hosts, set up with the very files of ``deploy/``.

Two hosts for people and two for scheduled actions, PostgreSQL with a role that is no
superuser, nginx. Where the files name a folder, a host has it there; what the machine
is too small for, such as the number of workers, is said in addition to the files.
"""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import psycopg2
import requests

from devkit import addons, debian, hosts, odoo, place, postgres, python_env
from tests.clients import Browser

DEPLOY = place.ROOT / "deploy"
IN_SHELL = Path(__file__).parent / "in_shell"
WEBS = ("web1.internal", "web2.internal")
LANES = ("lane1.internal", "lane2.internal")
NAMES = ("people", "proxy", "smtp.internal", "db.internal", *WEBS, *LANES)
STANDBY = "db2.internal"
DATABASE = "shop"
# Fewer than in the files: all hosts share the processors of one machine.
WORKERS = 2
CRONS = 2
MORE = {
    "web": f"--workers={WORKERS}",
    "lane": f"--workers=1 --max-cron-threads={CRONS}",
}
USERS = {"odoo": 64101, "postgres": 64102}
START_LIMIT = 180
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
NGINX = """
user odoo;
error_log /var/log/nginx.log;
pid /run/nginx.pid;
events {}
http {
    access_log off;
    include /srv/xpyme/deploy/nginx/xpyme.conf;
}
"""
KEEPALIVES = "sysctl -q -p /srv/xpyme/deploy/nginx/sysctl.conf"
POSTGRESQL = """
listen_addresses = '*'
unix_socket_directories = '{folder}/socket'
include '/srv/xpyme/deploy/postgresql/xpyme.conf'
"""
LISTENING = """
    SELECT host(client_addr), count(*) FROM pg_stat_activity
     WHERE datname = 'postgres' AND client_addr IS NOT NULL
     GROUP BY client_addr
"""
HBA = f"""
local all all trust
host all odoo {hosts.PREFIX}.0/24 scram-sha-256
host replication postgres {hosts.PREFIX}.0/24 trust
"""


def missing():
    """One sentence that says why there can be no cluster here, or None."""
    lacking = [name for name in ("nginx", "openssl") if not _find(name)]
    if lacking:
        return f"{' and '.join(lacking)} is not installed here"
    return hosts.missing()


def _find(program):
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")


@contextmanager
def running(lab, sink, customers):
    """The cluster at work, and this thread among the people who use it.

    :param sink: the mail server
    :param customers: how many get an offer
    """
    # Not in pytest's folder: other users have to go there.
    folder = Path(tempfile.mkdtemp(prefix="xpyme-hosts-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        with hosts.Network([*NAMES, STANDBY]) as network:
            cluster = Cluster(lab, network, folder)
            began = time.monotonic()
            cluster.furnish(customers)
            furnished = time.monotonic()
            cluster.start()
            started = time.monotonic()
            with cluster.at_work(sink):
                moments = (began, furnished, started, time.monotonic())
                spent = [f"{b - a:.0f} s" for a, b in pairwise(moments)]
                print("furnished, restored, up:", *spent)
                yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Unit:
    """A systemd unit of ours, for machines whose first process is another one."""

    def __init__(self, kind):
        text = (DEPLOY / "systemd" / f"xpyme-{kind}.service").read_text()
        options = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
        self.user = options["User"]
        name = Path(options["EnvironmentFile"]).name
        lines = (DEPLOY / name).read_text().splitlines()
        self.environment = dict(
            line.split("=", 1) for line in lines if "=" in line and line[0] != "#"
        )
        # $XPYME_OPTIONS are several words to a shell as they are to systemd.
        work = f"{options['ExecStartPre']} && {options['ExecStart']} {MORE[kind]}"
        self.loop = f"while :; do {work}; sleep {options['RestartSec']}; done"


class Cluster:
    """The hosts by name, and what they have in common."""

    def __init__(self, lab, network, folder):
        self.lab, self.network, self.folder = lab, network, folder
        self.hosts = {}
        self.addresses = network.addresses
        self.logs = place.private_dir(place.state_dir() / "logs")
        # Of earlier runs: a service that may not write beside its code compiles it anew
        # at each start.
        self._compiled = place.private_dir(place.state_dir() / "compiled")
        os.chown(self._compiled, USERS["odoo"], USERS["odoo"])
        self._socket = folder / "socket"
        self._password = secrets.token_hex(8)
        self._programs = postgres.server_programs()

    def __getitem__(self, name):
        return self.hosts[name]

    # --- the database, as a person moves one there

    def furnish(self, customers):
        """A backup of a shop, and what the hosts share beside it."""
        names = ("furnish_offers.py", "furnish_hosts.py")
        code = "\n".join((IN_SHELL / name).read_text() for name in names)
        env = {"XPYME_CUSTOMERS": str(customers), "XPYME_SMTP_HOST": "smtp.internal"}
        with self.lab.database("hosts") as db:
            told = self.lab.shell(db, code, env={**env, "XPYME_SMTP_PORT": "25"})
            [found] = re.findall(r"^OFFERS (.*)$", told, re.MULTILINE)
            self.campaign = json.loads(found)["campaign"]
            env = {**odoo.environment(), "DATA_DIR": str(odoo.data_dir())}
            env["PATH"] = self._path
            self._call(DEPLOY / "bin" / "xpyme-backup", db, self._backup, env=env)
        for path in (self._backup, *self._backup.iterdir()):
            os.chown(path, USERS["odoo"], USERS["odoo"])

    @property
    def _backup(self):
        return self.folder / "backup"

    @property
    def _path(self):
        folders = (self._programs, "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin")
        return ":".join(map(str, folders))

    def _call(self, *command, env=None):
        command = [str(part) for part in command]
        done = subprocess.run(command, capture_output=True, text=True, env=env)
        assert done.returncode == 0, (command, done.stderr)

    # --- hosts

    def start(self):
        """Start all hosts, and their services."""
        self._prepare_folder()
        for name in NAMES:
            image = "" if name in ("people", "smtp.internal") else self._get_image()
            image += KEEPALIVES if name == "proxy" else ""
            self.hosts[name] = self.network.start_host(name, image)
        self._start_database()
        for name in (*WEBS, *LANES):
            self._get_log(name).unlink(missing_ok=True)
            self.start_service(name)
        path = self.folder / "nginx.conf"
        path.write_text(NGINX)
        nginx = (_find("nginx"), "-e", "stderr", "-c", path, "-g", "daemon off;")
        self["proxy"].run(*nginx, log=self._get_log("proxy"))

    def _prepare_folder(self):
        owners = {"files": "odoo", "home": "odoo", "socket": "postgres"}
        for name, user in {**owners, "data": "postgres", "tls": "odoo"}.items():
            (self.folder / name).mkdir()
            os.chown(self.folder / name, USERS[user], USERS[user])
        home = self.folder / "home"
        pgpass = home / ".pgpass"
        pgpass.write_text(f"db.internal:*:*:odoo:{self._password}\n")
        pgpass.chmod(0o600)
        os.chown(pgpass, USERS["odoo"], USERS["odoo"])
        files = {
            "hosts": [f"{self.addresses[name]} {name}" for name in NAMES],
            "passwd": [f"{u}:x:{n}:{n}::{home}:/bin/sh" for u, n in USERS.items()],
            "group": [f"{name}:x:{number}:" for name, number in USERS.items()],
        }
        for name, lines in files.items():
            (self.folder / name).write_text("\n".join([*lines, ""]))
        self._make_certificate()

    def _make_certificate(self):
        folder = self.folder / "tls"
        self.certificate = folder / "fullchain.pem"
        names = f"DNS:shop.example.com,IP:{self.addresses['proxy']}"
        command = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
        command += ["-subj", "/CN=shop.example.com", "-out", self.certificate]
        command += ["-addext", f"subjectAltName={names}"]
        self._call(_find("openssl"), *command, "-keyout", folder / "privkey.pem")

    def _get_image(self):
        own = odoo.own_source()
        text = IMAGE.format(
            overlay=hosts.OVERLAY,
            folder=self.folder,
            deploy=DEPLOY,
            source=own or debian.home(),
            oca=python_env.oca_home(),
            venv=python_env.venv_home(),
            compiled=self._compiled,
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

    def _get_log(self, name):
        return self.logs / f"host_{name.partition('.')[0]}.log"

    def _start_database(self):
        data = self.folder / "data"
        programs, env = self._programs, {"LANG": "C.UTF-8", "PATH": self._path}
        host = self["db.internal"]
        options = ("--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust")
        command = (programs / "initdb", "-D", data, *options)
        host.call(*command, user="postgres", env=env)
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(POSTGRESQL.format(folder=self.folder))
        (data / "pg_hba.conf").write_text(HBA)
        self.start_postgresql()
        role = f"CREATE ROLE odoo LOGIN CREATEDB PASSWORD '{self._password}'"
        self.rows(role, database="postgres")
        env |= {"PGHOST": str(self._socket), "PGUSER": "odoo"}
        restore = ("/srv/xpyme/deploy/bin/xpyme-restore", self._backup, DATABASE)
        host.call(*restore, user="odoo", env=env)
        # A person has looked what went out since the backup.
        self.rows(
            "UPDATE ir_cron SET active = TRUE WHERE cron_name LIKE 'Customers: send%%'"
        )

    def start_postgresql(self):
        self._pg_ctl("db.internal", "data", "-l", self.folder / "data" / "log", "start")

    def kill_postgresql(self):
        """As a power cut does: nothing is written to the end."""
        self._pg_ctl("db.internal", "data", "-m", "immediate", "stop")

    def _pg_ctl(self, name, data, *arguments):
        command = (self._programs / "pg_ctl", "-D", self.folder / data, "-w")
        env = {"LANG": "C.UTF-8", "PATH": self._path}
        self[name].call(*command, *arguments, user="postgres", env=env)

    def start_standby(self):
        """A host that follows the database, without making it wait."""
        host = self.network.start_host(STANDBY, self._get_image())
        self.hosts[STANDBY] = host
        for name in ("standby", "standby_socket"):
            (self.folder / name).mkdir(mode=0o700)
            os.chown(self.folder / name, USERS["postgres"], USERS["postgres"])
        (self.folder / "standby_socket").chmod(0o755)
        origin = ("-h", self.addresses["db.internal"], "-U", "postgres", "-R")
        copy = (self._programs / "pg_basebackup", "-D", self.folder / "standby")
        host.call(*copy, *origin, "-c", "fast", user="postgres")
        with (self.folder / "standby" / "postgresql.conf").open("a") as conf:
            conf.write(
                f"unix_socket_directories = '{self.folder / 'standby_socket'}'\n"
            )
        log = self.folder / "standby" / "log"
        self._pg_ctl(STANDBY, "standby", "-l", log, "start")

    def fail_over(self):
        """The database's host is lost, and the standby takes its place."""
        self._pg_ctl(STANDBY, "standby", "promote")
        self.network.give_address(self[STANDBY], self["db.internal"])
        self._socket = self.folder / "standby_socket"

    def start_service(self, name):
        unit = Unit("web" if name in WEBS else "lane")
        env = {"HOME": str(self.folder / "home"), "PATH": self._path}
        env |= {
            "LANG": "C.UTF-8",
            "PYTHONPYCACHEPREFIX": "/srv/compiled",
            **unit.environment,
        }
        log = self._get_log(name)
        self[name].run("sh", "-c", unit.loop, user=unit.user, env=env, log=log)

    def crash(self, name):
        """All that works on a host ends at once."""
        self[name].run("kill", "-9", "-1", user=USERS["odoo"]).wait()

    def read_log(self, name):
        return self._get_log(name).read_text(errors="replace")

    # --- people

    @contextmanager
    def at_work(self, sink):
        """Be among the people, once all hosts answer."""
        from tests import mail_sink

        post = self["smtp.internal"]
        with hosts.inside(post), mail_sink.serving(sink, self.addresses[post.name], 25):
            with hosts.inside(self["people"]):
                self.wait_for(*WEBS, *LANES)
                yield

    def wait_for(self, *names, limit=START_LIMIT):
        """Wait until hosts answer.

        :return: seconds
        """
        began = time.monotonic()
        for name in names:
            while not self._answers(name):
                waited = time.monotonic() - began
                assert waited < limit, f"{name} does not answer, see {self.logs}"
                time.sleep(0.2)
        return time.monotonic() - began

    def _answers(self, name):
        try:
            return requests.get(f"{self.url(name)}/web/login", timeout=5).ok
        except requests.RequestException:
            return False

    def wait_for_lanes(self, limit):
        """Wait until all processes for scheduled actions hear what there is to do."""
        began = time.monotonic()
        wanted = dict.fromkeys((self.addresses[name] for name in LANES), CRONS)
        while dict(self.rows(LISTENING)) != wanted:
            assert time.monotonic() - began < limit, "a lane host is not back"
            time.sleep(0.2)

    def url(self, name):
        """Of a host, or of the proxy."""
        address = self.addresses[name]
        return f"https://{address}" if name == "proxy" else f"http://{address}:8069"

    def sign_in(self, login="vendedora", name="proxy"):
        server = SimpleNamespace(url=self.url(name), database=DATABASE)
        return Browser(server, {"login": login, "password": login})

    def rows(self, query, *parameters, database=DATABASE):
        """What the database has, asked on its own host."""
        connection = psycopg2.connect(
            host=str(self._socket), user="postgres", dbname=database
        )
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            found = cursor.fetchall() if cursor.description else None
        connection.close()
        return found

    def connect(self):
        """A session of Odoo's role, from the host that the thread is inside of."""
        address = self.addresses["db.internal"]
        return psycopg2.connect(
            host=address, user="odoo", password=self._password, dbname=DATABASE
        )
