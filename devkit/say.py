"""How the tooling talks to a person: steps with progress and time, failures."""

import sys
import threading
import time
from contextlib import contextmanager


class Stop(Exception):
    """The work cannot go on; the message is the one sentence a person gets to read."""


def line(text=""):
    """Print a line of progress; results go to stdout, progress to stderr."""
    print(text, file=sys.stderr, flush=True)


def seconds(duration):
    """
    >>> seconds(3.21), seconds(75)
    ('3.2 s', '1 min 15 s')
    """
    if duration < 60:
        return f"{duration:.1f} s"
    return f"{int(duration // 60)} min {int(duration % 60)} s"


class Step:
    """One step of work that a person is waiting for."""

    # On a log file or CI a line is printed now and then instead of being overwritten.
    PLAIN_INTERVAL = 10

    def __init__(self, title):
        self.title = title
        self.started = self._last_note = time.monotonic()
        # work on several lanes would write over one another's line
        alone = threading.current_thread() is threading.main_thread()
        self._live = alone and sys.stderr.isatty()

    def note(self, text):
        """Tell how far the step is."""
        now = time.monotonic()
        if self._live:
            print(f"\r\033[K  {self.title}: {text}", end="", file=sys.stderr)
            sys.stderr.flush()
        elif now - self._last_note >= self.PLAIN_INTERVAL:
            self._last_note = now
            line(f"  {self.title}: {text}")

    def close(self, outcome):
        if self._live:
            print("\r\033[K", end="", file=sys.stderr)
        line(f"  {self.title}: {outcome} ({seconds(time.monotonic() - self.started)})")


@contextmanager
def step(title, outcome="done"):
    """Announce a step, yield it for progress notes and tell how long it took."""
    current = Step(title)
    line(f"  {title} …")
    try:
        yield current
    except BaseException:
        current.close("not finished")
        raise
    current.close(outcome)
