"""What a mail server's answer is about: the mailbox, our pace, ourselves, or nothing.

The same words stand in the answer to a mail that is handed over and, later, in a mail
that came back. RFC 3463 has the numbers; what servers write beside them is a habit of
theirs, so the number is believed first.
"""

import re
from typing import NamedTuple

from .offer_template import one_line

# The mailbox is none, is full or slow; we are too fast; nobody takes mails from us.
DEAD, FULL, PACE, SENDER, OTHER = "dead", "full", "pace", "sender", ""
# Told to people only: what an answer about nothing of these was about, or the network.
NO_DOMAIN, UNWANTED, TOO_LARGE = "no_domain", "unwanted", "too_large"
UNREACHABLE, BROKEN, UNKNOWN = "unreachable", "broken", "other"

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_ABOUT = [
    (SENDER, r"5\.(1\.[78]|7\.([389]|1[0-6]|2\d|509|7\d\d))"),
    (DEAD, r"5\.(1\.([0-46]|10)|2\.1|4\.(1|310|4))"),
    (FULL, r"[45]\.2\.\d+|4\.[14]\.\d+"),
    (PACE, r"4\.(7|3|5)\.\d+"),
]
_BY_STATUS = [(about, re.compile(pattern)) for about, pattern in _ABOUT]
_SENDER_WORDS = re.compile(
    r"sender|client host|relay(ing)? (access )?(denied|not|prohibited)|not permitted to"
    r"|unable to relay|authenti|starttls|\b(spf|dkim|dmarc)\b|black ?list|block ?list"
    r"|blocked using|reputation|must issue|remitente|\b(your|su) (account|cuenta)"
    r"|account.{0,20} suspended",
    re.IGNORECASE,
)
# Of an account that is ours, or of somebody who may not send.
_OWN_WORDS = re.compile(
    r"sender|remitente|\b(your|su) (account|cuenta)|authenti|sending from",
    re.IGNORECASE,
)
_PACE_WORDS = re.compile(
    r"too (many|much|fast)|\brate\b|throttl|quota|limit|exceed|slow down|unusual"
    r"|temporarily (deferred|rejected|blocked)|demasiad|l[ií]mite",
    re.IGNORECASE,
)
_FULL_WORDS = re.compile(
    r"(mailbox|inbox|buz[oó]n|disk|account|storage|user).{0,40}(full|quota|lleno|over)"
    r"|over ?quota|quota exceeded|insufficient.{0,20}storage|out of storage",
    re.IGNORECASE,
)
_DEAD_WORDS = re.compile(
    r"(user|account|mailbox|recipient|address|usuario|buz[oó]n|destinatario|cuenta)"
    r".{0,60}(unknown|not (exist|found|available|local)|does ?n.t exist|disabled"
    r"|invalid|unavailable|inactive|no existe|desconocid|inexistente|rejected)"
    r"|(unknown|no such|invalid|bad destination) (\w+ )?(user|mailbox|recipient|account"
    r"|address|local part)|host (or domain name )?not found|unrouteable|unroutable"
    r"|no mailbox here|doesn.t have an? .{0,20}account|no existe",
    re.IGNORECASE,
)
_NO_DOMAIN = re.compile(
    r"5\.1\.2(?!\d)|[45]\.4\.4(?!\d)|(domain|host) (name )?not found|no mx",
    re.IGNORECASE,
)
_TOLD = [
    (cause, re.compile(pattern, re.IGNORECASE))
    for cause, pattern in (
        (TOO_LARGE, r"5\.3\.4|(message|mail).{0,12} (size|large)|size limit"),
        (UNWANTED, r"5\.[67]\.|spam|policy|^554"),
        (UNREACHABLE, r"refused.?$|errno (111|110|113|101|-[235])|timed out"),
        (UNREACHABLE, r"unreachable|name or service|no route|cannot be reached"),
        (BROKEN, r"closed|reset|broken pipe|errno (104|32)|lost|eof occurred"),
        (PACE, r"^4[25]\d|grey.?list|later"),
    )
]


class Answer(NamedTuple):
    """``status``: of RFC 3463, or empty. ``about``: one of the words above."""

    status: str
    about: str


def read_answer(code, text):
    """What an answer says.

    :param code: of SMTP; 0 where only the text is known

    >>> read_answer(550, "5.1.1 <ana@acme.example>: user unknown")
    Answer(status='5.1.1', about='dead')
    >>> read_answer(452, "4.2.2 Mailbox full").about
    'full'
    >>> read_answer(451, "4.7.28 Our system has detected an unusual rate").about
    'pace'
    >>> [read_answer(530, t).about for t in ("Must issue a STARTTLS", "go away")]
    ['sender', 'sender']
    >>> read_answer(554, "Client host [192.0.2.1] blocked using bl.example").about
    'sender'
    >>> read_answer(550, "No such user here").about
    'dead'
    >>> own = "Your account has been disabled", "5.1.0 Account suspended"
    >>> needed = "Authentication required: user not found"
    >>> [read_answer(550, t).about for t in (*own, needed)]
    ['sender', 'sender', 'sender']
    >>> read_answer(554, "5.6.0 Message looks like spam"), read_answer(451, "later")
    (Answer(status='5.6.0', about=''), Answer(status='', about=''))
    """
    text = one_line(text)
    match = _STATUS.search(text)
    status = match[0] if match else ""
    is_final = (code or 500) >= 500 if not status else status[0] == "5"
    return Answer(status, _judge(code, status, text, is_final))


def _judge(code, status, text, is_final):
    if code in (530, 535, 538):
        return SENDER
    for about, pattern in _BY_STATUS:
        if pattern.fullmatch(status):
            # These are used for everything: the words know better.
            if status in ("5.1.0", "5.4.1") and _SENDER_WORDS.search(text):
                return SENDER
            return about
    if code == 421:
        return PACE
    if _FULL_WORDS.search(text):
        return FULL
    if not is_final:
        return PACE if _PACE_WORDS.search(text) else OTHER
    if _DEAD_WORDS.search(text) and not status.startswith(("5.6", "5.7")):
        return SENDER if _OWN_WORDS.search(text) else DEAD
    return SENDER if _SENDER_WORDS.search(text) else OTHER


def find_cause(said):
    """Why a mail did not arrive, for people; None where nothing was said.

    :param said: the answer of a mail server with its code, or the network's words

    >>> find_cause("550 5.1.1 <ana@example.com>: Recipient address rejected")
    'dead'
    >>> find_cause("452 4.2.2 Mailbox full"), find_cause("552 over quota")
    ('full', 'full')
    >>> find_cause("550 4.4.4 Domain not found"), find_cause("550 5.1.2 no such host")
    ('no_domain', 'no_domain')
    >>> find_cause("451 4.7.28 unusual rate"), find_cause("450 greylisted")
    ('pace', 'pace')
    >>> find_cause("530 5.7.0 Must issue a STARTTLS command first")
    'sender'
    >>> find_cause("554 5.7.1 Message held for spam"), find_cause("554 no SMTP here")
    ('unwanted', 'unwanted')
    >>> find_cause("552 5.3.4 Message size exceeds fixed limit")
    'too_large'
    >>> find_cause("[Errno 111] Connection refused"), find_cause("timed out")
    ('unreachable', 'unreachable')
    >>> find_cause("Connection unexpectedly closed"), find_cause("[Errno 104] reset")
    ('broken', 'broken')
    >>> find_cause("550 no"), find_cause("Ñandú"), find_cause(False)
    ('other', 'other', None)
    """
    if not said:
        return None
    match = re.match(r"\s*([45]\d\d)\b", said)
    about = read_answer(int(match[1]) if match else 0, said).about
    if about in (DEAD, FULL) and _NO_DOMAIN.search(said):
        return NO_DOMAIN
    told = (cause for cause, pattern in _TOLD if pattern.search(said))
    return about or next(told, UNKNOWN)
