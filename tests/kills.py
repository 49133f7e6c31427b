"""A server whose processes for scheduled actions are killed while they work."""

import json
import os
import re
import signal
import time
from contextlib import contextmanager
from pathlib import Path

_CODE = Path(__file__).parent / "in_shell"
_CRON = re.compile(r"Worker WorkerCron \((\d+)\) alive")


class Shop:
    """A server with two processes for scheduled actions, and a database to look into.

    :param told: what the code that furnished the shop has told
    """

    # What the names of the lanes' scheduled actions begin with.
    lanes = ""

    def __init__(self, lab, db, server, told):
        self.lab, self.db, self.server, self.told = lab, db, server, told
        self.kills = 0
        self._connection = lab.connect(db)
        self._connection.autocommit = True
        self._bell = lab.connect("postgres")
        self._bell.autocommit = True

    @classmethod
    @contextmanager
    def open(cls, lab, code, **numbers):
        """The shop that ``code`` of ``in_shell`` furnishes, and says so by JSON.

        :param numbers: variables of the environment, by which it is told how much
        """
        env = {name: str(number) for name, number in numbers.items()}
        with lab.database("kills") as db:
            output = lab.shell(db, (_CODE / code).read_text(), env=env)
            line = next(li for li in output.splitlines() if li.startswith("SHOP "))
            told = json.loads(line.removeprefix("SHOP "))
            options = ["--max-cron-threads=2", "--log-level=info"]
            with lab.server(db, workers=1, options=options) as server:
                shop = cls(lab, db, server, told)
                yield shop
                shop._connection.close()
                shop._bell.close()

    def rows(self, query, *parameters):
        with self._connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else None

    def value(self, query, *parameters):
        """The one value that a query answers."""
        return self.rows(query, *parameters)[0][0]

    def call(self, model, ids, method):
        """Press a button."""
        code = f"env[{model!r}].browse({ids!r}).{method}()\nenv.cr.commit()\n"
        self.lab.shell(self.db, code)

    def wake(self):
        """What ``_wake_lanes`` does, without starting Odoo for it."""
        self.rows(
            "INSERT INTO ir_cron_trigger (cron_id, call_at)"
            " SELECT id, now() AT TIME ZONE 'UTC' FROM ir_cron"
            " WHERE cron_name LIKE %s",
            f"{self.lanes}%",
        )
        with self._bell.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self.db])

    def kill_one(self, chance):
        """Kill one of the processes that run scheduled actions, as the log tells."""
        text = Path(self.server.log).read_text(errors="replace")
        pids = [int(pid) for pid in _CRON.findall(text)]
        workers = [pid for pid in pids if Path(f"/proc/{pid}").exists()]
        if workers:
            os.kill(chance.choice(workers), signal.SIGKILL)
            self.kills += 1

    def work(self, chance, until, kills, patience, pauses, may_kill=lambda: True):
        """Let the lanes work and kill them now and then, until something is reached.

        :param until: asked between the kills
        :param patience: seconds after which they are stuck
        :param pauses: pair of the shortest and longest pause, in seconds
        """
        deadline = time.monotonic() + patience
        while not until():
            assert time.monotonic() < deadline, "the lanes are stuck"
            time.sleep(chance.uniform(*pauses))
            if self.kills < kills and may_kill():
                self.kill_one(chance)
