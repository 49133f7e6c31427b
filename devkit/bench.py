"""``./dev bench``: run the benchmarks and keep their figures.

A benchmark is a program ``bench/NAME.py``. It prints a table and writes its figures as
JSON to the file that the environment variable ``XPYME_BENCH_JSON`` names.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from . import odoo, place, python_env, say

FOLDER = place.ROOT / "bench"
RESULTS = FOLDER / "results.json"


def run(name=None, options=()):
    """Run one benchmark or all of them; the exit status tells whether all worked.

    :param options: what the benchmark itself is told, such as ``--quick``
    """
    failed = []
    for path in _programs(name):
        print(f"\n=== {path.stem} ===", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            figures = Path(folder) / "figures.json"
            environment = {**odoo.environment(), "XPYME_BENCH_JSON": str(figures)}
            command = [str(python_env.python()), str(path), *options]
            done = subprocess.run(command, env=environment, cwd=place.ROOT)
            if done.returncode:
                failed.append(path.stem)
            elif figures.is_file():
                _keep(path.stem, json.loads(figures.read_text()))
    if failed:
        raise say.Stop(f"These benchmarks failed: {', '.join(failed)}.")
    return 0


def _programs(name):
    found = {path.stem: path for path in sorted(FOLDER.glob("[!_]*.py"))}
    if name is None:
        return found.values()
    if name not in found:
        raise say.Stop(
            f"There is no benchmark {name!r}; there are {', '.join(found) or 'none'}."
        )
    return [found[name]]


def _keep(name, figures):
    """Put the figures of one benchmark among those of the others."""
    everything = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    everything[name] = figures
    text = json.dumps(everything, indent=2, sort_keys=True, ensure_ascii=False)
    part = RESULTS.with_suffix(f".{os.getpid()}")
    part.write_text(f"{text}\n")
    part.replace(RESULTS)
