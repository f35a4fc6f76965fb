"""What the tests of the shipped scenarios share: the files, a sound update and query to change, and raw sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
import pytest_twisted
from twisted.internet import defer, endpoints
from twisted.internet.protocol import Protocol
from twisted.python.failure import Failure

import scenarios
from mockiis.er7 import Message, read, write
from mockiis.message import MessageReply, Reply, Request
from mockiis.message.acknowledgment import acknowledgment
from mockiis.message.query_response import query_response
from mockiis.registry.registry import Registry
from mockiis.respond import respond
from mockiis.scenario import Scenario, load
from mockiis.scenario.memory import Memory
from mockiis.testing import MockIIS
from mockiis.wire.soap import CDC
from mockiis.wire.soap_client import envelope

HANGS = 60
"""Seconds after which a test that waits for an answer gives up; a busy machine needs some."""
NOON = datetime(2024, 4, 3, 12, tzinfo=UTC)
VXU = """\
MSH|^~\\&|MYEHR|DCS|NDIIS|ND0000|20240403120000-0500||VXU^V04^VXU_V04|M1|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS
PID|1||P1^^^DCS^MR||Muster^Nora^Ann^^^^L||20190315|F||2106-3^White^CDCREC|5 Oak Ave^^Fargo^ND^58102^USA^L||\
^PRN^PH^^^701^5550101|||||||||2186-5^not Hispanic or Latino^CDCREC||N|1
ORC|RE||A1^MYEHR
RXA|0|1|20240402||03^MMR^CVX|0.5|mL^mL^UCUM||00^New Record^NIP001||^^^04999||||LOT1|20250101|MSD^Merck^MVX|||CP|A
RXR|C38299^Subcutaneous^NCIT|LT^Left Thigh^HL70163
OBX|1|CE|64994-7^Eligibility^LN|1|V02^Medicaid^HL70064||||||F
OBX|2|CE|30963-3^Funding^LN|1|VXC1^Federal Funds^CDCPHINVS||||||F
"""
QBP = """\
MSH|^~\\&|MYEHR|DCS|NDIIS|ND0000|20240403120000-0500||QBP^Q11^QBP_Q11|Q1|P|2.5.1|||ER|AL|||||Z34^CDCPHINVS
QPD|Z34^Request Immunization History^CDCPHINVS|T1|P1^^^DCS^MR|Muster^Nora^Ann^^^^L|Keller^Ida^^^^^M|20190315|F|\
5 Oak Ave^^Fargo^ND^58102^^L
RCP|I|5^RD&Records&HL70126
"""


def changed(text: str, changes: dict[str, str], without: str) -> Message:
    lines = [line for line in text.splitlines() if not line.startswith(without or "-")]
    message = read("\r".join(lines) + "\r")
    for place, value in changes.items():
        message = message.replace(place, value)
    return message


@pytest.fixture
def update() -> Callable[..., Message]:
    """A sound VXU, with other values at some places, or without a segment."""
    return lambda changes=None, without="": changed(VXU, changes or {}, without)


@pytest.fixture
def query() -> Callable[..., Message]:
    """A sound QBP, with other values at some places, or without a segment."""
    return lambda changes=None, without="": changed(QBP, changes or {}, without)


@cache
def loaded(name: str) -> tuple[Scenario, ...]:
    return tuple(load(path.read_text(encoding="utf-8"), path.name) for path in scenarios.paths(name))


@pytest.fixture
def shipped() -> Callable[[str], tuple[Scenario, ...]]:
    """A shipped scenario, or all of a folder."""
    return loaded


@pytest.fixture
def ask() -> Callable[..., Request]:
    """A request as the server hands it over; over SOAP unless ``transport`` says otherwise."""

    def make(message: Message, *, transport: str = "soap", seed: int = 0, **more: Any) -> Request:
        operation = "submitSingleMessage" if transport == "soap" else ""
        given = {"transport": transport, "operation": operation, "received": NOON, "control_id": "R1", **more}
        return Request(**given, message=message, text=write(message), seed=seed)

    return make


class Willing(Registry):
    """A registry that takes every update and knows nobody, without looking at anything: it is quick."""

    def answer(self, request: Request) -> Reply:
        if request.message and request.message.get("MSH-9.1") == "QBP":
            return MessageReply(text=query_response(request, "Z33", "NF"))
        return MessageReply(text=acknowledgment(request, "AA"))


@pytest.fixture
def registry() -> Registry:
    """A registry that takes everything."""
    return Willing()


@pytest.fixture
def answer(ask: Callable[..., Request]) -> Callable[..., Reply]:
    """What a shipped scenario replies to a message."""

    def reply(name: str, message: Message, *, memory: Memory | None = None, **more: Any) -> Reply:
        return respond(ask(message, **more), loaded(name), memory or Memory(), Willing())

    return reply


class Peer(Protocol):
    """Keeps every byte, and how the connection ended. ``done`` is when it has, or a whole MLLP block has come."""

    def __init__(self) -> None:
        self.data = b""
        self.ended = ""
        self.done = defer.Deferred[None]()
        self.end = defer.Deferred[None]()

    def dataReceived(self, data: bytes) -> None:
        self.data += data
        if self.data.endswith(b"\x1c\r"):
            self._done()

    def connectionLost(self, reason: Failure) -> None:
        self.ended = reason.type.__name__
        self._done()
        self.end.callback(None)

    def _done(self) -> None:
        if not self.done.called:
            self.done.callback(None)


class Sockets:
    """Mocks on real sockets, on clocks that stand still, and what they send, byte by byte."""

    def __init__(self) -> None:
        self._mocks: list[MockIIS] = []
        self._peers: list[Peer] = []

    def start(self, name: str, **options: Any) -> MockIIS:
        """A mock that answers by a shipped scenario."""
        mock = MockIIS(*loaded(name), new_control_id=lambda: "R1", **options)
        mock.clock.freeze(at=NOON)
        self._mocks.append(mock)
        return mock

    async def soap(self, mock: MockIIS, message: Message, *, wait: float = 0, **credentials: str) -> bytes:
        """The whole HTTP response; ``wait`` moves the clock once the message has been received."""
        return (await self._exchange(mock, mock.soap_url, post(message, **credentials), wait)).data

    async def mllp(self, mock: MockIIS, message: Message, *, wait: float = 0) -> Peer:
        """What comes back on a connection that this side leaves open until the answer has come or it has ended."""
        return await self._exchange(mock, mock.mllp_url, block(message), wait)

    async def silence(self, mock: MockIIS, message: Message, transport: str) -> None:
        """Nothing comes back, and the connection stands, however far the clock moves."""
        peer = await self._dial(mock.soap_url if transport == "soap" else mock.mllp_url)
        peer.transport.write(post(message) if transport == "soap" else block(message))
        await mock.received(len(mock.exchanges) + 1)
        mock.clock.advance(3600)
        await self._dial(mock.mllp_url)
        assert (b"", "") == (peer.data, peer.ended)

    async def _dial(self, url: str) -> Peer:
        from twisted.internet import reactor

        host, _, port = url.partition("://")[2].removesuffix("/soap").rpartition(":")
        peer = await endpoints.connectProtocol(endpoints.HostnameEndpoint(reactor, host, int(port)), Peer())
        self._peers.append(peer)
        return peer

    async def _exchange(self, mock: MockIIS, url: str, data: bytes, wait: float) -> Peer:
        from twisted.internet import reactor

        peer = await self._dial(url)
        count = len(mock.exchanges)
        peer.transport.write(data)
        await mock.received(count + 1)
        if wait:
            mock.clock.advance(wait - 0.01)
            assert b"" == peer.data
            mock.clock.advance(0.02)
        await peer.done.addTimeout(HANGS, reactor)
        return peer

    async def stop(self) -> None:
        for peer in self._peers:
            if not peer.ended:
                peer.transport.loseConnection()
                await peer.end
        for mock in self._mocks:
            await mock.stop()


def post(message: Message, **credentials: str) -> bytes:
    headers, body = envelope(CDC, "submitSingleMessage", write(message), **credentials)
    lines = ["POST /soap HTTP/1.1", "Host: iis.example", f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode() + body


def block(message: Message) -> bytes:
    return b"\x0b" + write(message).encode() + b"\x1c\r"


@pytest_twisted.async_yield_fixture
async def sockets() -> AsyncIterator[Sockets]:
    """Start mocks and talk to them; they are stopped after the test."""
    made = Sockets()
    yield made
    await made.stop()
