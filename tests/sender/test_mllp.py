"""The MLLP transport against small servers on loopback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import pytest_twisted
from twisted.internet import defer
from twisted.internet.error import ConnectionAborted
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from mockiis.wire.mllp import frame
from sender.mllp import MLLPTransport, _Line
from sender.outcome import ConnectionFailed, NotAcknowledgment, Reached, TimedOut
from sender.send import Session

NO_FRAME = "what came back is no MLLP frame"
ESCAPED = "an FS inside a field is written \\X1C\\"
UNTRUSTED = "it has expired, or its issuer is not trusted; name the issuer's certificate with --ca"
MESSAGE = "MSH|^~\\&|A|B|C|D|20240506070809-0500||VXU^V04^VXU_V04|M{}|P|2.5.1\r"
ACK = "MSH|^~\\&|C|D|A|B|20240506070809-0500||ACK^V04^ACK|X|P|2.5.1\rMSA|AA|M{}\r"


def echo_ack(request: bytes) -> bytes:
    """An ACK for whatever control id the message has."""
    control_id = request.split(b"|")[9].removeprefix(b"M").decode()
    return frame(ACK.format(control_id).encode())


@pytest_twisted.ensureDeferred
async def test_sends_several_messages_over_one_connection(listen: Any, destination: Any) -> None:
    """Each message goes out after the answer to the one before, on the same connection."""
    from twisted.internet import reactor

    script = listen("mllp", echo_ack)
    async with Session(destination("mllp", script.port), reactor) as session:
        names = [(await session.send(MESSAGE.format(number))).name for number in range(3)]
    assert names == ["accepted"] * 3
    assert [MESSAGE.format(number).encode() for number in range(3)] == script.requests
    assert len(script.connections) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"", NotAcknowledgment(reason="the answer is empty")),
        (b"hello", NotAcknowledgment(reason="the answer is no HL7 message: it does not begin with MSH", text="hello")),
    ],
)
@pytest_twisted.ensureDeferred
async def test_says_what_a_frame_holds_that_is_no_message(
    listen: Any, destination: Any, answer: bytes, expected: NotAcknowledgment
) -> None:
    """A frame without an HL7 message is no acknowledgment."""
    from twisted.internet import reactor

    script = listen("mllp", lambda _: frame(answer))
    async with Session(destination("mllp", script.port), reactor) as session:
        assert expected == await session.send(MESSAGE.format(1))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            b"MSH|no VT\x1c\r",
            f"{NO_FRAME}: text that ends with FS (0x1C) but does not begin with VT (0x0B); {ESCAPED}",
        ),
        (b"\x0b" + b"x" * 200 + b"\x1c\r", "the answer is larger than 100 bytes; it was not read"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_says_why_bytes_are_no_frame(listen: Any, destination: Any, answer: bytes, reason: str) -> None:
    """Bytes that are no frame, or too many, end the wait at once."""
    from twisted.internet import reactor

    script = listen("mllp", lambda _: answer)
    transport = MLLPTransport(destination("mllp", script.port, max_answer=100), reactor)
    assert NotAcknowledgment(reason=reason) == await transport.submit(MESSAGE.format(1))
    await transport.close()


@pytest_twisted.ensureDeferred
async def test_an_answer_in_another_protocol_is_no_frame(listen: Any, destination: Any) -> None:
    """What answers in HTTP and hangs up has a sentence of its own."""
    from twisted.internet import reactor

    script = listen("mllp", lambda _: b"HTTP/1.1 400 Bad Request\r\n\r\nBYE")
    async with Session(destination("mllp", script.port), reactor) as session:
        outcome = await session.send(MESSAGE.format(1))
    reason = "what came back is no MLLP frame: bytes that belong to no frame: a message begins with VT (0x0B)"
    assert NotAcknowledgment(reason=reason) == outcome


@pytest_twisted.ensureDeferred
async def test_takes_a_frame_after_other_bytes(listen: Any, destination: Any) -> None:
    """A banner before the first frame does not hide it."""
    from twisted.internet import reactor

    script = listen("mllp", lambda request: b"welcome\r\n" + echo_ack(request))
    async with Session(destination("mllp", script.port), reactor) as session:
        assert (await session.send(MESSAGE.format(1))).name == "accepted"


@pytest_twisted.ensureDeferred
async def test_says_that_the_connection_was_lost(listen: Any, destination: Any, close: object) -> None:
    """A receiver that hangs up may have the message already; the next message gets a new connection."""
    from twisted.internet import reactor

    script = listen("mllp", lambda request: close if b"|M1|" in request else echo_ack(request))
    to = destination("mllp", script.port)
    expected = ConnectionFailed(reason=f"{to.address} closed the connection without an answer", connected=True)
    async with Session(to, reactor) as session:
        lost = await session.send(MESSAGE.format(1))
        again = await session.send(MESSAGE.format(2))
    assert expected == lost
    assert lost.next_step == TimedOut.usual_step
    assert (again.name, len(script.connections)) == ("accepted", 2)


@pytest_twisted.ensureDeferred
async def test_gives_up_after_the_time_limit(listen: Any, destination: Any, clocked: Any) -> None:
    """Silence is a timeout, and its connection is not used again: a late answer must not meet the next message."""
    script = listen("mllp", lambda request: None if b"|M1|" in request else echo_ack(request))
    async with Session(destination("mllp", script.port), clocked) as session:
        sending = defer.Deferred.fromCoroutine(session.send(MESSAGE.format(1)))
        await script.received
        clocked.clock.advance(30)
        outcome = await sending
        again = await session.send(MESSAGE.format(2))
    assert TimedOut(seconds=30.0) == outcome
    assert outcome.sentence == "no answer within 30 s"
    assert (again.name, len(script.connections)) == ("accepted", 2)


class Stuck(StringTransport):
    """A connection whose other side takes no part in closing."""

    def loseConnection(self) -> None:
        """Nothing happens."""

    def abortConnection(self) -> None:
        self.protocol.connectionLost(Failure(ConnectionAborted()))


@pytest_twisted.ensureDeferred
async def test_does_not_wait_for_ever_to_close(destination: Any, clocked: Any) -> None:
    """A connection that will not close in order is cut."""
    transport = MLLPTransport(destination("mllp", 1), clocked)
    transport._line, wire = _Line(transport.destination), Stuck()
    wire.protocol = transport._line
    transport._line.makeConnection(wire)
    closing = defer.Deferred.fromCoroutine(transport.close())
    clocked.clock.advance(1.9)
    assert not closing.called
    clocked.clock.advance(0.1)
    await closing


@pytest_twisted.ensureDeferred
async def test_leaves_a_connection_that_is_out_of_step(listen: Any, destination: Any) -> None:
    """After an answer to another message the next one goes out on a new connection."""
    from twisted.internet import reactor

    wrong = frame(ACK.format("99").encode())
    script = listen("mllp", lambda request: wrong if b"|M1|" in request else echo_ack(request))
    async with Session(destination("mllp", script.port), reactor) as session:
        first = await session.send(MESSAGE.format(1))
        second = await session.send(MESSAGE.format(2))
    assert first.sentence == "the answer is for another message: MSA-2 is 'M99', the message control id 'M1'"
    assert (second.name, len(script.connections)) == ("accepted", 2)


@pytest_twisted.ensureDeferred
async def test_leaves_a_connection_on_which_more_came_than_was_asked(listen: Any, destination: Any) -> None:
    """A second answer to one message must not be taken for the answer to the next."""
    from twisted.internet import reactor

    script = listen("mllp", lambda request: echo_ack(request) * 2)
    async with Session(destination("mllp", script.port), reactor) as session:
        names = [(await session.send(MESSAGE.format(number))).name for number in range(2)]
    assert (names, len(script.connections)) == (["accepted"] * 2, 2)


@pytest_twisted.ensureDeferred
async def test_says_that_nothing_listens(listen: Any, destination: Any, free_port: int) -> None:
    """A refused connection names the address."""
    from twisted.internet import reactor

    to = destination("mllp", free_port)
    async with Session(to, reactor) as session:
        outcome = await session.send(MESSAGE.format(1))
        reached = await session.connectivity_test()
    expected = ConnectionFailed(reason=f"connection refused: nothing listens at {to.address}")
    assert (expected, expected) == (outcome, reached)
    assert outcome.next_step == "check the address and that something listens there, then send again"


@pytest_twisted.ensureDeferred
async def test_the_connectivity_test_needs_a_connection_only(listen: Any, destination: Any) -> None:
    """MLLP has no message for it, so a connection is all that is tested."""
    from twisted.internet import reactor

    script = listen("mllp", echo_ack)
    async with Session(destination("mllp", script.port), reactor) as session:
        assert Reached(echoed=False) == await session.connectivity_test()
        assert (await session.send(MESSAGE.format(1))).name == "accepted"
    assert len(script.connections) == 1


@pytest.mark.parametrize(
    ("label", "codec"), [("", "utf-8"), ("8859/1", "iso8859-1"), ("UNICODE UTF-8", "utf-8"), ("ASCII", "utf-8")]
)
@pytest_twisted.ensureDeferred
async def test_encodes_by_the_character_set_of_the_message(
    listen: Any, destination: Any, label: str, codec: str
) -> None:
    """MSH-18 says how the message is encoded; what it cannot carry goes out in UTF-8."""
    from twisted.internet import reactor

    message = MESSAGE.format(1).replace("|2.5.1\r", f"|2.5.1||||||{label}\rPID|1||||Sömmer\r")
    script = listen("mllp", echo_ack)
    async with Session(destination("mllp", script.port), reactor) as session:
        await session.send(message)
    assert [message.encode(codec)] == script.requests


@pytest.mark.filterwarnings("ignore:Passing pyOpenSSL")  # Twisted 26.10 does
@pytest_twisted.ensureDeferred
async def test_tls_trusts_the_named_authority_alone(listen: Any, destination: Any, issue: Callable[..., Any]) -> None:
    """With --ca the server's certificate must be issued by that authority, for that host."""
    from twisted.internet import reactor

    issued, other = issue("127.0.0.1"), issue("somewhere.example")
    right = listen("mllp", echo_ack, tls=issued.options)
    wrong_host = listen("mllp", echo_ack, tls=other.options)
    sentences = []
    for port, settings in (
        (right.port, {"ca": issued.authority}),
        (right.port, {"verify": False}),
        (right.port, {"ca": other.authority}),
        (right.port, {}),
        (wrong_host.port, {"ca": other.authority}),
    ):
        async with Session(destination("mllp", port, tls=True, **settings), reactor) as session:
            sentences.append((await session.send(MESSAGE.format(1))).sentence)
    untrusted = f"TLS: certificate verify failed: {UNTRUSTED}"
    expected = [
        "accepted (MSA-1 AA)",
        "accepted (MSA-1 AA)",
        untrusted,
        untrusted,
        "TLS: the certificate is not for '127.0.0.1'; use the name it was issued for",
    ]
    assert expected == sentences
    assert len(right.requests) == 2
    assert wrong_host.requests == []


@pytest_twisted.ensureDeferred
async def test_says_that_the_other_side_does_not_speak_tls(listen: Any, destination: Any) -> None:
    """TLS to a plain listener fails with advice; nothing of the message is sent."""
    from twisted.internet import reactor

    script = listen("mllp", echo_ack, greeting=b"220 plain text only\r\n")
    async with Session(destination("mllp", script.port, tls=True), reactor) as session:
        outcome = await session.send(MESSAGE.format(1))
    assert isinstance(outcome, ConnectionFailed)
    assert outcome.sentence.endswith("the other side does not speak TLS there; use http:// or mllp://")
    assert (outcome.connected, script.requests) == (False, [])
