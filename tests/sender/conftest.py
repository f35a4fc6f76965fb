"""What the sender's tests share: records ready-made, small servers that answer as a test says, a clock at a stand."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import pytest
import pytest_twisted
from twisted.internet import defer, task
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Site
from zope.interface import directlyProvides, providedBy

from sender.destination import Destination
from sender.record import QueryRecord, Record, VaccinationRecord, load_record

PATIENT = {
    "identifiers": {"id": "123", "type": "MR"},
    "name": {"family": "Winter", "given": "Nora"},
    "birth_date": "2020-02-29",
    "sex": "F",
}
DOSE = {
    "kind": "administered",
    "date": "2024-05-06",
    "vaccine": "94",
    "amount": "0.5",
    "filler_order_number": "A1",
}
REFUSAL = {"kind": "refused", "date": "2024-05-06", "vaccine": "94", "refusal_reason": "00"}
HEADER = {"sending_facility": "CLINIC"}


@pytest.fixture
def vaccination_record() -> Callable[..., VaccinationRecord]:
    """Make a vaccination record: ``patient`` and ``dose`` are changes to the smallest ones; None is no dose."""

    def make(patient: dict[str, Any] | None = None, dose: dict[str, Any] | None = None, **header: Any) -> Any:
        base = REFUSAL if (dose or {}).get("kind") == "refused" else DOSE
        doses = [] if dose is None else [{**base, **dose}]
        data = {**HEADER, **header, "patient": {**PATIENT, **(patient or {})}, "vaccinations": doses}
        return VaccinationRecord.model_validate(data)

    return make


@pytest.fixture
def query_record() -> Callable[..., QueryRecord]:
    """Make a query record; ``patient`` replaces the patient sought."""

    def make(patient: dict[str, Any] | None = None, **header: Any) -> QueryRecord:
        sought = patient or {key: PATIENT[key] for key in ("name", "birth_date")}
        return QueryRecord.model_validate({"query": "Z34", **HEADER, **header, "patient": sought})

    return make


@pytest.fixture
def shipped_record() -> Callable[..., Record]:
    """Load a record that ships with the certification suite, in the form of a release."""

    def make(name: str, release: str = "1.5") -> Record:
        text = files("certification").joinpath("records", f"{name}.yaml").read_text(encoding="utf-8")
        record = load_record(text, name)
        return record.model_copy(update={"release": release})

    return make


@pytest.fixture
def now() -> dt.datetime:
    """A time for messages whose record has none."""
    return dt.datetime(2024, 5, 6, 7, 8, 9, tzinfo=dt.UTC)


class Clocked:
    """The real reactor with a clock of its own, so that a time limit passes when the test says so."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self.clock = task.Clock()
        directlyProvides(self, providedBy(reactor))

    def callLater(self, *args: Any, **keywords: Any) -> Any:
        return self.clock.callLater(*args, **keywords)

    def seconds(self) -> float:
        return self.clock.seconds()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)


@pytest.fixture
def clocked() -> Clocked:
    """A reactor whose time stands still."""
    from twisted.internet import reactor

    return Clocked(reactor)


@dataclass
class Script:
    """What a server does: ``answer`` gives the bytes for a request, None for silence, CLOSE to hang up.

    An MLLP server hangs up after an answer that ends with ``BYE``.
    """

    answer: Callable[[bytes], Any]
    requests: list[bytes] = field(default_factory=list)
    headers: list[Any] = field(default_factory=list)
    connections: list[Any] = field(default_factory=list)
    received: defer.Deferred[None] = field(default_factory=defer.Deferred)
    second: defer.Deferred[None] = field(default_factory=defer.Deferred)
    status: int = 200
    content_type: str = "application/soap+xml; charset=utf-8"
    port: int = 0
    greeting: bytes = b""
    """What an MLLP server says before it is asked, and an HTTP server before it falls silent."""

    def take(self, data: bytes) -> Any:
        self.requests.append(data)
        if len(self.requests) <= 2:
            (self.received, self.second)[len(self.requests) - 1].callback(None)
        return self.answer(data)


CLOSE = object()
BYE = b"BYE"


class Scripted(Protocol):
    """An MLLP server of few lines: a request ends at FS CR."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.data = b""

    def connectionMade(self) -> None:
        self.script.connections.append(self)
        self.transport.write(self.script.greeting)

    def dataReceived(self, data: bytes) -> None:
        self.data += data
        while b"\x1c\r" in self.data:
            request, _, self.data = self.data.partition(b"\x1c\r")
            answer = self.script.take(request.removeprefix(b"\x0b"))
            if answer is CLOSE:
                self.transport.loseConnection()
            elif answer is not None:
                self.transport.write(answer.removesuffix(BYE))
                if answer.endswith(BYE):
                    self.transport.loseConnection()


class Page(Resource):
    """An HTTP server that gives every POST to the script."""

    isLeaf = True

    def __init__(self, script: Script) -> None:
        super().__init__()
        self.script = script

    def render_POST(self, request: Any) -> Any:
        self.script.headers.append(request)
        if request.channel not in self.script.connections:
            self.script.connections.append(request.channel)
        answer = self.script.take(request.content.read())
        if answer is CLOSE:
            request.channel.forceAbortClient()
            return NOT_DONE_YET
        if answer is None:
            request.write(self.script.greeting)
            return NOT_DONE_YET
        request.setResponseCode(self.script.status)
        request.setHeader("Content-Type", self.script.content_type)
        return answer


@pytest.fixture
def listen() -> Iterator[Callable[..., Script]]:
    """Start a server on a free loopback port; all are stopped after the test."""
    from twisted.internet import reactor

    ports: list[Any] = []

    def start(kind: str, answer: Callable[[bytes], Any], tls: Any = None, **settings: Any) -> Script:
        script = Script(answer, **settings)
        factory = ServerFactory.forProtocol(lambda: Scripted(script)) if kind == "mllp" else Site(Page(script))
        if tls is None:
            port = reactor.listenTCP(0, factory, interface="127.0.0.1")
        else:
            port = reactor.listenSSL(0, factory, tls, interface="127.0.0.1")
        ports.append(port)
        script.port = port.getHost().port
        return script

    yield start
    pytest_twisted.blockon(defer.gatherResults([defer.maybeDeferred(port.stopListening) for port in ports]))


@pytest.fixture
def destination() -> Callable[..., Destination]:
    """The address of a server started by ``listen``."""

    def make(kind: str, port: int, **settings: Any) -> Destination:
        known = {"host": "127.0.0.1", "port": port, "timeout": 30.0}
        return Destination(transport="soap" if kind == "soap" else "mllp", **{**known, **settings})

    return make


@pytest.fixture
def close() -> object:
    """What a script answers to hang up."""
    return CLOSE


@pytest.fixture
def free_port() -> int:
    """A port on which nothing listens: it was free a moment ago."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port
