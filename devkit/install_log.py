"""Installing addons with a log: progress while it runs, warnings afterwards."""

import re
import subprocess
import time

from . import odoo, place, process, python_env, say

LOADED = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")


def install(database, names, log, step, update=(), **environment):
    """Install and update addons; what Odoo logs goes to a file."""
    arguments = ["-d", database, "--no-http", "--stop-after-init"]
    if names:
        arguments += ["-i", ",".join(names)]
    if update:
        arguments += ["-u", ",".join(update)]
    _watch(arguments, None, log, step, environment)


def script(database, path, log, step, **environment):
    """Run a Python file in ``odoo shell``."""
    with path.open() as code:
        _watch(["shell", "-d", database, "--no-http"], code, log, step, environment)


def _watch(arguments, code, log, step, environment):
    """Run Odoo and tell from its log how far it is."""
    with log.open("a") as output, log.open() as reader:
        reader.seek(0, 2)
        child = subprocess.Popen(
            odoo.command(*arguments),
            stdin=code or subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**odoo.environment(), **environment},
        )
        try:
            while child.poll() is None:
                found = LOADED.findall(reader.read())
                if found:
                    step.note("{} ({} of {})".format(*found[-1]))
                time.sleep(0.3)
        except BaseException:
            child.kill()
            child.wait()
            raise
    if child.returncode:
        said = process.last_words(log.read_text(errors="replace"))
        raise say.Stop(f"{step.title} failed: {said} (see {log})")


def warnings(log):
    """Lines of a log that no installation should have, found by OCA's checklog-odoo."""
    command = [python_env.python(), "-m", "checklog_odoo", "--no-err-if-empty", log]
    done = subprocess.run(
        [str(part) for part in command],
        # where checklog-odoo.cfg stands
        cwd=place.ROOT,
        capture_output=True,
        text=True,
    )
    return f"{done.stdout}{done.stderr}".splitlines() if done.returncode else []
