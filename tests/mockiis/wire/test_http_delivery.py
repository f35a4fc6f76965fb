"""What leaves over HTTP, without a socket; byte by byte it is tested on one."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.message.misbehaviour import KINDS, Misbehaviour, effective
from mockiis.wire.delivery import Delivery
from mockiis.wire.http_delivery import Response, deliver, spoiled

PAGE = Response(status=200, headers=(("Content-Type", "text/html"),), body=b"hello")


def delivered(*names: str, response: Response = PAGE) -> Delivery | None:
    return deliver(response, effective([Misbehaviour(name=name) for name in names], "soap", "http"))


def whole(*names: str, response: Response = PAGE) -> bytes:
    delivery = delivered(*names, response=response)
    assert delivery is not None
    return b"".join(chunk.data for chunk in delivery.chunks)


@pytest.mark.parametrize("names", [(), ("gzip",), ("empty", "garbage", "wrong_content_type")])
def test_what_http_can_carry_is_left_to_it(names: tuple[str, ...]) -> None:
    """Only bytes that no library would send are written past it."""
    assert delivered(*names) is None


def test_a_whole_response() -> None:
    """It says that the connection ends with it, unless that is to be a surprise."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n"

    assert head + b"Connection: close\r\n\r\nhello" == whole("split")
    assert head + b"\r\nhello" == whole("close_after")


def test_the_connection_after_it() -> None:
    """It is closed; after too long a Content-Length the sender waits; what was asked for counts more."""
    endings = {
        names: delivered(*names) for names in [("dribble",), ("content_length_too_long",), ("hang_after", "truncate")]
    }

    assert ["close", "hang", "hang"] == [delivery.ending for delivery in endings.values() if delivery]


def test_an_unknown_status_has_a_word_too() -> None:
    """HTTP asks for one, even if nobody reads it."""
    assert whole("split", response=Response(status=599)).startswith(b"HTTP/1.1 599 Unknown\r\n")


def test_a_header_of_one_s_own_counts() -> None:
    """Content-Length is as the author wants it, and appears once."""
    text = whole(response=Response(status=200, headers=(("content-length", "7"),), body=b"hello"))

    assert (1, True) == (text.lower().count(b"content-length"), b"content-length: 7\r\n" in text)


def test_compressed_garbage() -> None:
    """The garbage stands before what is compressed, and is compressed with it."""
    chosen = effective([Misbehaviour(name="gzip"), Misbehaviour(name="garbage", text="?")], "soap", "http")

    assert b"?hello" == gzip.decompress(spoiled(PAGE, chosen).body)
    assert spoiled(PAGE, chosen) == spoiled(PAGE, chosen)


@given(st.binary(), st.lists(st.sampled_from(list(KINDS)), max_size=6), st.integers(-3, 50), st.floats(-2, 2))
def test_nothing_raises(body: bytes, names: list[str], count: int, number: float) -> None:
    """Whatever is asked for, in any combination; the pace changes no byte."""
    asked = [Misbehaviour(name=name, count=count, seconds=number, text="\ud800\r\né") for name in names]
    chosen = effective([*asked, Misbehaviour(name="close_after")], "soap", "http")
    response = spoiled(Response(status=200, headers=(("a", "b\r\nc"),), body=body), chosen)
    slow = deliver(response, chosen)
    quick = deliver(
        response, {name: one for name, one in chosen.items() if name not in ("split", "dribble", "slow_headers")}
    )

    assert slow is not None
    assert quick is not None
    assert b"".join(chunk.data for chunk in quick.chunks) == b"".join(chunk.data for chunk in slow.chunks)
    assert all(chunk.wait >= 0 for chunk in slow.chunks)
