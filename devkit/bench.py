"""``./dev bench``: run the benchmarks and keep their figures.

A benchmark is a program ``bench/NAME.py``. It prints a table and writes its figures as
JSON to the file that the environment variable ``XPYME_BENCH_JSON`` names.
"""

import json
import os
import shutil
import subprocess
import tempfile
from itertools import takewhile
from pathlib import Path

from . import odoo, place, process, python_env, say

FOLDER = place.ROOT / "bench"
RESULTS = FOLDER / "results.json"
AGAINST = "--against"


def run(arguments):
    """Run some benchmarks or all of them; the exit status tells whether all worked.

    :param arguments: names, then options: ``--against`` and those of the benchmark
        itself, such as ``--quick``
    """
    names, other, options = split(arguments)
    more = {"XPYME_BENCH_AGAINST": str(_checkout(other))} if other else {}
    failed = []
    for path in _programs(names):
        print(f"\n=== {path.stem} ===", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            figures = Path(folder) / "figures.json"
            environment = {**odoo.environment(), "XPYME_BENCH_JSON": str(figures)}
            command = [str(python_env.python()), str(path), *options]
            done = subprocess.run(command, env=environment | more, cwd=place.ROOT)
            if done.returncode:
                failed.append(path.stem)
            elif figures.is_file():
                against = f" against {other}" if other else ""
                _keep(f"{path.stem}{against}", json.loads(figures.read_text()))
    if failed:
        raise say.Stop(f"These benchmarks failed: {', '.join(failed)}.")
    return 0


def split(arguments):
    """Names, what to compare with or None, and the options for the benchmarks.

    >>> split(["risk", "offers", "--quick", "--against", "HEAD~1"])
    (['risk', 'offers'], 'HEAD~1', ['--quick'])
    >>> split(["--pairs", "9"])
    ([], None, ['--pairs', '9'])
    """
    names = list(takewhile(lambda word: not word.startswith("-"), arguments))
    options = arguments[len(names) :]
    if AGAINST not in options:
        return names, None, options
    place_of = options.index(AGAINST)
    if options[place_of + 1 :] == []:
        raise say.Stop(f"{AGAINST} needs a checkout's folder or a revision of git.")
    return names, options[place_of + 1], options[:place_of] + options[place_of + 2 :]


def _checkout(other):
    """Another checkout's folder, or that of a revision, which is unpacked once."""
    path = Path(other).expanduser().resolve()
    if (path / "bench" / "_worker.py").is_file():
        return path
    git = ["git", "-C", place.ROOT]
    commit = f"{other}^{{commit}}"
    found = process.run(
        [*git, "rev-parse", "--verify", "--quiet", commit],
        f"Finding {other}, which is neither a checkout nor a revision,",
    )
    folder = place.state_dir() / f"against-{found.strip()[:12]}"
    if not folder.is_dir():
        with place.locked("against"), place.fresh_dir(folder) as part:
            archive = part / "archive.tar"
            process.run([*git, "archive", "-o", archive, commit], "Unpacking git")
            shutil.unpack_archive(archive, part)
            archive.unlink()
    return folder


def _programs(names):
    found = {path.stem: path for path in sorted(FOLDER.glob("[!_]*.py"))}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise say.Stop(
            f"There is no benchmark {unknown[0]!r}; "
            f"there are {', '.join(found) or 'none'}."
        )
    return [found[name] for name in names or found]


def _keep(name, figures):
    """Put the figures of one benchmark among those of the others."""
    everything = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    everything[name] = figures
    text = json.dumps(everything, indent=2, sort_keys=True, ensure_ascii=False)
    part = RESULTS.with_suffix(f".{os.getpid()}")
    part.write_text(f"{text}\n")
    part.replace(RESULTS)
