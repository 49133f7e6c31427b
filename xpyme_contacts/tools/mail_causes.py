"""Why a mail did not arrive, from what mail servers and networks say.

They say it in English, in numbers and each in its own words; a shop wants to know
which of its mails failed for the same cause.
"""

import re

NO_MAILBOX, FULL, NO_DOMAIN, ADDRESS = "no_mailbox", "full", "no_domain", "address"
PACE, SENDER, UNWANTED, TOO_LARGE = "pace", "sender", "unwanted", "too_large"
UNREACHABLE, BROKEN, OTHER = "unreachable", "broken", "other"

# Pairs of cause and pattern, the first that is found counts. Python and PostgreSQL
# read the patterns alike; they are searched in lower case. A number of RFC 3463 counts
# more than words, for those are advice as often as they are the cause.
CAUSES = (
    (PACE, r"4\.7\.28|4\.2\.1 |rate.?limit|too (many|fast)|hourly|daily|per hour"),
    (FULL, r"[45]\.2\.2|(mailbox|inbox|quota).{0,20}(full|exceed)|over.?quota"),
    (TOO_LARGE, r"5\.3\.4|(message|mail).{0,12} (size|large)|size limit"),
    (NO_MAILBOX, r"5\.1\.(1|6|10)([^0-9]|$)|(user|mailbox|recipient).{0,9} unknown"),
    (NO_MAILBOX, r"(no such|unknown) (user|recipient|mailbox)|does ?n.t exist"),
    (NO_MAILBOX, r"does not exist|no existe|mailbox (unavailable|not found)"),
    (NO_DOMAIN, r"5\.1\.2([^0-9]|$)|5\.4\.4|(domain|host) (name )?not found|no mx"),
    (SENDER, r"5\.1\.[78]([^0-9]|$)|5\.7\.(0|8|57|60)([^0-9]|$)|^53[0458]|starttls"),
    (SENDER, r"sender.{0,20}(reject|denied|verif|not)|authenticat|relay"),
    (UNWANTED, r"5\.7\.|spam|black.?list|block.?list|blocked|reputation|policy|^554"),
    (ADDRESS, r"5\.1\.3([^0-9]|$)|^50[15]|^553|(bad|invalid) (address|recipient)"),
    (UNREACHABLE, r"refused.?$|errno (111|110|113|101|-[235])|timed out|getaddrinfo"),
    (UNREACHABLE, r"unreachable|name or service|no route|cannot be reached"),
    (BROKEN, r"closed|reset|broken pipe|errno (104|32)|lost|eof occurred"),
    (PACE, r"^4[25][0-9]|grey.?list|try (again|later)|later"),
    (NO_MAILBOX, r"^550"),
)
_PATTERNS = [(cause, re.compile(pattern)) for cause, pattern in CAUSES]


def find_cause(said):
    """The cause of a failure in a server's or the network's words; None without any.

    >>> find_cause("550 5.1.1 <ana@example.com>: Recipient address rejected")
    'no_mailbox'
    >>> find_cause("452 4.2.2 Mailbox full"), find_cause("552 over quota")
    ('full', 'full')
    >>> find_cause("550 4.4.4 Domain not found"), find_cause("553 bad address")
    ('no_domain', 'address')
    >>> find_cause("451 4.7.28 Our system has detected an unusual rate")
    'pace'
    >>> find_cause("530 5.7.0 Must issue a STARTTLS command first")
    'sender'
    >>> find_cause("554 5.7.1 Message held for spam"), find_cause("554 no SMTP here")
    ('unwanted', 'unwanted')
    >>> find_cause("552 5.3.4 Message size exceeds fixed limit")
    'too_large'
    >>> find_cause("[Errno 111] Connection refused"), find_cause("timed out")
    ('unreachable', 'unreachable')
    >>> find_cause("[Errno -2] Name or service not known")
    'unreachable'
    >>> find_cause("Connection unexpectedly closed"), find_cause("[Errno 104] reset")
    ('broken', 'broken')
    >>> find_cause("450 greylisted"), find_cause("550 no"), find_cause("Ñandú")
    ('pace', 'no_mailbox', 'other')
    >>> find_cause(False)
    """
    if not said:
        return None
    said = said.lower()
    return next((cause for cause, p in _PATTERNS if p.search(said)), OTHER)
