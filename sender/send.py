"""Sending: messages go to a destination one after another, each only after the answer to the one before.

session = Session(destination, reactor)
outcome = await session.send(message)
await session.close()
"""

from __future__ import annotations

from typing import Any, Self

from twisted.internet import defer

from sender.answer import judge
from sender.destination import Destination
from sender.mllp import MLLPTransport
from sender.outcome import NotAcknowledgment, Outcome
from sender.plain_http import HTTPTransport
from sender.soap import SOAPTransport

Transport = SOAPTransport | MLLPTransport | HTTPTransport


def transport(destination: Destination, reactor: Any) -> Transport:
    """What carries messages there. Raises MockIISError when the certificates to trust cannot be read."""
    match destination.transport:
        case "soap":
            return SOAPTransport(destination, reactor)
        case "mllp":
            return MLLPTransport(destination, reactor)
        case "http":
            return HTTPTransport(destination, reactor)


class Session:
    """A connection to a destination that is kept for several messages. Not for messages side by side."""

    def __init__(self, destination: Destination, reactor: Any) -> None:
        """Raises MockIISError when the certificates to trust cannot be read."""
        self._transport = transport(destination, reactor)

    async def send(self, message: str) -> Outcome:
        """Send one message, exactly as it is; how that ended. Never raises for what the network does."""
        answer = await self._transport.submit(message)
        if isinstance(answer, Outcome):
            return answer
        outcome = judge(message, answer.text, answer.remarks)
        if isinstance(outcome, NotAcknowledgment):
            self._transport.out_of_step()
        return outcome

    async def connectivity_test(self, text: str = "mockiis connectivity test") -> Outcome:
        """Whether the destination can be reached: over SOAP it must echo the text, else take a connection."""
        return await self._transport.connectivity_test(text)

    async def close(self) -> None:
        """Close what is open."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()


def send(message: str, destination: Destination, reactor: Any) -> defer.Deferred[Outcome]:
    """Send one message on a connection of its own; fires with how that ended."""

    async def once() -> Outcome:
        async with Session(destination, reactor) as session:
            return await session.send(message)

    return defer.Deferred.fromCoroutine(once())


def connectivity_test(destination: Destination, reactor: Any) -> defer.Deferred[Outcome]:
    """Test whether the destination can be reached, on a connection of its own."""

    async def once() -> Outcome:
        async with Session(destination, reactor) as session:
            return await session.connectivity_test()

    return defer.Deferred.fromCoroutine(once())
