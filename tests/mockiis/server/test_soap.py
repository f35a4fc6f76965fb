"""The SOAP listener: on a transport of strings and a clock that stands still, then over loopback with zeep."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_twisted
import zeep
import zeep.exceptions
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IReactorTCP
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure
from twisted.web.http_headers import Headers

from mockiis.message.reply import FaultKind, FaultReply, MessageReply, NoReply, Reply
from mockiis.server.soap import site
from mockiis.wire.soap import CDC, DIALECTS, NORIDIAN, SOAP11, SOAP12, Dialect
from mockiis.wire.soap_client import Fault, NotSOAP, Returned, envelope, read_response
from mockiis.wire.soap_server import Call, Endpoint, Refusal

PEER = "192.168.1.1:54321"
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
        match call.text.split(" "):
            case ["close" | "reset" | "hang" as how]:
                return NoReply(how=how)
            case ["slow", seconds, *_]:
                return MessageReply(text=f"re {call.text}", delay=float(seconds))
            case ["late-close"]:
                return NoReply(how="close", delay=1)
            case ["fault"]:
                return FaultReply(kind=FaultKind.SECURITY, detail="no such user")
            case ["fail"]:
                raise ValueError(call.text)
            case ["nothing"]:
                return Reply()
        return MessageReply(text=f"re {call.text}")

    def refuse_call(self, refusal: Refusal, peer: str) -> Reply:
        self.refusals.append(refusal)
        self.peers.append(peer)
        return FaultReply(kind=refusal.kind, detail=refusal.detail)

    def report(self, peer: str, text: str) -> None:
        self.reports.append(text)


class Connection:
    """One connection to a site, and what came back on it."""

    def __init__(self, dialect: Dialect = CDC, **settings: Any) -> None:
        self.service = Words()
        self.clock = Clock()
        self.dialect = dialect
        factory = site(self.service, self.clock, dialect, **settings)
        self.transport = StringTransport(IPv4Address("TCP", "10.0.0.1", 80), IPv4Address("TCP", "192.168.1.1", 54321))
        self.protocol: Any = factory.buildProtocol(None)
        self.protocol.makeConnection(self.transport)

    def send(self, data: bytes) -> None:
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
            read_response(body, _header(headers, "content-type"), status=status, dialect=self.dialect, operation=operation)
            for status, headers, body in self.responses()
        ]


def _header(headers: Headers, name: str) -> str:
    return ", ".join(headers.getRawHeaders(name) or [])


def fault(kind: FaultKind, detail: str) -> Fault:
    endpoint = Endpoint()
    response = endpoint.write_refusal(Refusal(version=SOAP12, kind=kind, detail=detail))
    found = read_response(response.body, dialect=CDC, operation=SUBMIT)
    assert isinstance(found, Fault)
    return found


# Replies


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_a_message_is_answered(dialect: Dialect) -> None:
    """POST /soap in the dialect; the service sees the call and who made it."""
    connection = Connection(dialect)
    connection.submit("MSH|\r")
    ((status, headers, _),) = connection.responses()

    assert [Returned(text="re MSH|\r")] == connection.read()
    assert (200, f"{dialect.version.media_type}; charset=utf-8") == (status, _header(headers, "content-type"))
    assert [("ann", "secret", "MSH|\r")] == [
        (call.username, call.password, call.text) for call in connection.service.calls
    ]
    assert [PEER] == connection.service.peers


def test_connectivity_test_is_answered() -> None:
    """Both operations go to the service."""
    connection = Connection()
    connection.submit("hello", "connectivityTest")

    assert [Returned(text="re hello")] == connection.read("connectivityTest")
    assert ["connectivityTest"] == [call.operation for call in connection.service.calls]


@given(st.lists(st.integers(1, 300), max_size=10))
def test_any_chunking_gives_the_same_answers(sizes: list[int]) -> None:
    """Requests in pieces and pipelined ones are answered the same, in order."""
    one = Connection()
    one.submit("one")
    whole = Connection()
    whole.submit("one")
    whole.submit("two")

    recorded = Connection()
    pieces: list[bytes] = []
    recorded.send = pieces.append  # type: ignore[method-assign]
    recorded.submit("one")
    recorded.submit("two")
    data = b"".join(pieces)
    cut = Connection()
    for size in sizes:
        cut.send(data[:size])
        data = data[size:]
    cut.send(data)

    assert [Returned(text="re one"), Returned(text="re two")] == cut.read() == whole.read()


def test_a_chunked_body_is_taken() -> None:
    """Transfer-Encoding: chunked, as Java and .NET senders use it."""
    connection = Connection()
    headers, body = envelope(CDC, SUBMIT, "one")
    connection.send(f"POST /soap HTTP/1.1\r\nHost: x\r\nContent-Type: {headers['Content-Type']}\r\n".encode())
    connection.send(b"Transfer-Encoding: chunked\r\n\r\n")
    for piece in (body[:50], body[50:]):
        connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
    connection.send(b"0\r\n\r\n")

    assert [Returned(text="re one")] == connection.read()


def test_a_delayed_reply_waits_for_the_clock() -> None:
    """The delay is the injected clock's, and a request behind it is answered after it."""
    connection = Connection()
    connection.submit("slow 2 one")
    connection.submit("two")
    connection.clock.advance(1.9)
    before = connection.read()
    connection.clock.advance(0.2)

    assert [] == before
    assert [Returned(text="re slow 2 one"), Returned(text="re two")] == connection.read()


def test_a_delayed_reply_is_dropped_with_its_connection() -> None:
    """Nothing is written to a peer that is gone, and nothing is left waiting."""
    connection = Connection()
    connection.submit("slow 2 one")
    connection.lose()

    assert [] == connection.clock.getDelayedCalls()


def test_faults_are_carried_out() -> None:
    """The service's fault, with HTTP status 500 or the one that was set."""
    for status in (500, 200):
        connection = Connection(fault_status=status)
        connection.submit("fault")

        assert [fault(FaultKind.SECURITY, "no such user")] == connection.read()
        assert [status] == [found for found, _, _ in connection.responses()]


@pytest.mark.parametrize(
    ("text", "closed", "aborted"), [("close", True, False), ("reset", False, True), ("hang", False, False)]
)
def test_no_reply(text: str, closed: bool, aborted: bool) -> None:
    """Close in order, reset, or stay silent; never an answer."""
    connection = Connection()
    connection.submit(text)

    assert [] == connection.responses()
    assert (closed, aborted) == (
        connection.transport.disconnecting and not connection.transport.disconnected,
        connection.transport.disconnected,
    )


def test_no_reply_may_come_late() -> None:
    """A NoReply has a delay like every reply."""
    connection = Connection()
    connection.submit("late-close")
    before = connection.transport.disconnecting
    connection.clock.advance(1)

    assert (False, True) == (before, connection.transport.disconnecting)
    connection.lose()


@pytest.mark.parametrize(("text", "kind"), [("fail", "ValueError"), ("nothing", "TypeError")])
def test_an_error_of_our_own_is_an_unknown_fault(text: str, kind: str) -> None:
    """The peer learns that there was one; the report says where, without the error's text, which may quote a message."""
    connection = Connection()
    connection.submit(text)
    connection.submit("two")

    assert [fault(FaultKind.UNKNOWN, "internal error"), Returned(text="re two")] == connection.read()
    (report,) = connection.service.reports
    assert f"internal error: {kind} at " in report
    assert "test_soap.py" in report or "soap.py" in report


def test_an_error_while_reading_is_an_unknown_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even then the service is told, so that the exchange is in the log."""

    def fail(*_: object) -> Call:
        raise KeyError("MSH|secret")

    monkeypatch.setattr(Endpoint, "read", fail)
    connection = Connection()
    connection.submit("one")

    assert [fault(FaultKind.UNKNOWN, "internal error")] == connection.read()
    assert ["internal error"] == [refusal.detail for refusal in connection.service.refusals]
    assert "secret" not in "".join(connection.service.reports)


def test_an_answer_that_xml_cannot_carry_is_reported() -> None:
    """The peer gets a fault in its place."""
    connection = Connection()
    headers, body = envelope(CDC, SUBMIT, "one")
    connection.service.answer_call = lambda call, peer: MessageReply(text="MSA\x13")  # type: ignore[method-assign]
    connection.post(body, headers)
    problem = "the answer holds U+0013 at character 4, which XML cannot carry"

    assert [fault(FaultKind.UNKNOWN, problem)] == connection.read()
    assert [problem] == connection.service.reports


# Refusals


@pytest.mark.parametrize(
    ("body", "headers", "kind", "detail"),
    [
        (b"", {}, FaultKind.UNKNOWN, "not well-formed XML: no XML element, at line 1, column 1"),
        (b"a=b", {"Content-Type": "application/x-www-form-urlencoded"}, FaultKind.UNKNOWN, "the content type is app"),
        (b"--x\r\n", {"Content-Type": "multipart/form-data; boundary=x"}, FaultKind.UNKNOWN, "the content type is mul"),
        (b"\x1f\x8b", {"Content-Encoding": "gzip"}, FaultKind.UNKNOWN, "the content encoding gzip is not supported"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_the_service(
    body: bytes, headers: dict[str, str], kind: FaultKind, detail: str
) -> None:
    """The service sees every refusal, so that it is in the log."""
    connection = Connection()
    connection.post(body, headers)
    (refusal,) = connection.service.refusals

    assert detail == refusal.detail[: len(detail)]
    assert [fault(kind, refusal.detail)] == connection.read()
    assert [PEER] == connection.service.peers


def test_a_fault_of_soap_itself_is_written_whatever_the_service_says() -> None:
    """VersionMismatch has no CDC form."""
    connection = Connection()
    connection.post(b"<a/>")
    (found,) = connection.read()

    assert isinstance(found, Fault)
    assert (None, "VersionMismatch") == (found.kind, found.code)
    assert ["VersionMismatch"] == [refusal.soap_code for refusal in connection.service.refusals]


@pytest.mark.parametrize("declared", [True, False], ids=["content-length", "chunked"])
def test_a_body_over_the_limit_is_a_message_too_large_fault(declared: bool) -> None:
    """Nothing over the limit is kept or parsed, and the answer is in the SOAP version of the request."""
    connection = Connection(max_body=2000)
    _, body = envelope(NORIDIAN, SUBMIT, "x" * 50_000)
    connection.send(b"POST /soap HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n")
    kept = []
    length = b"Content-Length: %d" % len(body) if declared else b"Transfer-Encoding: chunked"
    connection.send(length + b"\r\n\r\n")
    for start in range(0, len(body), 1000):
        piece = body[start : start + 1000]
        connection.send(piece if declared else b"%x\r\n%s\r\n" % (len(piece), piece))
        kept.append(len(connection.protocol._channel.requests[0].body))
    connection.send(b"" if declared else b"0\r\n\r\n")
    connection.submit("two")

    assert [1000, 1000 if declared else 2000, 1000, 1000] == kept[:4]
    assert {1000} == set(kept[4:])

    detail = "the request has more than 2000 bytes, which is the limit"
    large, two = connection.read()
    assert isinstance(large, Fault)
    assert (FaultKind.MESSAGE_TOO_LARGE, detail) == (large.kind, large.detail)
    assert SOAP11.namespace.encode() in connection.responses()[0][2]
    assert Returned(text="re two") == two
    assert [detail] == [refusal.detail for refusal in connection.service.refusals]


# Other methods and paths


@pytest.mark.parametrize("query", ["?wsdl", "?WSDL", "?wsdl=1"])
@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_the_wsdl_is_served_with_the_address_of_the_request(query: str, dialect: Dialect) -> None:
    """So that it is right behind any name the listener has."""
    connection = Connection(dialect)
    connection.send(f"GET /soap{query} HTTP/1.1\r\nHost: iis.example:8080\r\n\r\n".encode())
    ((status, headers, body),) = connection.responses()
    (address,) = (element for element in etree.fromstring(body).iter() if element.get("location"))

    assert (200, "text/xml; charset=utf-8") == (status, _header(headers, "content-type"))
    assert "http://iis.example:8080/soap" == address.get("location")
    assert b'targetNamespace="%s"' % dialect.namespace.encode() in body


def test_head_has_the_headers_only() -> None:
    """HEAD is answered like GET, without the body."""
    connection = Connection()
    connection.send(b"HEAD /soap?wsdl HTTP/1.1\r\nHost: x\r\n\r\n")
    head, _, body = connection.transport.value().partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b"Content-Length: 7" in head
    assert b"" == body


@pytest.mark.parametrize("request_line", ["GET /soap", "GET /soap?wsdl2", "PUT /soap?wsdl", "DELETE /soap", "XYZ /soap/"])
def test_other_methods_get_405_and_an_unsupported_operation_fault(request_line: str) -> None:
    """For people and for programs: the Allow header, and a fault that says what was expected."""
    connection = Connection()
    connection.send(f"{request_line} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    ((status, headers, _),) = connection.responses()
    detail = "expected POST with a SOAP envelope, or GET with ?wsdl"

    assert (405, "GET, HEAD, POST") == (status, _header(headers, "allow"))
    assert [fault(FaultKind.UNSUPPORTED_OPERATION, detail)] == connection.read()
    assert [f"a request that is not for SOAP: {detail}"] == connection.service.reports


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/", 200, b"mockiis: POST SOAP envelopes to /soap, GET their WSDL at /soap?wsdl\n"),
        ("/soap2", 404, b"there is nothing at this path; SOAP is at /soap, its WSDL at /soap?wsdl\n"),
        ("/soap/x", 404, b"there is nothing at this path; SOAP is at /soap, its WSDL at /soap?wsdl\n"),
        ("//soap", 404, b"there is nothing at this path; SOAP is at /soap, its WSDL at /soap?wsdl\n"),
        ("/a/b/c?d", 404, b"there is nothing at this path; SOAP is at /soap, its WSDL at /soap?wsdl\n"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_paths_say_where_soap_is(path: str, status: int, text: bytes, method: str) -> None:
    """One plain sentence; a wrong path is reported as well, since a sender's log seldom shows the body."""
    connection = Connection()
    connection.send(f"{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())

    assert [(status, text)] == [(found, body) for found, _, body in connection.responses()]
    assert (status == 404) == bool(connection.service.reports)


def test_a_slash_after_the_path_makes_no_difference() -> None:
    """/soap/ is /soap."""
    connection = Connection()
    headers, body = envelope(CDC, SUBMIT, "one")
    connection.post(body, headers, "/soap/")

    assert [Returned(text="re one")] == connection.read()


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_garbage_never_raises(pieces: list[bytes]) -> None:
    """Whatever bytes come on a connection, in a request or instead of one."""
    connection = Connection()
    for piece in pieces:
        connection.send(piece)
        connection.post(piece)
    connection.lose()

    assert [] == [report for report in connection.service.reports if "internal error" in report]


# An outside witness


def _listen(dialect: Dialect) -> tuple[Words, Any, str]:
    from twisted.internet import reactor

    tcp: Any = IReactorTCP(reactor)
    service = Words()
    port = tcp.listenTCP(0, site(service, tcp, dialect), interface="127.0.0.1")
    return service, port, f"http://127.0.0.1:{port.getHost().port}/soap"


def _with_zeep(url: str) -> list[Any]:
    """What zeep makes of both operations and of a fault, knowing nothing but our WSDL."""
    with zeep.Client(f"{url}?wsdl") as client:
        found = [
            client.service.connectivityTest(echoBack="hello"),
            client.service.submitSingleMessage(username="ann", password="b", facilityID="7", hl7Message="MSH|&\rPID\r"),
            client.service.submitSingleMessage(hl7Message="slow 0.01 Nuñez"),
        ]
        for call in (
            lambda: client.service.submitSingleMessage(hl7Message="fault"),
            lambda: client.service.submitSingleMessage(hl7Message=zeep.xsd.SkipValue),
        ):
            with pytest.raises(zeep.exceptions.Fault) as caught:
                call()
            found.append((caught.value.message, etree.QName(caught.value.detail[0]).localname))
        return found


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
@pytest_twisted.inlineCallbacks
def test_zeep_calls_both_operations_from_our_wsdl(dialect: Dialect) -> Any:
    """The published description is enough for an independent SOAP toolkit, answers and faults alike."""
    service, port, url = _listen(dialect)
    try:
        found = yield deferToThread(_with_zeep, url)
    finally:
        stopped: Deferred[None] = port.stopListening()
        yield stopped

    assert [
        "re hello",
        "re MSH|&\rPID\r",
        "re slow 0.01 Nuñez",
        ("no such user", "SecurityFault"),
        ("submitSingleMessage: hl7Message is missing; it is required", "fault"),
    ] == found
    assert {dialect.version} == {call.version for call in service.calls}
    assert ("ann", "b", "7") == (service.calls[1].username, service.calls[1].password, service.calls[1].facility)
