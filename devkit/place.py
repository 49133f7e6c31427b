"""Where things are: the checkout, the shared cache and the state of this checkout."""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from . import say

ROOT = Path(__file__).resolve().parent.parent
# Another checkout may be at work with another version of what is cached for all.
SHARED_DAYS = 14


def digest(*parts):
    """Eight hexadecimal digits that stand for the given texts, bytes or files.

    >>> digest("a", b"b") == digest(b"a", "b"), digest("ab") == digest("a", "b")
    (True, False)
    """
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            part = part.read_bytes()
        elif isinstance(part, str):
            part = part.encode()
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()[:8]


def cache_dir():
    """Folder of everything that was downloaded or built, shared between checkouts."""
    chosen = os.environ.get("XPYME_CACHE")
    if chosen:
        return Path(chosen).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).resolve() / "xpyme"


def checkout_id():
    return digest(str(ROOT))


def state_dir():
    """Folder of this checkout's configuration, filestore, logs and database."""
    return cache_dir() / "work" / checkout_id()


def private_dir(path):
    """Make a folder and return it; a full or read-only disk is told in a sentence."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise say.Stop(
            f"The folder {path} cannot be made ({error.strerror}); "
            "set XPYME_CACHE to a folder you may write to."
        ) from error
    return path


@contextmanager
def locked(name, folder=None):
    """Hold a lock that other ``./dev`` calls wait for."""
    path = private_dir(folder or cache_dir()) / f"{name}.lock"
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say.line(f"  waiting for another ./dev to finish with the {name} …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def fresh_dir(final):
    """Yield an empty folder that takes the name ``final`` only if the block succeeds.

    Must be called with the lock held: what an interrupted call left is removed first.
    """
    private_dir(final.parent)
    remove_all(final.parent, f"{final.name}.part-*")
    part = Path(tempfile.mkdtemp(prefix=f"{final.name}.part-", dir=final.parent))
    part.chmod(0o755)
    try:
        yield part
        if final.exists():
            shutil.rmtree(final)
        part.rename(final)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def remove_all(folder, pattern):
    """Remove what an interrupted call left; the lock must be held."""
    for leftover in folder.glob(pattern):
        shutil.rmtree(leftover, ignore_errors=True)


def drop_older(current, pattern, unused_days=0):
    """Remove the versions of a cached folder that ``current`` replaces.

    :param unused_days: how long nobody may have used one that other checkouts share
    """
    deadline = time.time() - unused_days * 24 * 60 * 60
    for other in current.parent.glob(pattern):
        if other == current or ".part-" in other.name:
            continue
        if other.stat().st_mtime <= deadline:
            shutil.rmtree(other, ignore_errors=True)


def used(folder):
    """Note that a cached folder is still in use, or :func:`drop_older` takes it."""
    os.utime(folder)
