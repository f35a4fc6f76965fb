"""What is under test: a sender that makes messages from records and reports what became of them.

``OurSender`` is this project's own; another sender is judged by an adapter with the same three methods.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any, Protocol

from sender import messages
from sender.destination import Destination
from sender.outcome import Outcome
from sender.record import Record
from sender.send import Session


class Vendor(Protocol):
    """A sender under test. No method raises for what the network or the IIS does: that is an outcome."""

    @property
    def name(self) -> str:
        """What the report calls it."""

    def make(self, record: Record) -> str:
        """The message of a record: VXU, or QBP for a query."""

    async def submit(self, message: str, destination: Destination) -> Outcome:
        """Send one message and say what came back."""

    async def connectivity(self, text: str, destination: Destination) -> Outcome:
        """Say whether the IIS can be reached; over SOAP by connectivityTest with that text."""


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


class OurSender:
    """The sender of this project. Every message goes over a connection of its own."""

    name = "mockiis sender"

    def __init__(self, reactor: Any, now: Callable[[], datetime] = _now) -> None:
        self._reactor = reactor
        self._now = now
        self._numbers = count(1)

    def make(self, record: Record) -> str:
        """The message of a record."""
        time = self._now()
        return messages.message(record, f"{time:%Y%m%d%H%M%S}-{next(self._numbers)}", time)

    async def submit(self, message: str, destination: Destination) -> Outcome:
        """Send one message."""
        async with Session(destination, self._reactor) as session:
            return await session.send(message)

    async def connectivity(self, text: str, destination: Destination) -> Outcome:
        """Test whether the IIS can be reached."""
        async with Session(destination, self._reactor) as session:
            return await session.connectivity_test(text)
