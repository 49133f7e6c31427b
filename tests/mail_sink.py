"""A mail server on this machine that counts what it accepts."""

import random
from collections import Counter
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from devkit.server import free_port


class MailSink:
    """Accepts mails; while ``refusing`` is set, it refuses that part of them.

    ``accepted``: how many mails each pair of message id and address got.
    """

    def __init__(self, seed=0, keep=False):
        self.accepted, self.kept = Counter(), {}
        self.refused = Counter()
        self.refusing = 0.0
        self._keep = keep
        self._random = random.Random(seed)

    async def handle_RCPT(self, _server, _session, envelope, address, options):
        if self._random.random() < self.refusing:
            code = self._random.choice((451, 451, 451, 550))
            self.refused[code] += 1
            return f"{code} refused on purpose"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        head = envelope.content.partition(b"\r\n\r\n")[0]
        mail = message_from_bytes(head, policy=policy.default)
        for address in envelope.rcpt_tos:
            self.accepted[mail["Message-Id"].strip(), address] += 1
            if self._keep:
                self.kept[address] = envelope.content
        return "250 OK"


@contextmanager
def serving(sink, host="127.0.0.1", port=None):
    """A sink at work; its ``port`` is free and its own, unless it is told one."""
    controller = Controller(sink, hostname=host, port=port or free_port())
    controller.start()
    sink.port = controller.port
    try:
        yield sink
    finally:
        controller.stop()


def running(**options):
    """A plain sink at work."""
    return serving(MailSink(**options))
