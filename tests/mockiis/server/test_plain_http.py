"""Plain HTTP at /hl7: what comes back, when, and with which type, on a transport of strings."""

from __future__ import annotations

import pytest

from mockiis.wire.http_post import URL_ENCODED

Connect = type


def test_a_message_is_answered_in_its_own_type(connect: Connect) -> None:
    """A form gets text."""
    connection = connect()
    connection.post(b"hello", {"Content-Type": "x-application/hl7-v2+er7"}, "/hl7")
    connection.post(b"hello", {}, "/hl7/")
    connection.post(b"MESSAGEDATA=hello", {"Content-Type": URL_ENCODED}, "/hl7")
    found = [(status, headers.getRawHeaders("content-type"), body) for status, headers, body in connection.responses()]

    assert [
        (200, ["x-application/hl7-v2+er7; charset=utf-8"], b"re hello"),
        (200, ["application/hl7-v2; charset=utf-8"], b"re hello"),
        (200, ["text/plain; charset=utf-8"], b"re hello"),
    ] == found


@pytest.mark.parametrize(
    ("body", "headers", "status", "sentence"),
    [
        (b"x" * 51, {}, 413, b"the request has more than 50 bytes, which is the limit"),
        (b"x", {"Content-Encoding": "gzip"}, 415, b"a compressed body is not taken; send the message as it is"),
        (b"x", {"Content-Type": URL_ENCODED}, 400, b"the form has no field MESSAGEDATA; found none of its fields"),
        (b"fail", {}, 500, b"internal error\n"),
    ],
)
def test_what_cannot_be_taken(
    connect: Connect, body: bytes, headers: dict[str, str], status: int, sentence: bytes
) -> None:
    """A status and a sentence; the next request on the connection is answered."""
    connection = connect(max_body=50)
    connection.post(body, headers, "/hl7")
    connection.post(b"ok", {}, "/hl7")
    refused, following = connection.responses()

    assert (status, sentence) == (refused[0], refused[2])
    assert (200, b"re ok") == (following[0], following[2])


def test_only_post_is_taken(connect: Connect) -> None:
    """405 says so, and which method is."""
    connection = connect()
    connection.send(b"GET /hl7 HTTP/1.1\r\nHost: x\r\n\r\n")
    ((status, headers, body),) = connection.responses()

    assert (405, ["POST"]) == (status, headers.getRawHeaders("allow"))
    assert b"expected POST with an HL7 message or a form that holds one" == body


def test_nothing_is_below(connect: Connect) -> None:
    """A slip in the path is told."""
    connection = connect()
    connection.post(b"hello", {}, "/hl7/x")

    assert [404] == [status for status, _, _ in connection.responses()]


def test_a_reply_waits_and_a_connection_is_dropped(connect: Connect) -> None:
    """The delays of replies, and replies that are none."""
    connection = connect()
    connection.post(b"slow 2 x", {}, "/hl7")
    connection.clock.advance(1.9)
    early = connection.responses()
    connection.clock.advance(0.1)

    assert ([], [b"re slow 2 x"]) == (early, [body for _, _, body in connection.responses()])

    connection.post(b"close", {}, "/hl7")
    assert connection.transport.disconnecting

    other = connect()
    other.post(b"hang", {}, "/hl7")
    assert ([], False) == (other.responses(), other.transport.disconnecting)
