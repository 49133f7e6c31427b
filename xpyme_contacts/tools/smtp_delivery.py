"""One mail over an open SMTP session, and what is known of it afterwards.

``smtplib.send_message`` tells that a connection was lost, not when. Whether a mail may
be tried again hangs on exactly that: before the content has been handed over it was
surely not accepted; after it, nobody knows.
"""

import re
import smtplib
from email import policy
from email.generator import BytesGenerator
from io import BytesIO
from typing import NamedTuple

from .offer_template import describe, one_line

SENT, RETRY, FAILED, UNKNOWN = "sent", "retry", "failed", "unknown"
# A line with a single dot ends a mail.
_DOT = re.compile(rb"(?m)^\.")
# What begins a header: other lines of it begin with white space.
_HEADER = re.compile(rb"(?m)^([^ \t\r\n][^:\r\n]*)")
_BARE_BREAK = re.compile(rb"\r(?!\n)|(?<!\r)\n")


class Outcome(NamedTuple):
    """``is_open``: whether the session can take the next mail."""

    result: str
    reason: str = ""
    is_open: bool = True


def judge(code, text):
    """What a server's answer to a mail means.

    >>> judge(250, b"ok").result, judge(451, b"later").result
    ('sent', 'retry')
    >>> judge(550, "no such user")
    Outcome(result='failed', reason='550 no such user', is_open=True)
    >>> judge(421, b"closing").is_open
    False
    >>> judge(550, b"no\\0such").reason
    '550 nosuch'
    """
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    reason = one_line(f"{code} {text}")
    if 200 <= code < 300:
        return Outcome(SENT)
    return Outcome(
        RETRY if 400 <= code < 500 else FAILED, reason, code not in (421, -1)
    )


def deliver(session, content, sender, recipient):
    """Send a mail to one address.

    :param session: an ``smtplib.SMTP`` that is ready for the next mail
    :param content: of ``write_mail``, before anything is said to the server: what goes
        wrong there leaves the session as it is
    """
    try:
        code, answer = session.mail(sender)
        if code == 250:
            code, answer = session.rcpt(recipient)
        if code in (250, 251):
            session.putcmd("data")
            code, answer = session.getreply()
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        return _lost(RETRY, error)
    if code != 354:
        return _settle(session, judge(code, answer) if code >= 300 else _odd(code))
    try:
        session.send(content)
        code, answer = session.getreply()
    except (smtplib.SMTPException, OSError) as error:
        return _lost(UNKNOWN, error)
    if code == -1:
        return _lost(UNKNOWN, answer)
    return _settle(session, judge(code, answer))


def _odd(code):
    return Outcome(RETRY, f"{code} unexpected answer", is_open=False)


def _lost(result, error):
    return Outcome(result, describe(error), is_open=False)


def _settle(session, outcome):
    """Make the session ready for the next mail, or give it up."""
    if outcome.result == SENT or not outcome.is_open:
        return outcome
    try:
        is_open = session.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        is_open = False
    return outcome._replace(is_open=is_open)


class _Policy(type(policy.SMTP)):
    """Python's, but an address of a web page is not encoded, however long it is.

    In a header without spaces Python makes encoded words of what is too long for a
    line. RFC 2369 allows none in ``List-Unsubscribe``: no mail program would find it.

    >>> address = "<https://tienda.example.com/" + 80 * "x" + ">"
    >>> _Policy(linesep="\\r\\n").fold_binary("List-Unsubscribe", address)[:28]
    b'List-Unsubscribe: <https://t'
    """

    def fold_binary(self, name, value):
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii", "replace")
        return super().fold_binary(name, value)


def write_mail(message):
    """The mail as it goes over the line, with its end.

    :raise ValueError: a header holds what ends it, and the rest of it would be another
    """
    output = BytesIO()
    generator = BytesGenerator(output, policy=_Policy(linesep="\r\n"))
    generator.flatten(message)
    content = output.getvalue()
    head = content.partition(b"\r\n\r\n")[0]
    names = [match[1].decode("ascii", "replace") for match in _HEADER.finditer(head)]
    if names != message.keys() or _BARE_BREAK.search(head):
        raise ValueError("A header of the mail holds a line break.")
    content = _DOT.sub(b"..", content)
    return content + (b"" if content.endswith(b"\r\n") else b"\r\n") + b".\r\n"
