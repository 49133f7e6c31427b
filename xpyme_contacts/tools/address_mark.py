"""What tells an e-mail address again without naming it: HMAC-SHA-256 of its SHA-256.

In Python and in SQL, which is why it is written out: PostgreSQL has no HMAC of its own.
"""

import hmac
from hashlib import sha256

from odoo.tools import SQL

_BLOCK = 64


def get_mark(key, email):
    """The mark of an address under a key.

    >>> mark = get_mark("key", "ana@example.com")
    >>> len(mark), mark == get_mark("other", "ana@example.com")
    (64, False)
    """
    return _get_mark_of_digest(key, sha256(email.encode()).digest())


def get_mark_sql(key, email):
    """SQL of the mark of the address ``email``, which is SQL."""
    digest = SQL("sha256(convert_to(%s, 'UTF8'))", email)
    return get_mark_of_digest_sql(key, digest)


def get_mark_of_digest_sql(key, digest):
    """SQL of the mark of an address of which SQL knows the SHA-256 only."""
    inner, outer = (bytes(byte ^ pad for byte in _pad(key)) for pad in (0x36, 0x5C))
    return SQL(
        "encode(sha256(%s::bytea || sha256(%s::bytea || %s)), 'hex')",
        outer,
        inner,
        digest,
    )


def _get_mark_of_digest(key, digest):
    return hmac.new(key.encode(), digest, sha256).hexdigest()


def _pad(key):
    """A key as HMAC takes it: hashed if it is longer than a block, filled up."""
    key = key.encode()
    if len(key) > _BLOCK:
        key = sha256(key).digest()
    return key.ljust(_BLOCK, b"\0")
