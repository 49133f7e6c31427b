"""A running Odoo server, for ``./dev run`` and for end-to-end tests."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import odoo, process, say


def free_port():
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_port(port):
    """Stop with a sentence if a port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise say.Stop(
                f"Port {port} cannot be used ({error.strerror}); "
                "choose another one with --port."
            ) from error


class Server:
    """An Odoo server on one database; use it as a context manager.

    :param workers: number of HTTP processes; 0 is one process with threads
    :param options: more options of Odoo's command line
    :param env: environment variables to add or change
    :param log: file that takes what the server prints; None leaves it on the terminal
    """

    START_LIMIT = 180
    STOP_LIMIT = 15

    def __init__(self, database, log=None, port=None, workers=0, options=(), env=None):
        self.database = database
        self.log = log
        self.port = port or free_port()
        self.gevent_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self._options = [f"--workers={workers}", *options]
        self._env = env or {}

    def __enter__(self):
        self.start()
        try:
            self.wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error):
        self.stop()

    def start(self):
        """Start the server, in a process group of its own."""
        command = odoo.command(
            f"--database={self.database}",
            f"--db-filter=^{self.database}$",
            "--http-interface=127.0.0.1",
            f"--http-port={self.port}",
            f"--gevent-port={self.gevent_port}",
            *self._options,
        )
        output = open(self.log, "ab") if self.log else None
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                env={**odoo.environment(), **self._env},
                start_new_session=True,
            )
        finally:
            if output:
                output.close()

    def wait(self):
        """Wait until the server answers with the login page."""
        deadline = time.monotonic() + self.START_LIMIT
        while not self._serves():
            if self.process.poll() is not None:
                raise say.Stop(f"The Odoo server ended at its start: {self._said()}")
            if time.monotonic() > deadline:
                raise say.Stop(f"The Odoo server does not answer: {self._said()}")
            time.sleep(0.2)

    def _serves(self):
        try:
            with urllib.request.urlopen(f"{self.url}/web/login", timeout=60) as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return False
        except OSError:
            return False

    def _said(self):
        if not self.log:
            return "see its messages above"
        with open(self.log, errors="replace") as reader:
            return f"{process.last_words(reader.read())} (see {self.log})"

    def stop(self):
        """Stop the server and all of its processes, with patience."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(self.STOP_LIMIT)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def kill(self):
        """End the server and all of its processes at once, like a crash."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
