"""A mock on real sockets that misbehaves as a rule says, and a peer that keeps every byte it gets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_twisted
from twisted.internet import defer, endpoints, ssl
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import Protocol
from twisted.python.failure import Failure

from mockiis.scenario import load
from mockiis.testing import MockIIS, Settings
from mockiis.wire.soap import CDC
from mockiis.wire.soap_client import envelope

VXU = "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1||1||Doe^Jane\r"
NOON = datetime(2024, 4, 3, 12, tzinfo=UTC)
ACK = (
    "MSH|^~\\&|NDIIS|ND0000|EHR|CLINIC1|20240403120000+0000||ACK^V04^ACK|R1|P|2.5.1|||NE|NE|||||Z23^CDCPHINVS\r"
    "MSA|AA|M1\r"
)


class Peer(Protocol):
    """Keeps what it gets, and how the connection ended: ``close``, ``reset``, or empty while it stands."""

    def __init__(self) -> None:
        self.data = b""
        self.ended = ""
        self._waiting: list[tuple[Callable[[], bool], defer.Deferred[None]]] = []

    def dataReceived(self, data: bytes) -> None:
        self.data += data
        self._look()

    def connectionLost(self, reason: Failure) -> None:
        self.ended = "close" if reason.check(ConnectionDone) else "reset"
        self._look()

    def send(self, data: bytes) -> None:
        self.transport.write(data)

    def until(self, holds: Callable[[], bool]) -> defer.Deferred[None]:
        waiting = defer.Deferred[None]()
        self._waiting.append((holds, waiting))
        self._look()
        return waiting.addTimeout(10, _reactor(), self._too_late)

    def size(self, count: int) -> defer.Deferred[None]:
        """Until so many bytes have come, or the connection has ended."""
        return self.until(lambda: len(self.data) >= count or bool(self.ended))

    def end(self) -> defer.Deferred[None]:
        return self.until(lambda: bool(self.ended))

    def _look(self) -> None:
        for entry in [entry for entry in self._waiting if entry[0]()]:
            self._waiting.remove(entry)
            entry[1].callback(None)

    def _too_late(self, result: object, _: float) -> object:
        pytest.fail(f"still waiting, ended: {self.ended or 'no'}, with {self.data!r}")


class Stage:
    """One mock whose only rule replies as given, on a clock that stands still, and the peers connected to it."""

    def __init__(self, reply: str, when: str = "", issued: Any = None, **settings: Any) -> None:
        when = when or ("{transport: soap}" if "fault:" in reply or "http:" in reply else "{}")
        rule = f"version: 1\nrules:\n  - name: wrong\n    when: {when}\n    reply: {reply}\n"
        self.authority = issued and issued.authority
        if issued:
            settings["tls"] = issued.options
        self.iis = MockIIS(load(rule, "wrong.yaml"), settings=Settings(**settings), new_control_id=lambda: "R1")
        self.iis.clock.freeze(at=NOON)
        self.peers: list[Peer] = []

    async def dial(self, url: str) -> Peer:
        """Connect to the listener at that address."""
        host, _, port = url.partition("://")[2].removesuffix("/soap").rpartition(":")
        way: Any = endpoints.HostnameEndpoint(_reactor(), host, int(port))
        if self.authority:
            trusted = ssl.trustRootFromCertificates([ssl.Certificate.loadPEM(self.authority)])
            way = endpoints.wrapClientTLS(ssl.optionsForClientTLS("localhost", trustRoot=trusted), way)
        peer = await endpoints.connectProtocol(way, Peer())
        self.peers.append(peer)
        return peer

    async def mllp(self, *messages: str) -> Peer:
        """Connect over MLLP and send."""
        peer = await self.dial(self.iis.mllp_url)
        for message in messages:
            peer.send(b"\x0b" + message.encode() + b"\x1c\r")
        return peer

    async def soap(self, *messages: str, operation: str = "submitSingleMessage") -> Peer:
        """Connect over HTTP and post."""
        peer = await self.dial(self.iis.soap_url)
        for message in messages:
            peer.send(post(message, operation))
        return peer

    async def round_trip(self) -> None:
        """Exchange something on a connection of its own: the mock works, and what was on its way has come."""
        for _ in range(2):
            peer = await self.dial(self.iis.soap_url)
            peer.send(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            await peer.end()
            assert b"mockiis" in peer.data

    async def stop(self) -> None:
        await self.iis.stop()
        for peer in self.peers:
            await peer.end()
        assert [] == self.iis.clock.getDelayedCalls()


def post(message: str, operation: str = "submitSingleMessage") -> bytes:
    headers, body = envelope(CDC, operation, message, username="ann", password="secret")
    lines = ["POST /soap HTTP/1.1", "Host: iis.example", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _reactor() -> Any:
    from twisted.internet import reactor

    return reactor


@pytest.fixture
def vxu() -> str:
    """The message that is sent."""
    return VXU


@pytest.fixture
def ack() -> bytes:
    """Its answer, as it would be if nothing were wrong."""
    return ACK.encode()


@pytest_twisted.async_yield_fixture
async def stage() -> AsyncIterator[Callable[..., Stage]]:
    """Called with a reply in YAML and settings of the listeners, it starts a mock, which is stopped after the test."""
    stages: list[Stage] = []

    def begin(reply: str, **settings: Any) -> Stage:
        stages.append(Stage(reply, **settings))
        return stages[-1]

    yield begin
    for each in stages:
        await each.stop()
