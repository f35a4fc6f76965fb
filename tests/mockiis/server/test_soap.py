"""The SOAP listener carries out the replies of the service: waits, writes, hangs up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.message.reply import FaultKind, MessageReply
from mockiis.wire.soap import CDC, DIALECTS, SOAP12, Dialect
from mockiis.wire.soap_client import Fault, Returned, envelope, read_response
from mockiis.wire.soap_server import Call, Endpoint, Refusal

Connect = Callable[..., Any]
SUBMIT = "submitSingleMessage"


def fault(kind: FaultKind, detail: str) -> Fault:
    endpoint = Endpoint()
    response = endpoint.write_refusal(Refusal(version=SOAP12, kind=kind, detail=detail))
    found = read_response(response.body, dialect=CDC, operation=SUBMIT)
    assert isinstance(found, Fault)
    return found


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_a_message_is_answered(connect: Connect, dialect: Dialect) -> None:
    """POST /soap in the dialect; the service sees the call and who made it."""
    connection = connect(dialect)
    connection.submit("MSH|\r")
    ((status, headers, _),) = connection.responses()

    assert [Returned(text="re MSH|\r")] == connection.read()
    assert (200, f"{dialect.version.media_type}; charset=utf-8") == (status, headers.getRawHeaders("content-type")[0])
    assert [("ann", "secret", "MSH|\r")] == [
        (call.username, call.password, call.text) for call in connection.service.calls
    ]
    assert ["192.168.1.1:54321"] == connection.service.peers


def test_connectivity_test_is_answered(connect: Connect) -> None:
    """Both operations go to the service."""
    connection = connect()
    connection.submit("hello", "connectivityTest")

    assert [Returned(text="re hello")] == connection.read("connectivityTest")
    assert ["connectivityTest"] == [call.operation for call in connection.service.calls]


@given(st.lists(st.integers(1, 300), max_size=10))
def test_any_chunking_gives_the_same_answers(connect: Connect, sizes: list[int]) -> None:
    """Requests in pieces and pipelined ones are answered the same, in order."""
    whole = connect()
    whole.submit("one")
    whole.submit("two")

    cut, data = connect(), b"".join(whole.sent)
    for size in sizes:
        cut.send(data[:size])
        data = data[size:]
    cut.send(data)

    assert [Returned(text="re one"), Returned(text="re two")] == cut.read() == whole.read()


def test_a_chunked_body_is_taken(connect: Connect) -> None:
    """Transfer-Encoding: chunked, as Java and .NET senders use it."""
    connection = connect()
    headers, body = envelope(CDC, SUBMIT, "one")
    connection.send(f"POST /soap HTTP/1.1\r\nHost: x\r\nContent-Type: {headers['Content-Type']}\r\n".encode())
    connection.send(b"Transfer-Encoding: chunked\r\n\r\n")
    for piece in (body[:50], body[50:]):
        connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
    connection.send(b"0\r\n\r\n")

    assert [Returned(text="re one")] == connection.read()


def test_a_delayed_reply_waits_for_the_clock(connect: Connect) -> None:
    """The delay is the injected clock's, and a request behind it is answered after it."""
    connection = connect()
    connection.submit("slow 2 one")
    connection.submit("two")
    connection.clock.advance(1.9)
    before = connection.read()
    connection.clock.advance(0.2)

    assert [] == before
    assert [Returned(text="re slow 2 one"), Returned(text="re two")] == connection.read()


def test_a_delayed_reply_is_dropped_with_its_connection(connect: Connect) -> None:
    """Nothing is written to a peer that is gone, and nothing is left waiting."""
    connection = connect()
    connection.submit("slow 2 one")
    connection.lose()

    assert [] == connection.clock.getDelayedCalls()


def test_faults_are_carried_out(connect: Connect) -> None:
    """The service's fault, with HTTP status 500 or the one that was set."""
    for status in (500, 200):
        connection = connect(fault_status=status)
        connection.submit("fault")

        assert [fault(FaultKind.SECURITY, "no such user")] == connection.read()
        assert [status] == [found for found, _, _ in connection.responses()]


@pytest.mark.parametrize(
    ("text", "closed", "aborted"), [("close", True, False), ("reset", False, True), ("hang", False, False)]
)
def test_no_reply(connect: Connect, text: str, closed: bool, aborted: bool) -> None:
    """Close in order, reset, or stay silent; never an answer."""
    connection = connect()
    connection.submit(text)

    assert [] == connection.responses()
    assert (closed, aborted) == (
        connection.transport.disconnecting and not connection.transport.disconnected,
        connection.transport.disconnected,
    )


def test_no_reply_may_come_late(connect: Connect) -> None:
    """A NoReply has a delay like every reply."""
    connection = connect()
    connection.submit("late-close")
    before = connection.transport.disconnecting
    connection.clock.advance(1)

    assert (False, True) == (before, connection.transport.disconnecting)
    connection.lose()


@pytest.mark.parametrize(
    ("text", "kind", "file", "place"),
    [("fail", "ValueError", "conftest.py", "_re"), ("nothing", "TypeError", "soap_reply.py", "written")],
)
def test_an_error_of_our_own_is_an_unknown_fault(connect: Connect, text: str, kind: str, file: str, place: str) -> None:
    """The peer learns that there was one; the report says where, without the error's text, which may quote PHI."""
    connection = connect()
    connection.submit(text)
    connection.submit("two")

    assert [fault(FaultKind.UNKNOWN, "internal error"), Returned(text="re two")] == connection.read()
    (report,) = connection.service.reports
    assert f"internal error: {kind} at {file}:" == report.partition(".py:")[0] + ".py:"
    assert report.endswith(f" in {place}")


def test_an_error_while_reading_is_an_unknown_fault(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even then the service is told, so that the exchange is in the log."""

    def fail(*_: object) -> Call:
        raise KeyError("MSH|secret")

    monkeypatch.setattr(Endpoint, "read", fail)
    connection = connect()
    connection.submit("one")

    assert [fault(FaultKind.UNKNOWN, "internal error")] == connection.read()
    assert ["internal error"] == [refusal.detail for refusal in connection.service.refusals]
    assert "secret" not in "".join(connection.service.reports)


def test_an_answer_that_xml_cannot_carry_is_reported(connect: Connect) -> None:
    """The peer gets a fault in its place."""
    connection = connect()
    headers, body = envelope(CDC, SUBMIT, "one")
    connection.service.answer_call = lambda call, peer: MessageReply(text="MSA\x13")  # type: ignore[method-assign]
    connection.post(body, headers)
    problem = "the answer holds U+0013 at character 4, which XML cannot carry"

    assert [fault(FaultKind.UNKNOWN, problem)] == connection.read()
    assert [problem] == connection.service.reports


def test_a_connection_is_not_silent_while_a_reply_is_owed(connect: Connect) -> None:
    """The idle limit is for the sender's silence."""
    connection = connect(idle_limit=10)
    connection.submit("slow 20 one")
    connection.clock.advance(11)
    during = connection.transport.disconnecting
    connection.clock.advance(10)
    connection.clock.advance(11)

    assert (False, True) == (during, connection.transport.disconnecting)
    assert [Returned(text="re slow 20 one")] == connection.read()
    connection.lose()
