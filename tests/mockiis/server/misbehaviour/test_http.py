"""Answers that are no SOAP at all: pages, redirects, statuses."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_twisted

from mockiis.message.reply import HTTPReply


def parsed(data: bytes) -> tuple[bytes, dict[bytes, bytes], bytes]:
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    return first, dict(line.split(b": ", 1) for line in lines), body


@pytest.fixture
def page(stage: Any, vxu: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Called with an HTTPReply, it gives what came back."""

    async def ask(**values: Any) -> tuple[bytes, dict[bytes, bytes], bytes]:
        monkeypatch.setattr("mockiis.server.answering.respond", lambda *_: HTTPReply(**values))
        peer = await stage("{ack: AA}").soap(vxu)
        await peer.until(lambda: b"\r\n\r\n" in peer.data)
        await peer.size(peer.data.index(b"\r\n\r\n") + 4 + len(values.get("body", "").encode()))
        return parsed(peer.data)

    return ask


@pytest_twisted.ensureDeferred
async def test_a_page_of_a_proxy(stage: Any, vxu: str) -> None:
    """As a rule says it."""
    peer = await stage("{http: {status: 502, body: '<h1>Bad Gateway ü</h1>'}}").soap(vxu)
    await peer.until(lambda: b"</h1>" in peer.data)
    first, headers, body = parsed(peer.data)

    assert b"HTTP/1.1 502 Bad Gateway" == first
    assert b"text/html; charset=utf-8" == headers[b"Content-Type"]
    assert ("<h1>Bad Gateway ü</h1>".encode(), str(len(body)).encode()) == (body, headers[b"Content-Length"])


@pytest_twisted.ensureDeferred
async def test_a_redirect(page: Any) -> None:
    """With its Location."""
    first, headers, _ = await page(status=302, headers=(("Location", "https://login.example/"),))

    assert (b"HTTP/1.1 302 Found", b"https://login.example/") == (first, headers[b"Location"])


@pytest.mark.parametrize("status", [200, 204, 299, 304, 307, 400, 401, 418, 451, 500, 503, 508, 599])
@pytest_twisted.ensureDeferred
async def test_any_status(page: Any, status: int) -> None:
    """Those that HTTP has no name for too."""
    first, _, _ = await page(status=status)

    assert first.startswith(b"HTTP/1.1 %d " % status)


@pytest_twisted.ensureDeferred
async def test_another_type(page: Any) -> None:
    """Bytes in UTF-8, whatever the type says; a header of that name counts more."""
    _, headers, body = await page(status=200, body="ÿ{}", content_type="application/json")
    assert (b"application/json", "ÿ{}".encode()) == (headers[b"Content-Type"], body)

    _, headers, _ = await page(status=200, headers=(("content-type", "a/b"),))
    assert b"a/b" == {name.lower(): value for name, value in headers.items()}[b"content-type"]


@pytest.mark.parametrize(
    "header",
    [
        ("Content-Length", "5"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "keep-alive"),
        ("no token", "x\r\ny: z"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_headers_that_are_out_of_order(page: Any, header: tuple[str, str]) -> None:
    """They are sent as they are, but for line ends, which would be headers of their own."""
    _, headers, body = await page(status=200, body="0123456789", headers=(header,))

    assert (header[1].replace("\r\n", " ").encode(), b"0123456789") == (headers[header[0].encode()], body)


@pytest_twisted.ensureDeferred
async def test_a_page_that_goes_wrong_as_well(stage: Any, vxu: str) -> None:
    """What goes wrong with an answer can go wrong with a page."""
    peer = await stage("{http: {status: 503, body: 0123456789}, wire: [{truncate: 4}]}").soap(vxu)
    await peer.end()
    first, headers, body = parsed(peer.data)

    assert (b"HTTP/1.1 503 Service Unavailable", b"10", b"0123") == (first, headers[b"Content-Length"], body)
