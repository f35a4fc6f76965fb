"""The journal's interface, and the one that is kept in memory: the latest exchanges, and no more than that."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Protocol

from mockiis.message.reply import Reply
from mockiis.message.request import Request
from mockiis.store.entry import JournalEntry, entry_of

DEFAULT_LIMIT = 10_000
"""Exchanges that a journal in memory keeps."""


class Journal(Protocol):
    """Exchanges in order of receipt. ``durable`` ones are committed: nothing may be answered before."""

    durable: bool

    def note(self, request: Request, reply: Reply, peer: str) -> int:
        """Add an exchange; its number. A durable one is there after ``commit`` only."""

    def sent(self, number: int, seconds: float) -> None:
        """The answer to an exchange has left, so many seconds after its receipt."""

    def entries(self, after: int = 0) -> Iterator[JournalEntry]:
        """The exchanges with a higher number than ``after``, oldest first."""

    def entry(self, number: int) -> JournalEntry | None:
        """The exchange with that number, if it is still there."""

    def clear(self) -> None:
        """Forget all of them; numbers go on."""

    def commit(self) -> None:
        """Make what was noted permanent. Raises MockIISError when that fails; nothing of it is there then."""

    def rollback(self) -> None:
        """Forget what was noted since the last ``commit``."""

    def close(self) -> None:
        """Let go of whatever it is kept in."""


class Ring:
    """The latest exchanges, in memory. An exchange becomes an entry when somebody asks for it."""

    durable = False

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self.limit = limit
        self._kept: OrderedDict[int, tuple[Request, Reply, str]] = OrderedDict()
        self._seconds: dict[int, float] = {}
        self._last = 0

    def note(self, request: Request, reply: Reply, peer: str) -> int:
        """Add an exchange, and drop the oldest one over the limit."""
        self._last += 1
        self._kept[self._last] = (request, reply, peer)
        if len(self._kept) > self.limit:
            oldest, _ = self._kept.popitem(last=False)
            self._seconds.pop(oldest, None)
        return self._last

    def sent(self, number: int, seconds: float) -> None:
        """The answer has left."""
        if number in self._kept:
            self._seconds[number] = seconds

    def entries(self, after: int = 0) -> Iterator[JournalEntry]:
        """The exchanges after that number that are still kept."""
        first = next(iter(self._kept), 0)
        numbers = list(islice(self._kept, max(0, after - first + 1), None))
        return (entry for number in numbers if (entry := self.entry(number)) is not None)

    def entry(self, number: int) -> JournalEntry | None:
        """One exchange, with the password left out."""
        kept = self._kept.get(number)
        return replace(entry_of(*kept), number=number, seconds=self._seconds.get(number)) if kept else None

    def commit(self) -> None:
        """There is nothing to do."""

    rollback = close = commit

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()
        self._seconds.clear()
