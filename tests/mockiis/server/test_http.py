"""HTTP below SOAP: limits, and what can be done with a request, on a transport of strings."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from mockiis.server.http import LimitedSite, PlainText, hang_up, origin_of, peer_of, query_of, send

LIMIT = 2000


class Keep(Resource):
    """Keeps every request and answers each with ``ok``."""

    isLeaf = True

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.requests: list[Any] = []
        self.bodies: list[bytes] = []

    def render(self, request: Any) -> int:
        self.requests.append(request)
        self.bodies.append(request.body)
        send(request, 200, "text/plain", b"ok")
        return NOT_DONE_YET


class Connection:
    """One connection to a site."""

    def __init__(self, root: Resource | None = None) -> None:
        self.reports: list[tuple[str, str]] = []
        self.clock = Clock()
        self.kept = Keep()
        self.site = LimitedSite(root or self.kept, self._report, self.clock, max_body=LIMIT, idle_limit=10)
        self.transport = StringTransport(IPv4Address("TCP", "10.0.0.1", 80), IPv4Address("TCP", "10.0.0.2", 5000))
        self.protocol: Any = self.site.buildProtocol(None)
        self.protocol.makeConnection(self.transport)

    def send(self, data: bytes) -> None:
        if not self.transport.disconnecting:  # a real transport reads no more then
            self.protocol.dataReceived(data)

    def post(self, body: bytes, *headers: str, chunked: bool = False, piece: int = 1000) -> None:
        length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
        self.send("\r\n".join(["POST / HTTP/1.1", "Host: x", length, *headers, "", ""]).encode())
        for start in range(0, len(body), piece):
            part = body[start : start + piece]
            self.send(b"%x\r\n%s\r\n" % (len(part), part) if chunked else part)
        if chunked:
            self.send(b"0\r\n\r\n")

    def lose(self) -> None:
        self.protocol.connectionLost(Failure(ConnectionDone()))

    def _report(self, peer: str, text: str) -> None:
        self.reports.append((peer, text))


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("piece", [1, 700, 10_000])
def test_a_body_up_to_the_limit_is_kept_whole(chunked: bool, piece: int) -> None:
    """The limit is the largest size that is allowed."""
    connection = Connection()
    for size in (0, 1, LIMIT):
        connection.post(b"x" * size, chunked=chunked, piece=piece)

    assert [b"", b"x", b"x" * LIMIT] == connection.kept.bodies
    assert [False] * 3 == [request.too_large for request in connection.kept.requests]


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("piece", [1, 700, 10_000])
def test_of_a_body_over_the_limit_the_beginning_is_kept(chunked: bool, piece: int) -> None:
    """Declared or not; and the next request on the connection is not affected."""
    connection = Connection()
    body = bytes(range(256)) * 16
    connection.post(body, chunked=chunked, piece=piece)
    connection.post(b"small")

    assert [body[:1000], b"small"] == connection.kept.bodies
    assert [True, False] == [request.too_large for request in connection.kept.requests]
    assert [LIMIT, LIMIT] == [request.limit for request in connection.kept.requests]


def test_no_more_than_the_limit_is_kept_while_a_body_comes() -> None:
    """What is dropped is dropped at once."""
    connection = Connection()
    connection.send(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    sizes = []
    for _ in range(5):
        connection.send(b"384\r\n" + b"x" * 900 + b"\r\n")
        sizes.append(len(connection.protocol._channel.requests[0].body))

    assert [900, 1800, 1000, 1000, 1000] == sizes
    connection.lose()


def test_a_body_without_end_is_cut_off() -> None:
    """What is over the limit is thrown away, but not forever."""
    connection = Connection()
    connection.send(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(65):
        connection.send(b"100000\r\n" + b"x" * (1 << 20) + b"\r\n")

    assert connection.transport.disconnected
    ((peer, text),) = connection.reports
    assert "10.0.0.2:5000" == peer
    assert "a request did not end after 68157440 bytes; its connection is reset" == text
    connection.lose()


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data"]
)
def test_no_form_is_read_out_of_a_body(content_type: str) -> None:
    """twisted.web would, and would answer 400 to a broken one."""
    connection = Connection()
    connection.post(b"a=b", f"Content-Type: {content_type}")

    assert [b"a=b"] == connection.kept.bodies
    assert [{}] == [request.args for request in connection.kept.requests]


def test_headers_without_end_are_refused() -> None:
    """twisted.web answers 400 and closes."""
    connection = Connection()
    connection.send(b"POST / HTTP/1.1\r\n")
    for _ in range(20):
        connection.send(b"X: " + b"x" * 1000 + b"\r\n")

    assert connection.transport.value().startswith(b"HTTP/1.1 400")
    assert connection.transport.disconnecting
    connection.lose()


def test_a_silent_connection_is_closed() -> None:
    """Before a request and inside of one."""
    for data in (b"", b"POST / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc"):
        connection = Connection()
        connection.send(data)
        connection.clock.advance(9)
        before = connection.transport.disconnecting
        connection.clock.advance(2)

        assert (False, True) == (before, connection.transport.disconnecting)
        connection.lose()


def test_head_gets_the_headers() -> None:
    """The same as GET would, and no body."""
    connection = Connection()
    connection.send(b"HEAD / HTTP/1.1\r\n\r\n")
    head, _, body = connection.transport.value().partition(b"\r\n\r\n")

    assert b"Content-Length: 2" in head
    assert b"" == body


def test_a_site_speaks_http_1_1_and_writes_no_access_log() -> None:
    """Both are for the service to decide about single exchanges."""
    connection = Connection()
    written: list[object] = []
    connection.site._logFile = SimpleNamespace(write=written.append, close=lambda: None)
    connection.post(b"x")

    assert [] == written
    assert [b"http/1.1"] == connection.site.acceptableProtocols()


def test_plain_text_says_what_is_missing_and_reports_it() -> None:
    """Below a page is what was put there, or the page for what is missing."""
    reports: list[tuple[str, str]] = []
    missing = PlainText("not here", report=lambda peer, text: reports.append((peer, text)))
    missing.putChild(b"", PlainText("welcome", missing=missing))
    connection = Connection(missing)
    for path in (b"/", b"//", b"/x", b"/x/y"):
        connection.send(b"GET " + path + b" HTTP/1.1\r\n\r\n")
    lines = connection.transport.value().split(b"\n")

    assert [b"200 OK", *[b"404 Not Found"] * 3] == [line[9:].strip() for line in lines if line.startswith(b"HTTP")]
    assert [b"welcome", *[b"not here"] * 3] == [line for line in lines if line in (b"welcome", b"not here")]
    assert [("10.0.0.2:5000", "HTTP status 404: not here")] * 3 == reports


def test_what_is_posted_to_a_page_is_not_taken() -> None:
    """A sender that looks at the status alone must not believe that its message arrived."""
    reports: list[tuple[str, str]] = []
    missing = PlainText("not here", report=lambda peer, text: reports.append((peer, text)))
    missing.putChild(b"", PlainText("welcome", missing=missing))
    connection = Connection(missing)
    connection.send(b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx")

    assert connection.transport.value().startswith(b"HTTP/1.1 404 Not Found")
    assert [("10.0.0.2:5000", "HTTP status 404: not here")] == reports


@pytest.mark.parametrize(("how", "aborted"), [("close", False), ("reset", True)])
def test_hanging_up(how: Any, aborted: bool) -> None:
    """In order, or with a reset."""
    connection = Connection(resource := Keep())
    resource.render = lambda request: hang_up(request, how) or NOT_DONE_YET  # type: ignore[method-assign,func-returns-value]
    connection.post(b"x")

    assert (True, aborted) == (connection.transport.disconnecting, connection.transport.disconnected)
    assert b"" == connection.transport.value()
    connection.lose()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (IPv4Address("TCP", "10.0.0.2", 5000), "10.0.0.2:5000"),
        (IPv6Address("TCP", "::1", 5000), "::1:5000"),
        (UNIXAddress("/socket"), "unknown"),
    ],
)
def test_peers_are_shown(address: object, shown: str) -> None:
    """As address and port."""
    assert shown == peer_of(SimpleNamespace(getClientAddress=lambda: address))


@pytest.mark.parametrize(
    ("host", "local", "secure", "origin"),
    [
        ("iis.example:8080", "10.0.0.1", False, "http://iis.example:8080"),
        ("iis.example", "10.0.0.1", True, "https://iis.example"),
        ("[::1]:80", "10.0.0.1", False, "http://[::1]:80"),
        (None, "10.0.0.1", False, "http://10.0.0.1:80"),
        ("", "::1", True, "https://[::1]:80"),
        ('x"><evil/>', "10.0.0.1", False, "http://10.0.0.1:80"),
        ("x/../y", "10.0.0.1", False, "http://10.0.0.1:80"),
        ("user@x", "10.0.0.1", False, "http://10.0.0.1:80"),
        ("x:port", "10.0.0.1", False, "http://10.0.0.1:80"),
        ("x\n", "10.0.0.1", False, "http://10.0.0.1:80"),
    ],
)
def test_the_origin_is_the_host_header_or_the_listener(host: str | None, local: str, secure: bool, origin: str) -> None:
    """A header that is no host is not repeated to anybody."""
    request = SimpleNamespace(
        getHeader=lambda name: {"host": host}[name],
        getHost=lambda: SimpleNamespace(host=local, port=80),
        isSecure=lambda: secure,
    )

    assert origin == origin_of(request)


@pytest.mark.parametrize(
    ("uri", "names"),
    [
        (b"/soap", {""}),
        (b"/soap?", {""}),
        (b"/soap?WSDL", {"wsdl"}),
        (b"/a?b=1&C=&d", {"b", "c", "d"}),
        (b"/?\xff", {"ÿ"}),
    ],
)
def test_query_names(uri: bytes, names: set[str]) -> None:
    """With and without a value, in lower case."""
    assert names == query_of(SimpleNamespace(uri=uri))
