"""Running other programs and telling in one sentence when one fails."""

import shutil
import subprocess

from . import say


def last_words(output, count=3):
    """The end of a program's output, in one line.

    >>> last_words("one\\n\\n  two\\nthree\\n", count=2), last_words("")
    ('two / three', 'it said nothing')
    """
    lines = [text.strip() for text in (output or "").splitlines() if text.strip()]
    return " / ".join(lines[-count:]) or "it said nothing"


def run(command, purpose, **options):
    """Run a program; a failure becomes a sentence about the purpose.

    :return: what the program printed
    """
    options.setdefault("stdin", subprocess.DEVNULL)
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **options,
        )
    except OSError as error:
        raise say.Stop(f"{purpose} failed: {command[0]}: {error.strerror}.") from error
    if done.returncode:
        raise say.Stop(f"{purpose} failed: {last_words(done.stdout)}")
    return done.stdout


def need(program, sentence):
    """Path of a program, or the sentence that says what to do without it."""
    found = shutil.which(program)
    if not found:
        raise say.Stop(sentence)
    return found
