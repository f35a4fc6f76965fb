"""Who may ask the admin API, and what everybody else is told."""

from __future__ import annotations

import socket
from http.client import HTTPConnection
from typing import Any

import pytest
import pytest_twisted
from twisted.internet.threads import deferToThread

from mockiis.server.admin.site import MAX_BODY


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "LOCALHOST"}, 200),
        ({"Host": "[::1]:80"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "127.0.0.1:80:80"}, 403),
        ({"Host": ""}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Host": "localhost:7", "Origin": "http://localhost:7"}, 200),
    ],
)
@pytest_twisted.ensureDeferred
async def test_web_pages_of_others_are_kept_out(api: Any, headers: dict[str, str], status: int) -> None:
    """By the Host they were led to, and by their Origin."""
    found = await api.asked("GET", "/health", **headers)

    assert status == found[0]


@pytest.mark.parametrize(
    ("asked", "status", "error"),
    [
        (("GET", "/jornal"), 404, "there is nothing at '/jornal'; did you mean /journal?"),
        (("GET", "/a/b/c/d"), 404, "there is nothing at '/a/b/c/d'; see /openapi.json"),
        (("GET", "/%ff"), 404, "the path is not UTF-8"),
        (("GET", "/journal?PID-5.1=%ff"), 400, "the query is not UTF-8 with %xx, or has more than 100 parts"),
        (("GET", "/journal?x=1"), 400, "when.x: unknown key 'x'; write one of: message, profile"),
        (("GET", "/journal?limit=0"), 400, "limit: write a limit from 1 to 10000"),
        (("GET", "/journal?limit=1&limit=2"), 400, "limit: write text here, not a list"),
        (("GET", "/journal/x"), 404, "there is no exchange 'x' in the journal"),
        (("GET", "/journal/99999999999999999999"), 404, "there is no exchange '99999999999999999999'"),
        (("PATCH", "/journal"), 405, "/journal knows GET, DELETE, HEAD, not 'PATCH'"),
        (("OPTIONS", "/verify"), 405, "/verify knows POST, not 'OPTIONS'"),
        (("POST", "/verify", b"{"), 400, "this is not JSON: expecting property name enclosed in double quotes (line 1"),
        (("POST", "/verify", b"\xff{}"), 400, "this is not UTF-8 (byte 0)"),
        (("POST", "/verify", b'{"when": {"a": 1, "a": 2}}'), 400, "'a' stands twice in the same object"),
        (("POST", "/verify", b'{"when": NaN}'), 400, "this is not JSON: there is no number NaN"),
        (
            ("POST", "/verify", b'{"when": {"PID-5": "\\ud800"}}'),
            400,
            "an escape sequence here stands for no character",
        ),
        (("POST", "/verify", b"[" * 100_000), 400, "there are more than 200000 values or 50 levels"),
        (("POST", "/verify", b"[" * 60 + b"]" * 60), 400, "there are more than 200000 values or 50 levels"),
        (("POST", "/verify", b"[]"), 400, "write a mapping here (key: value), not a list"),
        (("POST", "/verify", b" " * (MAX_BODY + 1)), 413, "the body has more than 1048576 bytes"),
        (("PUT", "/scenarios", b" " * (4 * MAX_BODY + 1)), 413, "the body has more than 4194304 bytes"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_what_cannot_be_is_told_in_a_sentence(api: Any, asked: Any, status: int, error: str) -> None:
    """Never with a traceback; and the next request is answered."""
    found = await api.asked(*asked)

    assert (status, error) == (found[0], found[1]["error"][: len(error)])
    assert 200 == (await api.asked("GET", "/health"))[0]


@pytest_twisted.ensureDeferred
async def test_forms_are_no_json(api: Any) -> None:
    """What a web page can send unasked is refused."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        status, found = await api.asked("POST", "/verify", b'{"when": {}}', Content_Type=kind)
        assert (415, "send JSON with the header Content-Type: application/json") == (status, found["error"][:56])


@pytest_twisted.ensureDeferred
async def test_a_wrong_method_is_told_the_right_ones(api: Any) -> None:
    """In the header Allow; HEAD is GET without a body; a last slash does not matter."""
    status, _, headers = await api.answer("DELETE", "/scenarios/")
    assert (405, "GET, PUT, POST, HEAD") == (status, headers["Allow"])
    status, found, headers = await api.answer("HEAD", "/health")
    assert (200, "", True) == (status, found, int(headers["Content-Length"]) > 50)
    assert ("no-store", "nosniff") == (headers["Cache-Control"], headers["X-Content-Type-Options"])


@pytest_twisted.ensureDeferred
async def test_an_error_of_ours_stops_nothing(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a 500 without a traceback, and reported."""

    def fail(*_: object) -> None:
        raise ValueError("Doe^Jane")

    monkeypatch.setattr(api.iis.clock, "now", fail)
    status, found = await api.asked("GET", "/clock")
    monkeypatch.undo()

    assert 500 == status
    assert "Doe" not in found["error"]
    assert any("the admin API failed" in remark for remark in api.iis.remarks)
    assert 200 == (await api.asked("GET", "/clock"))[0]


def twice(url: str) -> list[int]:
    """Two requests on one connection."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=20)
    statuses = []
    for path in ("/health", "/nothing"):
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
        opened = connection.sock
        assert opened is not None
    connection.close()
    return statuses


@pytest_twisted.ensureDeferred
async def test_connections_are_kept(api: Any) -> None:
    """Also after a refusal."""
    assert [200, 404] == await deferToThread(twice, api.iis.admin_url)


def left(url: str) -> None:
    """Ask for something that takes its time, and go."""
    host, port = url.removeprefix("http://").rsplit(":", 1)
    body = b'{"when": {"message": "VXU"}, "wait": "60s"}'
    head = b"POST /verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(head % len(body) + body)


@pytest_twisted.ensureDeferred
async def test_whoever_goes_is_waited_for_no_longer(api: Any) -> None:
    """Nothing is left of a verification whose sender has gone."""
    for _ in range(150):
        await deferToThread(left, api.iis.admin_url)
    found = await api.asked("POST", "/verify", {"when": {"message": "VXU"}, "wait": "10ms"})

    assert 409 == found[0]
