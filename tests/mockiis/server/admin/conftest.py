"""A mock in this process, its admin API asked over real sockets by a thread, as a test suite elsewhere would."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
import pytest_twisted
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread

from mockiis.scenario import load
from mockiis.testing import MockIIS, Settings

SCENARIO = """\
version: 1
name: Lot numbers
rules:
  - name: no lot number
    when: {message: VXU, RXA-15: {missing: true}, state: start}
    reply: {ack: AE}
    then: asked for it
    expect: 1
  - name: slow
    when: {message: VXU, PID-5.1: Slow}
    reply: {ack: AA, delay: 8s}
  - name: the rest
    when: {message: VXU, RXA-15: {present: true}}
    reply: {ack: AA}
"""
VXU = (
    "MSH|^~\\&|EHR|CLINIC|NDIIS|ND0000|20240403||VXU^V04^VXU_V04|{number}|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS\r"
    "PID|1||77{number}^^^CLINIC^MR||{name}^Jane||20190105|F\r"
    "ORC|RE||A{number}\rRXA|0|1|20240403||08^Hep B^CVX|0.5|mL^mL^UCUM||00^^NIP001||||||{lot}||MSD^^MVX\r"
)


class API:
    """The admin API of a mock, and the mock's MLLP listener."""

    def __init__(self, iis: MockIIS) -> None:
        self.iis = iis

    def asked(self, method: str, path: str, body: Any = None, **headers: str) -> Deferred[tuple[int, Any]]:
        """Status and JSON of an answer. A body of bytes is sent as it is, anything else as JSON."""
        return deferToThread(self._ask, method, path, body, headers).addCallback(lambda found: found[:2])

    def answer(self, method: str, path: str, body: Any = None, **headers: str) -> Deferred[tuple[int, Any, Any]]:
        """The same with the headers."""
        return deferToThread(self._ask, method, path, body, headers)

    def _ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, Any, Any]:
        connection = HTTPConnection(self.iis.admin_url.removeprefix("http://"), timeout=20)
        text = body if isinstance(body, bytes | None) else json.dumps(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, text, {**kind, **named})
            response = connection.getresponse()
            found = response.read()
        finally:
            connection.close()
        plain = response.getheader("Content-Type") != "application/json"
        return response.status, found.decode() if plain or not found else json.loads(found), response.headers

    def sent(self, number: int = 1, name: str = "Doe", lot: str = "L1") -> Deferred[str]:
        """The answer to a message over MLLP."""
        return deferToThread(self._send, self.message(number, name, lot))

    def message(self, number: int, name: str = "Doe", lot: str = "L1") -> str:
        """An update of the vaccination record."""
        return VXU.format(number=number, name=name, lot=lot)

    def raw(self, text: str) -> Deferred[str]:
        """The answer to any text over MLLP."""
        return deferToThread(self._send, text)

    def _send(self, text: str) -> str:
        host, port = self.iis.mllp_url.removeprefix("mllp://").rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(b"\x0b" + text.encode() + b"\x1c\r")
            data = b""
            while not data.endswith(b"\x1c\r"):
                piece = connection.recv(65536)
                if not piece:
                    break
                data += piece
        return data[1:-2].decode()


@pytest.fixture
def api() -> Iterator[API]:
    """A new mock with an admin API."""
    iis = MockIIS(load(SCENARIO, "lots.yaml"), settings=Settings(admin_port=0))
    yield API(iis)
    pytest_twisted.blockon(iis.stop())


@pytest.fixture(scope="session")
def ask() -> type[API]:
    """Called with a mock, it asks its admin API."""
    return API
