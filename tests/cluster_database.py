"""PostgreSQL of the shop on several hosts: its server, a standby, a pool before it."""

import re
import secrets
import time
from contextlib import contextmanager
from functools import partial

import psycopg2

from devkit import hosts, place, postgres

HOST = "db.internal"
STANDBY = "db2.internal"
NAME = "shop"
PORT, POOL_PORT = 5432, 6432
SETTINGS = """
listen_addresses = '*'
unix_socket_directories = '{folder}/socket'
include '/srv/xpyme/deploy/postgresql/xpyme.conf'
"""
HBA = f"""
local all all trust
host all odoo {hosts.PREFIX}.0/24 scram-sha-256
host all odoo 127.0.0.1/32 scram-sha-256
host replication postgres {hosts.PREFIX}.0/24 trust
"""
SYNCHRONOUS = re.compile(r"^#(synchronous_standby_names = .*)$", re.MULTILINE)


class Database:
    """The shop's database on its host."""

    def __init__(self, cluster):
        self._cluster, self._folder = cluster, cluster.folder
        self._socket = self._folder / "socket"
        self.programs = postgres.server_programs()
        self.password = secrets.token_hex(8)
        # From where all hosts' sessions come, while there is a pool.
        self.pool_address = None

    @property
    def _env(self):
        return {"LANG": "C.UTF-8", "PATH": self._cluster.path}

    def start(self, backup):
        """Make a server on its host and restore a backup there, as a person does."""
        host, data = self._cluster[HOST], self._folder / "data"
        self._make_folders("data", "socket")
        options = ("--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust")
        command = (self.programs / "initdb", "-D", data, *options)
        host.call(*command, user="postgres", env=self._env)
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(SETTINGS.format(folder=self._folder))
        (data / "pg_hba.conf").write_text(HBA)
        self.start_server()
        role = f"CREATE ROLE odoo LOGIN CREATEDB PASSWORD '{self.password}'"
        self.rows(role, database="postgres")
        env = self._env | {"PGHOST": str(self._socket), "PGUSER": "odoo"}
        restore = ("/srv/xpyme/deploy/bin/xpyme-restore", backup, NAME)
        host.call(*restore, user="odoo", env=env)
        # A person has looked what went out since the backup.
        self.rows(
            "UPDATE ir_cron SET active = TRUE WHERE cron_name LIKE 'Customers: send%%'"
        )

    def _make_folders(self, *names):
        for name in names:
            (self._folder / name).mkdir(mode=0o700)
            self._cluster.own(self._folder / name, "postgres")
            if "socket" in name:
                (self._folder / name).chmod(0o755)

    def start_server(self):
        self._pg_ctl(HOST, "data", "-l", self._folder / "data" / "log", "start")

    def kill_server(self):
        """As a power cut does: nothing is written to the end."""
        self._pg_ctl(HOST, "data", "-m", "immediate", "stop")

    def _pg_ctl(self, name, data, *arguments):
        command = (self.programs / "pg_ctl", "-D", self._folder / data, "-w")
        host = self._cluster[name]
        host.call(*command, *arguments, user="postgres", env=self._env)

    # --- a standby

    def start_standby(self):
        """A host that follows the database, without making it wait."""
        host = self._cluster.start_host(STANDBY)
        self._make_folders("standby", "standby_socket")
        data = self._folder / "standby"
        origin = ("-h", self._cluster.addresses[HOST], "-U", "postgres", "-R")
        copy = (self.programs / "pg_basebackup", "-D", data)
        host.call(*copy, *origin, "-c", "fast", user="postgres")
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(
                f"unix_socket_directories = '{self._folder / 'standby_socket'}'\n"
            )
        self._pg_ctl(STANDBY, "standby", "-l", data / "log", "start")

    def wait_for_standby_at_commit(self):
        """From now on what is stored is stored by the standby, too."""
        text = (place.ROOT / "deploy" / "postgresql" / "xpyme.conf").read_text()
        [line] = SYNCHRONOUS.findall(text)
        with (self._folder / "data" / "postgresql.conf").open("a") as conf:
            conf.write(f"{line}\n")
        self._pg_ctl(HOST, "data", "reload")
        deadline = time.monotonic() + 20
        query = "SELECT sync_state FROM pg_stat_replication"
        while self.rows(query) != [("sync",)]:
            assert time.monotonic() < deadline, self.rows(query)
            time.sleep(0.2)

    def fail_over(self):
        """The database's host is lost, and the standby takes its place."""
        self._pg_ctl(STANDBY, "standby", "promote")
        self._cluster.network.give_address(self._cluster[STANDBY], self._cluster[HOST])
        self._socket = self._folder / "standby_socket"

    # --- a pool

    @contextmanager
    def pool(self, program):
        """PgBouncer with the file of ``deploy/`` before the server, for all hosts.

        :param program: path of PgBouncer
        """
        host = self._cluster[HOST]
        query = "SELECT rolpassword FROM pg_authid WHERE rolname = 'odoo'"
        [[secret]] = self.rows(query, database="postgres")
        users = self._folder / "userlist.txt"
        users.write_text(f'"odoo" "{secret}"\n')
        folders = ("/etc/pgbouncer", "/run/postgresql")
        host.call("mkdir", "-p", *folders)
        source = "/srv/xpyme/deploy/pgbouncer/pgbouncer.ini"
        host.call("cp", source, users, folders[0])
        host.call("chown", "-R", "postgres", *folders)
        log = self._cluster.get_log("pool")
        host.run(program, f"{folders[0]}/pgbouncer.ini", user="postgres", log=log)
        self.pool_address = "127.0.0.1"
        self._cluster.restart_services(
            between=partial(self._cluster.set_port, POOL_PORT)
        )
        yield
        self.pool_address = None
        self._cluster.restart_services(between=partial(self._cluster.set_port, PORT))
        host.call("sh", "-c", f"kill $(cat {folders[1]}/pgbouncer.pid)")

    # --- looking into it

    def rows(self, query, *parameters, database=NAME):
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
        return psycopg2.connect(
            host=self._cluster.addresses[HOST],
            port=POOL_PORT if self.pool_address else PORT,
            user="odoo",
            password=self.password,
            dbname=NAME,
        )
