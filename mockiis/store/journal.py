"""The journal's interface, and the one that is kept in memory: the latest exchanges, and no more than that."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Protocol

from mockiis.message.reply import MessageReply, Reply
from mockiis.message.request import Request, Transport
from mockiis.store.entry import JournalEntry, Seen, entry_of

DEFAULT_LIMIT = 10_000
"""Exchanges that a journal in memory keeps."""
MOST_TEXT = 64 * 1024 * 1024
"""Characters of requests and answers that it keeps; large messages push others out sooner."""


class Journal(Protocol):
    """Exchanges in order of receipt. ``durable`` ones are committed: nothing may be answered before.

    ``instance`` is the name of this mock in what several share.
    """

    durable: bool
    instance: str

    def note(self, request: Request, reply: Reply, peer: str) -> int:
        """Add an exchange; its number. A durable one is there after ``commit`` only."""

    def sent(self, number: int, seconds: float) -> None:
        """The answer to an exchange has left, so many seconds after its receipt."""

    def entries(self, after: int = 0) -> Iterator[JournalEntry]:
        """The exchanges with a higher number than ``after``, oldest first."""

    def seen(self, after: int = 0) -> Iterator[Seen]:
        """The same at a glance."""

    def entry(self, number: int) -> JournalEntry | None:
        """The exchange with that number, if it is still there."""

    def last(self) -> int:
        """The highest number there is or was; 0 at first."""

    def clear(self) -> None:
        """Forget all of them; numbers go on."""

    def commit(self) -> None:
        """Make what was noted permanent. Raises MockIISError when that fails; nothing of it is there then."""

    def rollback(self) -> None:
        """Forget what was noted since the last ``commit``."""

    def close(self) -> None:
        """Let go of whatever it is kept in."""


_Kept = tuple[datetime, Transport, str, str, str, str, Reply, str]
"""Of a request: received, transport, text, operation, user name, facility; the reply; the peer. Little else is kept,
since there are many of them: neither the parsed message nor the password.
"""


class Ring:
    """The latest exchanges, in memory. An exchange becomes an entry when somebody asks for it."""

    durable = False
    instance = ""

    def __init__(self, limit: int = DEFAULT_LIMIT, most_text: int = MOST_TEXT) -> None:
        self.limit = limit
        self.most_text = most_text
        self._text = 0
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._seconds: dict[int, float] = {}
        self._last = 0

    def note(self, request: Request, reply: Reply, peer: str) -> int:
        """Add an exchange, and drop the oldest ones over the limits; the latest is always kept."""
        self._last += 1
        fields = (request.received, request.transport, request.text, request.operation)
        self._kept[self._last] = (*fields, request.username, request.facility, reply, peer)
        self._text += _size(request.text, reply)
        while len(self._kept) > 1 and (len(self._kept) > self.limit or self._text > self.most_text):
            oldest, (_, _, text, _, _, _, its_reply, _) = self._kept.popitem(last=False)
            self._text -= _size(text, its_reply)
            self._seconds.pop(oldest, None)
        return self._last

    def sent(self, number: int, seconds: float) -> None:
        """The answer has left."""
        if number in self._kept:
            self._seconds[number] = seconds

    def entries(self, after: int = 0) -> Iterator[JournalEntry]:
        """The exchanges after that number that are still kept."""
        return (exchange.entry() for exchange in self.seen(after))

    def seen(self, after: int = 0) -> Iterator[Seen]:
        """The same without reading the answers. Those noted meanwhile are not among them."""
        first = next(iter(self._kept), 0)
        numbers = list(islice(self._kept, max(0, after - first + 1), None))
        return (self._glance(number, kept) for number in numbers if (kept := self._kept.get(number)) is not None)

    def entry(self, number: int) -> JournalEntry | None:
        """One exchange, with the password left out."""
        kept = self._kept.get(number)
        return self._glance(number, kept).entry() if kept else None

    def _glance(self, number: int, kept: _Kept) -> Seen:
        received, transport, text, operation, username, facility, reply, peer = kept
        asked = JournalEntry(
            received=received,
            transport=transport,
            request=text,
            operation=operation,
            username=username,
            facility=facility,
        ).as_request()

        def entry() -> JournalEntry:
            return replace(entry_of(asked, reply, peer), number=number, seconds=self._seconds.get(number))

        return Seen(number=number, instance="", request=asked, unmatched=bool(reply.explanation), entry=entry)

    def last(self) -> int:
        """The number of the latest one, kept or not."""
        return self._last

    def commit(self) -> None:
        """There is nothing to do."""

    rollback = close = commit

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()
        self._seconds.clear()
        self._text = 0


def _size(text: str, reply: Reply) -> int:
    return len(text) + (len(reply.text) if isinstance(reply, MessageReply) else 0)
