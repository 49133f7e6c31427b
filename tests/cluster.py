"""A shop on several hosts, set up with the very files of ``deploy/``.

Two hosts for people and two for scheduled actions, PostgreSQL with a role that is no
superuser, nginx. Where the files name a folder, a host has it there; what the machine
is too small for, such as the number of workers, is said in addition to the files.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import requests

from devkit import hosts, odoo, place
from tests import cluster_database, cluster_image
from tests.clients import Browser

IN_SHELL = Path(__file__).parent / "in_shell"
WEBS = ("web1.internal", "web2.internal")
LANES = ("lane1.internal", "lane2.internal")
SERVED = (*WEBS, *LANES)
NAMES = ("people", "proxy", "smtp.internal", cluster_database.HOST, *SERVED)
# Fewer than in the files: all hosts share the processors of one machine.
WORKERS = 2
CRONS = 2
MORE = {
    "web": f"--workers={WORKERS}",
    "lane": f"--workers=1 --max-cron-threads={CRONS}",
}
USERS = {"odoo": 64101, "postgres": 64102}
START_LIMIT = 180
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
LISTENING = """
    SELECT host(client_addr), count(*) FROM pg_stat_activity
     WHERE datname = 'postgres' AND client_addr IS NOT NULL
     GROUP BY client_addr
"""


def missing():
    """One sentence that says why there can be no cluster here, or None."""
    lacking = [name for name in ("nginx", "openssl") if not find(name)]
    if lacking:
        return f"{' and '.join(lacking)} is not installed here"
    return hosts.missing()


def find(program):
    """Path of a program of the machine, None without it."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")


@contextmanager
def running(lab, name, sink, customers):
    """The cluster at work, and this thread among the people who use it.

    :param name: what its logs are called by
    :param sink: the mail server
    :param customers: how many get an offer
    """
    # Not in pytest's folder: other users have to go there.
    folder = Path(tempfile.mkdtemp(prefix="xpyme-hosts-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        with hosts.Network([*NAMES, cluster_database.STANDBY]) as network:
            cluster = Cluster(lab, name, network, folder)
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


class Cluster:
    """The hosts by name, and what they have in common."""

    def __init__(self, lab, name, network, folder):
        self.lab, self.name = lab, name
        self.network, self.folder = network, folder
        self.hosts = {}
        self.addresses = network.addresses
        self.logs = place.private_dir(place.state_dir() / "logs")
        # Of earlier runs: a service that may not write beside its code compiles it anew
        # at each start.
        self._compiled = place.private_dir(place.state_dir() / "compiled")
        self.own(self._compiled, "odoo")
        self.database = cluster_database.Database(self)
        self._services = {}

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
            [found] = re.findall(r"^SHOP (.*)$", told, re.MULTILINE)
            self.campaign = json.loads(found)["campaign"]
            env = {**odoo.environment(), "DATA_DIR": str(odoo.data_dir())}
            env["PATH"] = self.path
            script = cluster_image.DEPLOY / "bin" / "xpyme-backup"
            self._call(script, db, self._backup, env=env)
        for path in (self._backup, *self._backup.iterdir()):
            self.own(path, "odoo")

    @property
    def _backup(self):
        return self.folder / "backup"

    @property
    def path(self):
        """Where programs are on the hosts."""
        own = self.database.programs
        folders = (own, "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin")
        return ":".join(map(str, folders))

    def own(self, path, user):
        os.chown(path, USERS[user], USERS[user])

    def _call(self, *command, env=None):
        command = [str(part) for part in command]
        done = subprocess.run(command, capture_output=True, text=True, env=env)
        assert done.returncode == 0, (command, done.stderr)

    # --- hosts

    def start(self):
        """Start all hosts, and their services."""
        self._prepare_folder()
        for name in NAMES:
            self.start_host(name)
        self.database.start(self._backup)
        for name in SERVED:
            self.get_log(name).unlink(missing_ok=True)
            self.start_service(name)
        path = self.folder / "nginx.conf"
        path.write_text(NGINX)
        nginx = (find("nginx"), "-e", "stderr", "-c", path, "-g", "daemon off;")
        self["proxy"].run(*nginx, log=self.get_log("proxy"))

    def start_host(self, name):
        """A host with its files, on which nothing works yet."""
        script = ""
        if name not in ("people", "smtp.internal"):
            script = cluster_image.get_script(self.folder, self._compiled)
        script += KEEPALIVES if name == "proxy" else ""
        self.hosts[name] = self.network.start_host(name, script)
        return self.hosts[name]

    def _prepare_folder(self):
        for name in ("files", "home", "tls"):
            (self.folder / name).mkdir()
            self.own(self.folder / name, "odoo")
        home = self.folder / "home"
        pgpass = home / ".pgpass"
        pgpass.write_text(f"db.internal:*:*:odoo:{self.database.password}\n")
        pgpass.chmod(0o600)
        self.own(pgpass, "odoo")
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
        self._call(find("openssl"), *command, "-keyout", folder / "privkey.pem")

    def get_log(self, name):
        return self.logs / f"{self.name}_{name.partition('.')[0]}.log"

    def start_service(self, name):
        kind = "web" if name in WEBS else "lane"
        unit = cluster_image.Unit(kind, MORE[kind])
        env = self._get_env(unit)
        command = ("sh", "-c", unit.loop)
        log = self.get_log(name)
        self._services[name] = self[name].run(
            *command, user=unit.user, env=env, log=log
        )

    def _get_env(self, unit):
        return {
            "HOME": str(self.folder / "home"),
            "PATH": self.path,
            "LANG": "C.UTF-8",
            "PYTHONPYCACHEPREFIX": "/srv/compiled",
            **unit.environment,
        }

    def stop_service(self, name):
        """As ``systemctl stop`` does: what is being answered is answered."""
        order = f"kill -TERM $(cat {cluster_image.UNIT})"
        self[name].call("sh", "-c", order, user="odoo")
        self._services.pop(name).wait(90)

    def restart_services(self, between=None):
        """Stop all hosts' services, do something, and start them again."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(self.stop_service, SERVED))
        if between:
            between()
        for name in SERVED:
            self.start_service(name)
        self.wait_for(*WEBS)

    def set_port(self, port):
        """Where the hosts look for PostgreSQL, once their services start again."""
        for name in SERVED:
            service = "/etc/xpyme/pg_service.conf"
            self[name].call("sed", "-i", f"s/^port=.*/port={port}/", service)

    def put_code(self, addon, source):
        """Another version of an addon, on all hosts."""
        for name in SERVED:
            self[name].call("mount", "--bind", source, f"/srv/xpyme/{addon}")

    def update(self):
        """Bring the database to the version of the code; what the script says."""
        command = ("/srv/xpyme/deploy/bin/xpyme-update", cluster_database.NAME)
        options = {"user": "odoo", "env": self._get_env(cluster_image.Unit("web"))}
        return self[WEBS[0]].call(*command, "/tmp/before", **options)

    def crash(self, name):
        """All that works on a host ends at once."""
        self[name].run("kill", "-9", "-1", user=USERS["odoo"]).wait()

    def read_log(self, name):
        return self.get_log(name).read_text(errors="replace")

    # --- people

    @contextmanager
    def at_work(self, sink):
        """Be among the people, once all hosts answer."""
        from tests import mail_sink

        post = self["smtp.internal"]
        with hosts.inside(post), mail_sink.serving(sink, self.addresses[post.name], 25):
            with hosts.inside(self["people"]):
                self.wait_for(*SERVED)
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
        wanted = Counter()
        for name in LANES:
            wanted[self.database.pool_address or self.addresses[name]] += CRONS
        while (found := dict(self.rows(LISTENING))) != wanted:
            assert time.monotonic() - began < limit, f"{found} listen, not {wanted}"
            time.sleep(0.2)

    def url(self, name):
        """Of a host, or of the proxy."""
        address = self.addresses[name]
        return f"https://{address}" if name == "proxy" else f"http://{address}:8069"

    def sign_in(self, login="vendedora", name="proxy"):
        server = SimpleNamespace(url=self.url(name), database=cluster_database.NAME)
        return Browser(server, {"login": login, "password": login})

    def rows(self, query, *parameters, **options):
        """What the database has."""
        return self.database.rows(query, *parameters, **options)
