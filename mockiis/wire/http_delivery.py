"""An HTTP response and what is to go wrong with it -> another response, or the bytes that leave, piece by piece."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from mockiis.message.reply import HTTPReply
from mockiis.wire.delivery import Chosen, Chunk, Delivery, Ending, cut, ending, paced, spread

_RAW = frozenset(
    {
        "content_length_too_long",
        "content_length_too_short",
        "truncate",
        "slow_headers",
        "split",
        "dribble",
        "close_after",
        "reset_after",
        "hang_after",
    }
)
"""What an HTTP library would not do: the bytes are written past it, and the connection ends with them."""
_OF_CONNECTION = frozenset({"content-length", "transfer-encoding", "connection"})
"""Headers that say where a response ends. An author's own are sent as they are, whatever the library thinks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response; ``headers`` in order, without Content-Length unless it is to be another than the body's."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str | None:
        """The last value of a header; None when it has none."""
        return next((value for key, value in reversed(self.headers) if key.lower() == name), None)

    def with_header(self, name: str, value: str) -> Response:
        """With this value alone for a header."""
        kept = tuple(entry for entry in self.headers if entry[0].lower() != name.lower())
        return replace(self, headers=(*kept, (name, value)))


def page(reply: HTTPReply) -> Response:
    """The response that a reply of HTTP alone is."""
    response = Response(status=reply.status, headers=reply.headers, body=reply.body.encode("utf-8", "replace"))
    if response.header("content-type") is None and reply.content_type:
        return response.with_header("Content-Type", reply.content_type)
    return response


def spoiled(response: Response, chosen: Chosen) -> Response:
    """What is wrong with the response as such. It is still HTTP."""
    if "empty" in chosen:
        response = replace(response, status=200, body=b"")
    if "garbage" in chosen:
        response = replace(response, body=(chosen["garbage"].text or "").encode("utf-8", "replace") + response.body)
    if "gzip" in chosen:
        response = replace(response, body=gzip.compress(response.body, mtime=0))
        response = response.with_header("Content-Encoding", "gzip")
    if "wrong_content_type" in chosen:
        response = response.with_header("Content-Type", chosen["wrong_content_type"].text or "")
    return response


def deliver(response: Response, chosen: Chosen) -> Delivery | None:
    """The bytes of a response that no HTTP library would send so; None for one that any would."""
    if not _RAW & chosen.keys() and all(_is_usual(name) for name, _ in response.headers):
        return None
    end = ending(chosen, otherwise="hang" if "content_length_too_long" in chosen else "close")
    head, body = _head(response, chosen, end), cut(response.body, chosen)
    if "slow_headers" in chosen:
        first = spread(head, chosen["slow_headers"].seconds or 0.0)
        return Delivery(chunks=(*first, *paced(body, chosen)), ending=end)
    chunks = paced(b"".join(head) + body, chosen)
    return Delivery(chunks=chunks or (Chunk(wait=0.0, data=b""),), ending=end)


def _is_usual(header: str) -> bool:
    return re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", header) is not None and header.lower() not in _OF_CONNECTION


def _head(response: Response, chosen: Chosen, end: Ending) -> list[bytes]:
    """The lines before the body, the empty one included."""
    lines = [f"HTTP/1.1 {response.status} {_phrase(response.status)}"]
    lines += [f"{_one_line(name)}: {_one_line(value)}" for name, value in response.headers]
    if response.header("content-length") is None and response.header("transfer-encoding") is None:
        lines.append(f"Content-Length: {_length(len(response.body), chosen)}")
    if end == "close" and "close_after" not in chosen and response.header("connection") is None:
        lines.append("Connection: close")
    return [f"{line}\r\n".encode("utf-8", "replace") for line in (*lines, "")]


def _length(true: int, chosen: Chosen) -> int:
    if "content_length_too_long" in chosen:
        return true + (chosen["content_length_too_long"].count or 0)
    if "content_length_too_short" in chosen:
        return max(0, true - (chosen["content_length_too_short"].count or 0))
    return true


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _one_line(text: str) -> str:
    return re.sub(r"[\r\n]+\s*", " ", text)
