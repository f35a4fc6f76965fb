"""A connection to each listener, on a transport of strings and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web.http_headers import Headers

from mockiis.message.reply import FaultKind, FaultReply, HTTPReply, MessageReply, NoReply, Reply
from mockiis.server.frame_service import FrameAnswer
from mockiis.server.mllp import MLLPFactory, MLLPServer
from mockiis.server.site import site
from mockiis.wire.http_post import NoPost, Post
from mockiis.wire.mllp import CR, FS, VT, frame
from mockiis.wire.soap import CDC, Dialect
from mockiis.wire.soap_client import Fault, NotSOAP, Returned, envelope, read_response
from mockiis.wire.soap_server import Call, Refusal

SUBMIT = "submitSingleMessage"


class Words:
    """A service that answers ``text`` with ``re text``, or does what a message of a few words asks.

    ``slow 2 text`` waits; ``close``, ``reset``, ``hang`` are no reply; ``fault`` is one; ``fail`` is an error of ours.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.refusals: list[Refusal] = []
        self.peers: list[str] = []
        self.reports: list[str] = []

    def answer_call(self, call: Call, peer: str) -> Reply:
        self.calls.append(call)
        self.peers.append(peer)
        return self._re(call.text)

    def _re(self, text: str) -> Reply:
        match text.split(" "):
            case ["close" | "reset" | "hang" as how]:
                return NoReply(how=how)
            case ["slow", seconds, *_]:
                return MessageReply(text=f"re {text}", delay=float(seconds))
            case ["late-close"]:
                return NoReply(how="close", delay=1)
            case ["fault"]:
                return FaultReply(kind=FaultKind.SECURITY, detail="no such user")
            case ["fail"]:
                raise ValueError(text)
            case ["nothing"]:
                return Reply()
        return MessageReply(text=f"re {text}")

    def refuse_call(self, refusal: Refusal, peer: str) -> Reply:
        self.refusals.append(refusal)
        self.peers.append(peer)
        return FaultReply(kind=refusal.kind, detail=refusal.detail)

    def answer_post(self, post: Post, peer: str) -> FrameAnswer:
        return FrameAnswer(reply=self._re(post.data.decode("latin-1")), data=b"re " + post.data)

    def refuse_post(self, refused: NoPost, peer: str) -> FrameAnswer:
        return FrameAnswer(reply=HTTPReply(status=refused.status, body=refused.sentence), data=b"")

    def report(self, peer: str, text: str) -> None:
        self.reports.append(text)


class Connection:
    """One connection to a SOAP site, and what came back on it."""

    def __init__(self, dialect: Dialect = CDC, **settings: Any) -> None:
        self.service = Words()
        self.clock = Clock()
        self.dialect = dialect
        factory = site(self.service, self.clock, dialect, **settings)
        self.transport = StringTransport(IPv4Address("TCP", "10.0.0.1", 80), IPv4Address("TCP", "192.168.1.1", 54321))
        self.protocol: Any = factory.buildProtocol(None)
        self.protocol.makeConnection(self.transport)
        self.sent: list[bytes] = []

    def send(self, data: bytes) -> None:
        self.sent.append(data)
        if not self.transport.disconnecting:  # a real transport reads no more then
            self.protocol.dataReceived(data)

    def post(self, body: bytes, headers: dict[str, str] | None = None, path: str = "/soap") -> None:
        lines = [f"POST {path} HTTP/1.1", "Host: iis.example:8080", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.send("\r\n".join([*lines, "", ""]).encode() + body)

    def submit(self, text: str, operation: str = SUBMIT) -> None:
        headers, body = envelope(self.dialect, operation, text, username="ann", password="secret")
        self.post(body, headers)

    def lose(self) -> None:
        self.protocol.connectionLost(Failure(ConnectionDone()))

    def responses(self) -> list[tuple[int, Headers, bytes]]:
        """Everything written so far: status, headers and body of each response."""
        found, rest = [], self.transport.value()
        while rest:
            head, _, rest = rest.partition(b"\r\n\r\n")
            first, *lines = head.split(b"\r\n")
            headers = Headers()
            for line in lines:
                name, _, value = line.partition(b": ")
                headers.addRawHeader(name, value)
            (length,) = headers.getRawHeaders(b"content-length") or [b"0"]
            found.append((int(first.split()[1]), headers, rest[: int(length)]))
            rest = rest[int(length) :]
        return found

    def read(self, operation: str = SUBMIT) -> list[Returned | Fault | NotSOAP]:
        """The responses as the sender's end sees them."""
        return [
            read_response(
                body,
                headers.getRawHeaders("content-type", [""])[-1],
                status=status,
                dialect=self.dialect,
                operation=operation,
            )
            for status, headers, body in self.responses()
        ]


@pytest.fixture(scope="session")
def connect() -> type[Connection]:
    """Called with a dialect and the settings of ``site``, it opens a connection."""
    return Connection


class Echo:
    """A service that answers ``text`` with ``re text``, and does what a message of a few words asks.

    ``slow 2 text`` waits; ``close``, ``reset`` and ``hang`` are no reply; ``fail`` is an error of our own.
    """

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.reports: list[str] = []

    def answer_frame(self, data: bytes, peer: str) -> FrameAnswer:
        self.received.append(data)
        match data.decode("latin-1").split(" "):
            case ["close" | "reset" | "hang" as how]:
                return FrameAnswer(reply=NoReply(how=how), data=b"")
            case ["slow", seconds, *_]:
                return FrameAnswer(reply=MessageReply(text="", delay=float(seconds)), data=b"re " + data)
            case ["fail"]:
                raise ValueError(data)
        return FrameAnswer(reply=MessageReply(text=""), data=b"re " + data)

    def refuse_frame(self, reason: str, peer: str) -> FrameAnswer:
        return FrameAnswer(reply=MessageReply(text=""), data=b"no: " + reason.encode())

    def report(self, peer: str, text: str) -> None:
        self.reports.append(text)


class Transport(StringTransport):
    """Counts its writes."""

    writes = 0

    def writeSequence(self, data: Iterable[bytes]) -> None:
        self.writes += 1
        super().writeSequence(data)


class Line:
    """A sender's connection to the server, in memory."""

    def __init__(self, factory: MLLPFactory | None = None, max_size: int = 1000, idle_limit: float | None = 60) -> None:
        self.service = Echo()
        self.clock = Clock()
        self.clock.advance(1_000_000)
        self.factory = factory or MLLPFactory(self.service, self.clock, max_size=max_size, idle_limit=idle_limit)
        self.server: MLLPServer = self.factory.buildProtocol(None)
        self.transport = Transport()
        self.server.makeConnection(self.transport)

    def send(self, *messages: bytes) -> None:
        self.server.dataReceived(b"".join(frame(message) for message in messages))

    def replies(self) -> list[bytes]:
        """The messages written since the last call."""
        written = self.transport.value()
        self.transport.clear()
        blocks = written.split(FS + CR)
        assert b"" == blocks.pop(), "a block is not finished"
        assert all(block.startswith(VT) for block in blocks)
        return [block[1:] for block in blocks]

    def lose(self) -> None:
        self.server.connectionLost(Failure(ConnectionLost()))


@pytest.fixture
def echo() -> Echo:
    """A service for MLLP."""
    return Echo()


@pytest.fixture(scope="session")
def dial() -> type[Line]:
    """Called with a factory or the settings of one, it opens a connection."""
    return Line


@pytest.fixture
def line() -> Line:
    """A new MLLP connection."""
    return Line()
