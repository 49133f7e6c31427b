"""Work side by side: jobs on a few lanes, the longest first."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from . import place, say


@dataclass
class Result:
    """Counts of a job, or of all jobs of a suite, and the seconds they took."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    duration: float = 0.0
    remarks: list = field(default_factory=list)

    def __str__(self):
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return f"  {self.name:<34}{counts:<40}{say.seconds(self.duration)}"

    def add(self, other):
        """Take another result's counts and seconds along."""
        for name in ("passed", "failed", "skipped", "duration"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.remarks += other.remarks


@dataclass
class Job:
    """Work that one lane does from its beginning to its end.

    :param suite: whose minutes the job's are
    :param work: called with a ``Result`` to fill and the file that takes what it prints
    :param seconds: about how long it takes
    """

    suite: str
    name: str
    work: Callable
    seconds: int = 60


def count():
    """Two for each processor: who waits for a page or for rows leaves one idle."""
    return 2 * max(2, len(os.sched_getaffinity(0)))


def longest_first(jobs):
    """
    >>> jobs = [Job("a", "short", print, 5), Job("a", "long", print, 9)]
    >>> [job.name for job in longest_first(jobs)]
    ['long', 'short']
    """
    return sorted(jobs, key=lambda job: -job.seconds)


class Lanes:
    """Runs jobs; each says one line at its end, and all that it printed if it failed.

    What a job printed stays in a file of the folder of logs.

    :param live: what the first job prints is seen at once, that of the others after it
    """

    def __init__(self, live=False):
        self.live = live
        self._children = set()
        self._printing = threading.Lock()

    def run(self, jobs):
        """``{suite: Result}`` in the order in which the suites are named first."""
        results = {job.suite: Result(job.suite) for job in jobs}
        pool = ThreadPoolExecutor(max(1, min(count(), len(jobs))))
        queue = jobs if self.live else longest_first(jobs)
        futures = {pool.submit(self._do, job, job is jobs[0]): job for job in queue}
        try:
            for done in as_completed(futures):
                results[futures[done].suite].add(done.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in list(self._children):
                child.terminate()
            raise
        return results

    def _do(self, job, first):
        result = Result(f"{job.suite}: {job.name}")
        say.line(f"  {result.name} …")
        if self.live and first:
            with self._printing:
                self._timed(job, result, sys.stdout)
                print(result, flush=True)
            return result
        logs = place.private_dir(place.state_dir() / "logs")
        log = logs / f"test {job.suite} {job.name}.log"
        with log.open("w+", errors="replace") as kept:
            self._timed(job, result, kept)
            with self._printing:
                if self.live or result.failed:
                    kept.seek(0)
                    print(f"\n=== {result.name} ===", kept.read(), sep="\n")
                print(result, flush=True)
        return result

    def _timed(self, job, result, output):
        """Do a job; what stops it counts as a failure."""
        started = time.monotonic()
        try:
            job.work(result, output)
        except say.Stop as stop:
            result.failed += 1
            result.remarks.append(str(stop))
        result.duration = time.monotonic() - started

    def child(self, command, output, environment):
        """Run a program of a job to its end and return its exit status."""
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, env=environment
        )
        self._children.add(child)
        try:
            return child.wait()
        finally:
            self._children.discard(child)
