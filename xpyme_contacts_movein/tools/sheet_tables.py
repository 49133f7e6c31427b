"""Tables in spreadsheets (xlsx, xls, ods), read by a process of their own.

What a sheet takes of memory goes with that process, and a hostile one takes nothing
else down: the process has a limit of memory and of time, and answers lines of JSON.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import date, datetime
from functools import partial
from pathlib import Path

from .unreadable import Unreadable

_READER = Path(__file__).with_name("sheet_process.py")
# What the process says before it ends, when it does not like the file.
REFUSALS = ("wide", "broken", "large")


def open_tables(data, file_name=""):
    """:raise Unreadable: no spreadsheet, or a refused one"""
    names = next(_read(data, ()), [])
    if not names:
        raise Unreadable("broken")
    return {
        f"{file_name} › {name}" if len(names) > 1 else file_name: partial(
            _iter_rows, data, name
        )
        for name in names
    }


def _iter_rows(data, sheet):
    for row in _read(data, (sheet,)):
        yield [_as_cell(cell) for cell in row]


def _as_cell(cell):
    """JSON has no dates: they come as a list of one text."""
    if not isinstance(cell, list):
        return cell
    (text,) = cell
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _read(data, arguments):
    """The lines that the process answers, as they come."""
    paths = os.pathsep.join(filter(None, sys.path))
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as told:
        given.write(data)
        given.seek(0)
        with subprocess.Popen(
            [sys.executable, str(_READER), *arguments],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=told,
            env={**os.environ, "PYTHONPATH": paths},
        ) as process:
            try:
                for line in process.stdout:
                    yield json.loads(line)
                process.wait()
            finally:
                process.kill()
            if process.returncode:
                told.seek(0)
                why = told.read(100).decode("ascii", "replace").strip()
                raise Unreadable(why if why in REFUSALS else "broken")
