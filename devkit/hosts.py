"""Several hosts on one machine, each in Linux namespaces of its own.

    with Network(["web1.internal", "db.internal"]) as network:
        web = network.start_host("web1.internal")
        with inside(web):
            psycopg2.connect(host=network.addresses["db.internal"])
        with network.cut(web):
            …

Hosts have a network card, files and processes of their own; the machine sees nothing of
them, and they end with the process that started them, whatever ends it.
"""

import ctypes
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from . import process

PROGRAMS = ("ip", "mount", "nsenter", "setpriv", "unshare")
NAMESPACES = ("--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
CLONE_NEWNET = 0x40000000
PREFIX = "10.77.0"
# What overlays another file system, so that hosts have files of their own in /etc.
OVERLAY = (
    "mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work &&"
    " mount -t overlay overlay /etc"
    " -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work"
)
# Processes that their parent has left are this one's, as those of any first process.
IDLE = "echo ready; sleep infinity & wait"


def missing():
    """One sentence that says why this machine has no room for hosts, or None."""
    lacking = [name for name in PROGRAMS if not shutil.which(name)]
    if lacking:
        return f"hosts need {', '.join(lacking)}, which is not installed here"
    if os.geteuid():
        return "only root makes hosts in network namespaces"
    trial = ["unshare", *NAMESPACES, "sh", "-ec"]
    links = "ip link add one type veth peer name two; ip link add three type bridge;"
    script = links + OVERLAY
    done = subprocess.run([*trial, script], capture_output=True, text=True)
    if done.returncode:
        said = " / ".join(done.stderr.split("\n")[:2])
        return f"this machine makes no network namespaces: {said}"
    return None


class Host:
    """What a machine is to the others: a name, an address, processes.

    :param script: what a shell does first, as root, with the host's own mounts
    """

    def __init__(self, name, script=""):
        self.name = name
        self.short = name.partition(".")[0]
        command = ["setpriv", "--pdeathsig", "KILL", "unshare", *NAMESPACES]
        command += ["--", "sh", "-ec", f"{script}\nip link set lo up\n{IDLE}"]
        self._holder = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        if self._holder.stdout.readline() != "ready\n":
            self.stop()
            raise RuntimeError(f"the host {name} does not start")
        path = Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children")
        self.pid = int(path.read_text())

    def run(self, *command, user=None, env=None, log=None):
        """Start a program on the host.

        :param user: name of one of the host's users; root if there is none
        :param log: file that takes what the program prints
        """
        # Not --all: some machines have no namespace of some kinds.
        enter = ["nsenter", "--target", self.pid, "--net", "--mount", "--pid"]
        become = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"]
        command = [*enter, "--", *(become if user else []), *command]
        output = open(log, "ab") if log else subprocess.PIPE
        try:
            return subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
            )
        finally:
            if log:
                output.close()

    def call(self, *command, user=None, env=None):
        """Run a program on the host to its end and return what it printed."""
        program = self.run(*command, user=user, env=env)
        said, _nothing = program.communicate()
        said = said.decode(errors="replace")
        if program.returncode:
            raise RuntimeError(f"{self.name}: {' '.join(map(str, command))}: {said}")
        return said

    def is_running(self):
        return self._holder.poll() is None

    def stop(self):
        """End the host with all that runs there, as when its plug is pulled."""
        self._holder.kill()
        self._holder.wait()
        self._holder.stdout.close()


class Network:
    """Hosts on one switch.

    :param names: of all hosts that there will be
    """

    def __init__(self, names):
        self.addresses = {name: f"{PREFIX}.{n}" for n, name in enumerate(names, 1)}
        self._hosts = []
        self._switch = None

    def __enter__(self):
        script = "ip link add switch type bridge; ip link set switch up"
        self._switch = Host("switch", script)
        return self

    def __exit__(self, *_error):
        for host in [*self._hosts, self._switch]:
            host.stop()

    def start_host(self, name, script=""):
        host = Host(name, script)
        self._hosts.append(host)
        pair = ("type", "veth", "peer", "name", "eth0", "netns", host.pid)
        _ip(self._switch, "link", "add", "name", host.short, *pair)
        _ip(self._switch, "link", "set", host.short, "master", "switch", "up")
        _ip(host, "address", "add", f"{self.addresses[name]}/24", "dev", "eth0")
        _ip(host, "link", "set", "eth0", "up")
        return host

    @contextmanager
    def cut(self, host):
        """Pull the cable of a host: it goes on, and nobody hears of it."""
        _ip(self._switch, "link", "set", host.short, "down")
        try:
            yield
        finally:
            _ip(self._switch, "link", "set", host.short, "up")

    def give_address(self, host, other):
        """Let a host answer for another one that is gone."""
        _ip(host, "address", "add", f"{self.addresses[other.name]}/24", "dev", "eth0")
        for neighbour in self._hosts:
            if neighbour.is_running():
                _ip(neighbour, "neighbour", "flush", "dev", "eth0")

    @contextmanager
    def drop(self, host, other):
        """Lose all packets between two hosts, which hear everybody else."""
        pairs = ((host, other), (other, host))
        for one, two in pairs:
            nobody = ("lladdr", "02:00:00:00:00:99", "dev", "eth0", "nud", "permanent")
            _ip(one, "neighbour", "replace", self.addresses[two.name], *nobody)
        try:
            yield
        finally:
            for one, two in pairs:
                address = self.addresses[two.name]
                _ip(one, "neighbour", "delete", address, "dev", "eth0")


def _ip(host, *arguments):
    """Wire a host from outside, where all hosts' processes have numbers."""
    command = ["nsenter", "--target", host.pid, "--net", "ip", *arguments]
    process.run(command, f"Wiring {host.name}")


@contextmanager
def inside(host):
    """Have this thread, and those that it starts, connect from a host."""
    with (
        open("/proc/thread-self/ns/net") as own,
        open(f"/proc/{host.pid}/ns/net") as other,
    ):
        _enter(other)
        try:
            yield
        finally:
            _enter(own)


def _enter(namespace):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "this namespace cannot be entered")
