"""Whatever is sent to the admin API, on a transport of strings: an answer in JSON, and the next one too."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address
from twisted.internet.testing import MemoryReactorClock, StringTransport

from mockiis.scenario import load
from mockiis.server.admin.routes import ROUTES
from mockiis.server.clock import Clock
from mockiis.server.listeners import Settings
from mockiis.server.opening import opened
from mockiis.server.service import Service

SCENARIO = "version: 1\nrules:\n  - {name: all, when: {message: VXU}, reply: {ack: AA}}\n"
WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        """when count at_least at_most in_order wait after limit what scenario key state name text shipped path
    front frozen at advance running seed soap mllp message PID-5.1 PID-3[5=MR].1 any_of not
    any missing present matches reply ack AA
    rsp errors code replies then expect version rules accept-all lots VXU open refuse 8s -1 7 true rule""",
    )
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=8) | WORDS
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
PATHS = st.sampled_from(sorted(ROUTES)).map(lambda path: path.encode()) | st.lists(TEXT, max_size=3).map(
    lambda parts: ("/" + "/".join(map(quote, parts))).encode()
)
QUERIES = st.just(b"") | st.lists(st.tuples(TEXT, TEXT), max_size=3).map(
    lambda pairs: ("?" + "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)).encode()
)
METHODS = st.sampled_from([b"GET", b"PUT", b"POST", b"DELETE", b"HEAD", b"BREW"])
TYPES = st.sampled_from([b"application/json", b"application/yaml", b"text/plain"])


class Line:
    """A connection to the admin API of a mock without sockets."""

    def __init__(self) -> None:
        self.reactor: Any = MemoryReactorClock()
        self.service = Service(scenarios=[load(SCENARIO, "lots.yaml")])
        listeners = opened(self.service, Settings(admin_port=0), self.reactor, Clock(self.reactor))
        assert listeners.addresses["admin"]
        factory = self.reactor.tcpServers[-1][1]
        self.transport = StringTransport(IPv4Address("TCP", "127.0.0.1", 1), IPv4Address("TCP", "127.0.0.1", 2))
        self.protocol = factory.buildProtocol(None)
        self.protocol.makeConnection(self.transport)

    def ask(self, method: bytes, path: bytes, body: bytes, kind: bytes = b"application/json") -> tuple[int, bytes]:
        """Status and body of the answer."""
        head = b"%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        self.transport.clear()
        self.protocol.dataReceived(head % (method, path, kind, len(body)) + body)
        for _ in range(50):
            self.reactor.advance(3601.0 if not self.transport.value() else 0.0)
            if self.transport.value():
                break
        status, _, rest = self.transport.value().partition(b"\r\n\r\n")
        return int(status.split(b" ")[1]), rest


@pytest.fixture(scope="module")
def line() -> Line:
    """One connection for all."""
    return Line()


@settings(deadline=None, max_examples=150)
@given(METHODS, PATHS, QUERIES, JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60), TYPES)
def test_every_request_has_an_answer(
    line: Line, method: bytes, path: bytes, query: bytes, body: bytes, kind: bytes
) -> None:
    """No error of ours; a refusal is a sentence."""
    status, answer = line.ask(method, path + query, body, kind)

    assert status < 500
    if method != b"HEAD" and not path.startswith(b"/metrics"):
        found = json.loads(answer)
        assert status < 400 or found.get("error") or found["verified"] is False
    assert 200 == line.ask(b"GET", b"/health", b"")[0]


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from([b"/verify", b"/journal/search", b"/rules", b"/reset", b"/scenarios"]),
    st.dictionaries(WORDS, JSON, min_size=1, max_size=4),
)
def test_every_body_has_an_answer(line: Line, path: bytes, body: dict[str, Any]) -> None:
    """Also those that are nearly right."""
    status, answer = line.ask(b"POST", path, json.dumps(body).encode())

    assert status < 500
    assert json.loads(answer)
