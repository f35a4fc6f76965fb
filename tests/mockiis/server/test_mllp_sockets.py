"""MLLP connections over real sockets."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_twisted
from twisted.internet import endpoints, error
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol
from twisted.python.failure import Failure

from mockiis.server.mllp import MLLPFactory
from mockiis.wire.mllp import frame


class Sender(Protocol):
    """Sends some bytes at once, collects what comes back, and tells how the connection ended."""

    def __init__(self, data: bytes, *, half_close: bool) -> None:
        self.data, self.half_close = data, half_close
        self.received = b""
        self.ended: Deferred[type[Exception]] = Deferred()

    def connectionMade(self) -> None:
        self.transport.write(self.data)
        if self.half_close:
            self.transport.loseWriteConnection()

    def dataReceived(self, data: bytes) -> None:
        self.received += data

    def connectionLost(self, reason: Failure) -> None:
        self.ended.callback(reason.type)


async def exchange(service: Any, data: bytes, *, half_close: bool = False) -> tuple[bytes, type[Exception]]:
    """What a listener on the loopback writes back, and how it ends the connection."""
    from twisted.internet import reactor

    factory = MLLPFactory(service, reactor, max_size=1_000_000)
    port = await endpoints.serverFromString(reactor, "tcp:0:interface=127.0.0.1").listen(factory)
    try:
        address = endpoints.clientFromString(reactor, f"tcp:127.0.0.1:{port.getHost().port}")
        sender = await endpoints.connectProtocol(address, Sender(data, half_close=half_close))
        ended = await sender.ended
    finally:
        factory.abort_connections()
        await port.stopListening()
    return sender.received, ended


@pytest.mark.parametrize(("ending", "expected"), [(b"close", error.ConnectionDone), (b"reset", error.ConnectionLost)])
@pytest_twisted.ensureDeferred
async def test_over_the_loopback(echo: Any, ending: bytes, expected: type[Exception]) -> None:
    """Pipelined messages are answered in order, one of them late, and the ending comes after them."""
    messages = [b"one", b"slow 0.05 a", b"two", ending]

    received, ended = await exchange(echo, b"".join(map(frame, messages)))

    assert b"".join(frame(b"re " + message) for message in messages[:-1]) == received
    assert expected is ended


@pytest_twisted.ensureDeferred
async def test_a_closed_half_over_the_loopback(echo: Any) -> None:
    """A sender that closes its half at once still reads every reply, the late one too."""
    received, ended = await exchange(echo, frame(b"one") + frame(b"slow 0.05 a"), half_close=True)

    assert frame(b"re one") + frame(b"re slow 0.05 a") == received
    assert error.ConnectionDone is ended


@pytest_twisted.ensureDeferred
async def test_too_large_over_the_loopback(echo: Any) -> None:
    """A sender in the middle of a huge message still gets to read why it was refused."""
    received, ended = await exchange(echo, frame(b"x" * 8_000_000))

    assert frame(b"no: the frame is larger than 1,000,000 bytes") == received
    assert error.ConnectionDone is ended


@pytest_twisted.ensureDeferred
async def test_more_replies_than_the_network_holds(echo: Any) -> None:
    """Back-pressure on both sides: every one of many large replies arrives, in order."""
    messages = [b"%d " % number + b"x" * 50_000 for number in range(200)]

    received, _ = await exchange(echo, b"".join(map(frame, [*messages, b"close"])))

    assert b"".join(frame(b"re " + message) for message in messages) == received
