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

from .mail_answers import PACE, SENDER, read_answer
from .mail_headers import encode_header
from .offer_template import describe, one_line

SENT, RETRY, FAILED, UNKNOWN = "sent", "retry", "failed", "unknown"
# Nothing is wrong with the mail: the server wants fewer of them, or none from us.
LATER, REFUSED = "later", "refused"
# A line with a single dot ends a mail.
_DOT = re.compile(rb"(?m)^\.")
# What begins a header: other lines of it begin with white space.
_HEADER = re.compile(rb"(?m)^([^ \t\r\n][^:\r\n]*)")
_BARE_BREAK = re.compile(rb"\r(?!\n)|(?<!\r)\n")


class Outcome(NamedTuple):
    """``is_open``: whether the session can take the next mail. ``code`` is what equal
    answers have in common, ``about`` what they are about (``mail_answers``)."""

    result: str
    reason: str = ""
    is_open: bool = True
    code: str = ""
    about: str = ""


def judge(code, text, is_sender=False):
    """What a server's answer to a mail means.

    :param is_sender: it answers ``MAIL FROM``, where nothing is known of the mail yet

    >>> judge(250, b"ok").result, judge(451, b"later").result
    ('sent', 'retry')
    >>> judge(550, "no such user")
    Outcome(result='failed', reason='550 no such user', is_open=True, code='550', \
about='dead')
    >>> judge(421, b"closing").is_open, judge(421, b"closing").result
    (False, 'later')
    >>> judge(550, b"no\\0such").reason
    '550 nosuch'
    >>> judge(451, b"4.7.28 unusual rate").code, judge(530, "STARTTLS", True).result
    ('451 4.7.28', 'refused')
    >>> [judge(code, "who are you", True).result for code in (451, 550)]
    ['later', 'refused']
    """
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    if 200 <= code < 300:
        return Outcome(SENT)
    status, about = read_answer(code, text)
    if 400 <= code < 500:
        about = PACE if is_sender else about
        result = LATER if about == PACE else RETRY
    else:
        about = SENDER if is_sender or code in _WHO_ARE_YOU else about
        result = REFUSED if is_sender or code in _WHO_ARE_YOU else FAILED
    return Outcome(
        result,
        one_line(f"{code} {text}"),
        code not in (421, -1),
        f"{code} {status}".strip(),
        about,
    )


# The server wants a password or a safe line before it takes anything.
_WHO_ARE_YOU = (530, 535, 538)


def deliver(session, content, sender, recipient, envelope_id=""):
    """Send a mail to one address.

    :param session: an ``smtplib.SMTP`` that is ready for the next mail
    :param envelope_id: what a report that it came back names it by, where the server
        knows of such (RFC 3461)
    :param content: of ``write_mail``, before anything is said to the server: what goes
        wrong there leaves the session as it is
    """
    reports = bool(envelope_id) and session.has_extn("dsn")
    try:
        options = ["RET=HDRS", f"ENVID={envelope_id}"] if reports else []
        code, answer = session.mail(sender, options)
        if code != 250:
            is_known = code >= 300
            outcome = judge(code, answer, is_sender=True) if is_known else _odd(code)
            return _settle(session, outcome)
        code, answer = session.rcpt(recipient, ["NOTIFY=FAILURE"] if reports else [])
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
    return Outcome(RETRY, f"{code} unexpected answer", is_open=False, code=str(code))


def _lost(result, error):
    """The connection broke: before the content, or when nobody knows any more."""
    return Outcome(result, describe(error), is_open=False, code=f"lost {result}")


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

    What a person reads, the subject and names, is not left to Python either: it loses
    blanks between encoded words (gh-144156).
    """

    def fold_binary(self, name, value):
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii", "replace")
        encoded = encode_header(name, value)
        if encoded is not None:
            return f"{name}: {encoded}{self.linesep}".encode("ascii", "replace")
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
