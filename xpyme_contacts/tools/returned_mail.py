"""Mails that come back: what one is, of whom it speaks and which mail it was.

Three shapes tell it in fields (RFC 3464 reports of delivery, RFC 5965 complaints,
``X-Failed-Recipients``), the rest in words. Answers of machines (on holiday, "prove
that you are a person") look alike and are neither.
"""

import re
from email.utils import getaddresses
from typing import NamedTuple

from .mail_answers import DEAD, FULL, SENDER, read_answer
from .mailboxes import normalise_mailbox
from .offer_template import one_line

# The mailbox is none; it is full or slow; the mail was not wanted; its reader says that
# it is spam; it may still arrive; its reader is away; a machine asks for a person.
HARD, SOFT, BLOCKED, COMPLAINT = "hard", "soft", "blocked", "complaint"
DELAY, AWAY, CHALLENGE, NONE = "delay", "away", "challenge", ""
# What becomes known of a mailbox or a mail.
RETURNS = (HARD, SOFT, BLOCKED, COMPLAINT)

_ANSWER = re.compile(
    r"(?:^|[\s:;(#\"'])([45]\d\d)[ \-]([^\r\n]*(?:\r?\n[ \t]+[^\r\n]+)*)"
)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~\-]+@[\w\-]+(?:\.[\w\-]+)+")
_FROM_MACHINE = re.compile(
    r"mailer-daemon|postmaster|mail-daemon|mailerdaemon|microsoftexchange|bounces?\b"
    r"|mdaemon|no-?reply-?bounce",
    re.IGNORECASE,
)
_RETURNED = re.compile(
    r"undeliver|delivery (status )?(notification|failure|has failed|failed|problem"
    r"|report|incomplete)|returned (mail|to sender)|return(ing|ed) (message|mail)"
    r"|mail (delivery|system) (failed|failure|error)|failure notice|failed delivery"
    r"|could not be delivered|nondeliverable|message not delivered"
    r"|no (se )?(ha )?(pudo|podido|puede) (ser )?entreg|no entregad|devuelto"
    r"|mensaje no entregado|fallo (en|de) (la )?entrega|rebotad"
    r"|unzustellbar|non (remis|distribu)|mancata consegna",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delay|still being retried|will (be retried|keep trying|continue)|not yet been"
    r"|warning: could not send|no need to resend|retras|se seguirá intentando",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"out of (the )?office|automatic reply|auto(matic)?[- ]?(reply|response)"
    r"|respuesta autom[aá]tica|resposta autom[aà]tica|fuera de (la )?oficina|ausente"
    r"|ausencia|de vacaciones|on (holiday|vacation|leave)|abwesenheit|absence|fora de",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"(confirm|verify|prove|verifi|demuestr)\w*.{0,60}(human|person|sender|deliver"
    r"|remitente|entreg|message|mensaje)|challenge|boxtrapper|spamarrest|tmda"
    r"|awaiting (your )?(confirmation|verification)|lista blanca|whitelist",
    re.IGNORECASE | re.DOTALL,
)
_WAYS_TO_SAY_AUTOMATIC = (
    *("x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply"),
    *("x-autoreply-from", "x-mail-autoreply", "x-ms-exchange-inbox-rules-loop"),
)


class Returned(NamedTuple):
    """``addresses``: normalised; ``answer``: one line of what was said; ``text``: all
    that the mail says, where the identity of the other one stands."""

    kind: str
    addresses: tuple = ()
    answer: str = ""
    text: str = ""


def read_returned(message):
    """What a mail that comes in is; ``kind`` is empty for one that a person wrote.

    :param message: an ``EmailMessage``; what of it cannot be read is none of these
    """
    try:
        return _read(message)
    except (LookupError, ValueError, TypeError, AttributeError):
        return Returned(NONE)


def _read(message):
    parts = {}
    for part in message.walk():
        parts.setdefault(part.get_content_type(), part)
    text = _get_source(message)
    if report := parts.get("message/feedback-report"):
        return _read_complaint(message, report, parts, text)
    if message.get("X-HmXmrOriginalRecipient"):
        address = normalise_mailbox(message["X-HmXmrOriginalRecipient"])
        return Returned(COMPLAINT, (address,), "Junk report", text)
    if report := parts.get("message/delivery-status"):
        return _read_report(message, report, text)
    words = _get_words(message)
    if failed := message.get("X-Failed-Recipients"):
        addresses = _clean(getaddresses([str(failed)]))
        return _read_words(message, words, text, addresses)
    if _is_from_machine(message):
        return _read_words(message, words, text)
    return _read_automatic(message, words, text)


def _get_source(message):
    """All that a mail says, decoded; broken parts of it are left out."""
    texts = []
    for part in message.walk():
        try:
            texts.extend(f"{name}: {value}" for name, value in part.items())
            if part.get_content_maintype() == "text":
                texts.append(str(part.get_content()))
        except (LookupError, ValueError, AttributeError, TypeError):
            texts.append(str(part.get_payload()))
    return "\n".join(texts)


def _clean(pairs):
    found = (normalise_mailbox(address) for _name, address in pairs)
    return tuple(dict.fromkeys(filter(None, found)))


# === IN FIELDS === #


def _read_fields(part):
    """The groups of fields of a report, each a message of headers."""
    payload = part.get_payload()
    return payload if isinstance(payload, list) else []


def _read_complaint(message, report, parts, text):
    groups = _read_fields(report)
    fields = groups[0] if groups else report
    kind = (fields.get("Feedback-Type") or "abuse").strip().lower()
    if kind in ("not-spam", "auth-failure", "dmarc", "virus"):
        return Returned(NONE, text=text)
    given = [
        str(value)
        for name in ("Original-Rcpt-To", "Removal-Recipient")
        for value in fields.get_all(name, [])
    ]
    if not given and (original := parts.get("message/rfc822")):
        inner = original.get_payload()
        given = [str(inner[0].get("To") or "")] if isinstance(inner, list) else []
    pairs = getaddresses([value.rpartition(";")[2] for value in given])
    return Returned(COMPLAINT, _clean(pairs), f"Feedback-Type: {kind}", text)


def _read_report(message, report, text):
    """A report of delivery; of several recipients the worst is told."""
    worst, addresses, answer = NONE, [], ""
    for fields in _read_fields(report):
        given = fields.get("Final-Recipient") or fields.get("Original-Recipient")
        if not given:
            continue
        address = normalise_mailbox(str(given).rpartition(";")[2])
        action = str(fields.get("Action") or "failed").strip().lower()
        status = str(fields.get("Status") or "").split()[:1]
        said = str(fields.get("Diagnostic-Code") or "").partition(";")[2]
        told = one_line(said) or one_line(_get_words(message)) or " ".join(status)
        if action == "delayed":
            kind = DELAY
        elif action != "failed":
            kind = NONE
        else:
            kind = _judge(" ".join(status), told)
        if kind and _WORSE.index(kind) >= _WORSE.index(worst):
            if kind != worst:
                addresses = []
            worst, answer = kind, told
            addresses.append(address)
    return Returned(worst, tuple(filter(None, addresses)), answer, text)


_WORSE = (NONE, DELAY, BLOCKED, SOFT, HARD)


def _judge(status, said):
    """What a failed delivery says of a mailbox.

    >>> _judge("5.0.0", "550 5.1.1 user unknown"), _judge("5.2.2", "over quota")
    ('hard', 'soft')
    >>> _judge("5.7.1", "550 spam"), _judge("4.4.7", "expired"), _judge("5.1.1", "")
    ('blocked', 'soft', 'hard')
    """
    match = re.match(r"\s*(\d{3})\b", said)
    code = int(match[1]) if match else 0
    answer = read_answer(code, said)
    if not answer.status or answer.status.endswith(".0.0"):
        worded = read_answer(code, f"{status} {said}")
        answer = answer if answer.about and not worded.about else worded
    if answer.about == DEAD:
        return HARD
    if answer.about == SENDER:
        return BLOCKED
    if answer.about == FULL or (answer.status or status).startswith("4"):
        return SOFT
    return BLOCKED if re.search(r"5\.[67]\.", f"{status} {said}") else SOFT


# === IN WORDS === #


def _get_words(message):
    """What a person would read of it, without the mail that it gives back."""
    body = message.get_body(("plain", "html")) if message.is_multipart() else message
    if body is None or not body.get_content_type().startswith("text/"):
        return ""
    try:
        words = body.get_content()
    except (LookupError, UnicodeError, KeyError):
        words = str(body.get_payload())
    is_html = body.get_content_subtype() == "html"
    return re.sub(r"<[a-z/!][^<>]*>", " ", words) if is_html else words


def _is_from_machine(message):
    sender = str(message.get("From") or "")
    local = sender.rpartition("<")[2].partition("@")[0]
    is_empty = str(message.get("Return-Path") or "x").strip() in ("<>", "")
    subject = str(message.get("Subject") or "")
    return bool((_FROM_MACHINE.search(local) or is_empty) and not _AWAY.search(subject))


def _read_words(message, words, text, addresses=()):
    subject = str(message.get("Subject") or "")
    said = words.partition("--- Below this line")[0]
    if _CHALLENGE.search(subject):
        return Returned(CHALLENGE, text=text)
    if not (addresses or _RETURNED.search(subject) or _RETURNED.search(said[:2000])):
        return _read_automatic(message, words, text)
    if _DELAYED.search(subject):
        return Returned(DELAY, addresses, text=text)
    own = _clean(getaddresses([str(message.get("To") or "")]))
    if not addresses:
        found = _clean([("", match) for match in _ADDRESS.findall(said)])
        addresses = tuple(box for box in found if box not in own)[:1]
    answers = [one_line(f"{a} {rest}") for a, rest in _ANSWER.findall(said)]
    told = answers[-1] if answers else one_line(said)
    return Returned(_judge("", told), addresses, told[:300], text)


def _read_automatic(message, words, text):
    """Answers of machines, and what people write."""
    subject = str(message.get("Subject") or "")
    says_so = str(message.get("Auto-Submitted") or "no").strip().lower()
    is_automatic = says_so.startswith("auto-replied") or any(
        message.get(name) for name in _WAYS_TO_SAY_AUTOMATIC
    )
    bulk = str(message.get("Precedence") or "").strip().lower()
    is_automatic = is_automatic or bulk in ("auto_reply", "auto-reply")
    asks = f"{subject}\n{words[:1500]}"
    if (is_automatic or says_so != "no" or message.get("X-Boxtrapper")) and (
        _CHALLENGE.search(asks) and not _AWAY.search(subject)
    ):
        return Returned(CHALLENGE, text=text)
    if _CHALLENGE.search(subject) and re.search(r"https?://", words):
        return Returned(CHALLENGE, text=text)
    if is_automatic or _AWAY.search(subject):
        return Returned(AWAY, text=text)
    return Returned(NONE, text=text)
