"""HTTP below the SOAP listener: how much of a request is kept, and what can be done with one.

twisted.web would put a large body in a temporary file, read forms out of it, and write an access log. Here a body
stays in memory, up to a limit, and the service notes each exchange. ``soap`` is the resource that answers. Twisted's
requests are largely untyped, so what is done with them is done here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any, Literal

from twisted.internet.interfaces import IReactorTime
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site

from mockiis.wire.http_delivery import Response

Report = Callable[[str, str], None]
"""Takes a peer and what it did that is odd."""

_HEAD = 1000
"""Bytes of a body over the limit that are kept: enough to see its SOAP version."""
_DISCARD = 64 * 1024 * 1024
"""Bytes over the limit that are read and thrown away. A sender reads no answer before it has sent everything, but one
that goes on beyond this is cut off."""
_HOST = re.compile(r"([A-Za-z0-9_.-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")


class LimitedSite(Site):
    """A site whose requests have bodies of at most ``max_body`` bytes."""

    def __init__(
        self, root: Resource, report: Report, clock: IReactorTime, *, max_body: int, idle_limit: float
    ) -> None:
        super().__init__(root, LimitedRequest, timeout=idle_limit, reactor=clock)  # type: ignore[no-untyped-call]
        self.max_body = max_body
        self.report = report
        self.owed: set[LimitedRequest] = set()
        """Requests that have not been answered to their end."""

    def log(self, request: object) -> None:
        """No access log."""

    def acceptableProtocols(self) -> list[bytes]:
        """HTTP/1.1, which is what senders speak; on HTTP/2 no single exchange could lose its connection."""
        return [b"http/1.1"]


class LimitedRequest(Request):
    """``body`` is all of the body, or its beginning when it is ``too_large``."""

    too_large = False
    limit = 0
    _size = 0
    _chunks: list[bytes]

    def gotLength(self, length: int | None) -> None:
        """The headers are complete. ``content`` stays empty, so that twisted.web looks for no form in it."""
        channel: Any = self.channel
        self.content = BytesIO()
        self._chunks = []
        self.limit = channel.site.max_body
        self.too_large = length is not None and length > self.limit

    def process(self) -> None:
        """It is here as a whole."""
        channel: Any = self.channel
        owed: set[LimitedRequest] = channel.site.owed
        owed.add(self)
        self.notifyFinish().addBoth(lambda _: owed.discard(self))
        super().process()  # type: ignore[no-untyped-call]

    def handleContentChunk(self, data: bytes) -> None:
        """Some of the body has arrived."""
        self._size += len(data)
        self.too_large = self.too_large or self._size > self.limit
        self._chunks.append(data)
        if self.too_large:
            self._chunks = [self.body[:_HEAD]]
        if self._size > self.limit + _DISCARD:
            self._cut_off()

    @property
    def body(self) -> bytes:
        """What has been kept."""
        return b"".join(self._chunks)

    def _cut_off(self) -> None:
        channel: Any = self.channel
        channel.site.report(peer_of(self), f"a request did not end after {self._size} bytes; its connection is reset")
        hang_up(self, "reset")


class PlainText(Resource):
    """A line of text. What is asked for below it, or sent to it, is not found, and that is reported."""

    def __init__(self, text: str, missing: PlainText | None = None, report: Report | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._text = text
        self._missing = missing
        self._report = report

    def getChild(self, _path: bytes, _request: object) -> Resource:
        """The page for what is not there."""
        return self._missing or self

    def render(self, request: Any) -> int:
        """Answer at once. A message that is posted here must not look as if it had been taken."""
        if self._missing is not None and request.method not in (b"GET", b"HEAD"):
            return self._missing.render(request)
        if self._report:
            self._report(peer_of(request), f"HTTP status 404: {self._text}")
        send(request, 404 if self._report else 200, "text/plain; charset=utf-8", f"{self._text}\n".encode())
        return NOT_DONE_YET


def send(request: Any, status: int, content_type: str, body: bytes) -> None:
    """Write a whole response; to HEAD, its headers."""
    request.setResponseCode(status)
    request.setHeader(b"Content-Type", content_type.encode("ascii"))
    request.setHeader(b"Content-Length", b"%d" % len(body))
    request.write(body)
    request.finish()


def send_response(request: Any, response: Response) -> None:
    """Write a whole response with headers of its own."""
    for name, value in response.headers:
        request.responseHeaders.addRawHeader(name.encode("ascii"), value.encode("utf-8", "replace"))
    request.setResponseCode(response.status)
    request.setHeader(b"Content-Length", b"%d" % len(response.body))
    request.write(response.body)
    request.finish()


def hang_up(request: Any, how: Literal["close", "reset"]) -> None:
    """End the connection without an answer, in order or not."""
    if how == "close":
        request.loseConnection()
    else:
        request.transport.abortConnection()


def peer_of(request: Any) -> str:
    """``address:port`` of the other side; without a port for transports that have none."""
    address = request.getClientAddress()
    host, port = getattr(address, "host", "unknown"), getattr(address, "port", None)
    return f"{host}:{port}" if port is not None else str(host)


def origin_of(request: Any) -> str:
    """Scheme, host and port that a request was sent to; the listener's own when the Host header is no such thing."""
    host = request.getHeader("host") or ""
    if not _HOST.fullmatch(host):
        local = request.getHost()
        name = f"[{local.host}]" if ":" in local.host else local.host
        host = f"{name}:{local.port}"
    return f"http{'s' if request.isSecure() else ''}://{host}"


def query_of(request: Any) -> set[str]:
    """The names in the query, in lower case; twisted.web leaves out those without a value."""
    query = request.uri.partition(b"?")[2].decode("latin-1").lower()
    return {part.partition("=")[0] for part in query.split("&")}
