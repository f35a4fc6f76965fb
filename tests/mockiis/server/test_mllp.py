"""One MLLP connection: on a transport of strings and a clock that stands still, then over real sockets."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
import pytest_twisted
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet import endpoints, error
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from mockiis.message import MessageReply, NoReply
from mockiis.server.mllp import FrameAnswer, MLLPFactory, MLLPServer
from mockiis.wire.mllp import CR, FS, VT, frame

PEER = "192.168.1.1:54321"


class Echo:
    """A service that answers ``text`` with ``re text``, and does what a message of a few words asks.

    ``slow 2 text`` waits; ``close``, ``reset`` and ``hang`` are no reply; ``fail`` is an error of our own.
    """

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.reports: list[str] = []

    def answer_frame(self, data: bytes, peer: str) -> FrameAnswer:
        self.received.append(data)
        match data.decode("latin-1").split(" "):
            case ["close" | "reset" | "hang" as how]:
                return FrameAnswer(reply=NoReply(how=how), data=b"")
            case ["slow", seconds, *_]:
                return FrameAnswer(reply=MessageReply(text="", delay=float(seconds)), data=b"re " + data)
            case ["fail"]:
                raise ValueError(data)
        return FrameAnswer(reply=MessageReply(text=""), data=b"re " + data)

    def refuse_frame(self, reason: str, peer: str) -> FrameAnswer:
        return FrameAnswer(reply=MessageReply(text=""), data=b"no: " + reason.encode())

    def report(self, peer: str, text: str) -> None:
        self.reports.append(text)


class Transport(StringTransport):
    """Counts its writes."""

    writes = 0

    def writeSequence(self, data: Iterable[bytes]) -> None:
        self.writes += 1
        super().writeSequence(data)


class Line:
    """A sender's connection to the server, in memory."""

    def __init__(self, factory: MLLPFactory | None = None, max_size: int = 1000, idle_limit: float | None = 60) -> None:
        self.service = Echo()
        self.clock = Clock()
        self.clock.advance(1_000_000)
        self.factory = factory or MLLPFactory(self.service, self.clock, max_size=max_size, idle_limit=idle_limit)
        self.server: MLLPServer = self.factory.buildProtocol(None)
        self.transport = Transport()
        self.server.makeConnection(self.transport)

    def send(self, *messages: bytes) -> None:
        self.server.dataReceived(b"".join(frame(message) for message in messages))

    def replies(self) -> list[bytes]:
        """The messages written since the last call."""
        written = self.transport.value()
        self.transport.clear()
        blocks = written.split(FS + CR)
        assert b"" == blocks.pop(), "a block is not finished"
        assert all(block.startswith(VT) for block in blocks)
        return [block[1:] for block in blocks]

    def lose(self) -> None:
        self.server.connectionLost(Failure(error.ConnectionLost()))


@pytest.fixture
def line() -> Line:
    """A new connection."""
    return Line()


# Frames and replies.


def test_each_frame_gets_its_reply(line: Line) -> None:
    """The connection stays open for the next message."""
    line.send(b"one")
    assert [b"re one"] == line.replies()
    line.send(b"two")
    assert [b"re two"] == line.replies()
    assert not line.transport.disconnecting


def test_pipelined_frames_are_answered_in_one_write(line: Line) -> None:
    """Many messages in one segment cost one write."""
    line.send(b"one", b"two", b"three")

    assert [b"re one", b"re two", b"re three"] == line.replies()
    assert 1 == line.transport.writes


def test_a_sender_that_omits_the_cr_is_answered(line: Line) -> None:
    """The answer does not wait for the CR; the habit is reported once."""
    for _ in range(3):
        line.server.dataReceived(VT + b"one" + FS)
        assert [b"re one"] == line.replies()

    assert ["mllp-cr-missing: the FS (0x1C) that ends a frame was not followed by CR (0x0D)"] == line.service.reports


def test_replies_keep_the_order_of_arrival(line: Line) -> None:
    """A quick reply waits for the slow one before it, also when its message comes later."""
    line.send(b"slow 2 a", b"quick")
    line.clock.advance(1.9)
    line.send(b"quicker")
    assert [] == line.replies()

    line.clock.advance(0.2)
    assert [b"re slow 2 a", b"re quick", b"re quicker"] == line.replies()


WORDS = st.sampled_from([b"a", b"slow 0.5 b", b"slow 1 c", b"fail", b"close", b"", b"x" * 50])


@given(st.lists(WORDS, max_size=10), st.lists(st.integers(0, 120)))
def test_any_chunking_writes_the_same_bytes(messages: list[bytes], cuts: list[int]) -> None:
    """Where the network cuts the bytes makes no difference to what is written, refused and closed."""
    stream = b"".join(map(frame, messages))
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    outcomes = []
    for chunks in ([stream], [stream[start:end] for start, end in pairwise(edges)]):
        line = Line(max_size=40)
        for chunk in chunks:
            line.server.dataReceived(chunk)
        line.clock.advance(1)
        outcomes.append((line.replies(), line.transport.disconnecting, line.service.received, line.service.reports))

    assert outcomes[0] == outcomes[1]


# No reply.


def test_close_comes_after_earlier_replies(line: Line) -> None:
    """The connection is closed in its place in the order; a message after it reaches nobody."""
    line.send(b"slow 2 a", b"close", b"never")
    assert not line.transport.disconnecting

    line.clock.advance(2)
    assert [b"re slow 2 a"] == line.replies()
    assert line.transport.disconnecting
    assert not line.transport.disconnected
    assert [b"slow 2 a", b"close"] == line.service.received


def test_closing_lets_go_of_the_write_side(line: Line) -> None:
    """A transport with a producer does not close, so the connection is no longer one."""
    line.send(b"close")

    assert line.transport.producer is None


def test_reset_comes_after_earlier_replies(line: Line) -> None:
    """The replies before it are given a moment to leave, then the connection is reset."""
    line.send(b"one", b"reset", b"never")
    assert [b"re one"] == line.replies()
    assert not line.transport.disconnected

    line.clock.advance(0.05)
    assert line.transport.disconnected
    assert [b"one", b"reset"] == line.service.received


def test_hang_is_silent_and_open(line: Line) -> None:
    """After earlier replies nothing is written, nothing is answered and nothing is closed, for as long as it lasts."""
    line.send(b"slow 2 a", b"hang")
    line.clock.advance(2)
    assert [b"re slow 2 a"] == line.replies()

    for _ in range(10):
        line.send(b"hello?")
        line.clock.advance(60)
    line.clock.pump([60] * 10)
    assert [] == line.replies()
    assert not line.transport.disconnecting
    assert "producing" == line.transport.producerState
    assert [b"slow 2 a", b"hang"] == line.service.received


def test_hang_ends_when_the_sender_closes(line: Line) -> None:
    """A sender that has given up leaves nothing behind."""
    line.send(b"hang")
    line.server.readConnectionLost()

    assert line.transport.disconnecting


def test_hang_still_owed_when_the_sender_closes(line: Line) -> None:
    """The earlier reply is sent, and then there is nobody to be silent to."""
    line.send(b"slow 1 a", b"hang")
    line.server.readConnectionLost()
    assert not line.transport.disconnecting

    line.clock.advance(1)
    assert [b"re slow 1 a"] == line.replies()
    assert line.transport.disconnecting


def test_a_sender_that_closes_its_half_gets_every_reply(line: Line) -> None:
    """``nc -N`` sends, closes its half and reads: each message is answered, then the connection is closed."""
    line.send(b"one", b"slow 2 a")
    line.server.dataReceived(VT + b"half")
    line.server.readConnectionLost()
    assert not line.transport.disconnecting

    line.clock.advance(2)
    assert [b"re one", b"re slow 2 a"] == line.replies()
    assert line.transport.disconnecting
    assert [
        "mllp-frame-unfinished: the connection was closed before the FS (0x1C) of the frame (4 bytes)"
    ] == line.service.reports


# What is broken.


def test_a_broken_frame_is_reported_and_the_next_one_answered(line: Line) -> None:
    """Garbage and a dropped frame cost nothing but a line in the log, which does not quote them."""
    line.server.dataReceived(b"SECRET" + VT + b"SECRET" + frame(b"one"))

    assert [b"re one"] == line.replies()
    assert ["mllp-bytes-between", "mllp-vt-inside-frame"] == [text.split(":")[0] for text in line.service.reports]
    assert "SECRET" not in "".join(line.service.reports)


def test_our_own_error_is_answered(line: Line) -> None:
    """The failing message is refused in its place in the order, and the connection goes on."""
    line.send(b"slow 1 a", b"fail", b"one")
    line.clock.advance(1)

    assert [b"re slow 1 a", b"no: internal error", b"re one"] == line.replies()
    assert 1 == len(line.service.reports)


def test_a_lost_connection_harms_no_other(line: Line) -> None:
    """Connections of one listener share nothing."""
    other = Line(line.factory)
    line.server.dataReceived(b"\0junk" + VT + b"half")
    line.lose()
    other.send(b"one")

    assert [b"re one"] == other.replies()
    assert {other.server} == line.factory.connections


def test_too_large_is_refused_at_once_and_closed_at_its_end(line: Line) -> None:
    """The refusal does not wait for the rest; the rest is read so that the refusal is not lost to a reset."""
    line.send(b"slow 1 a")
    line.server.dataReceived(VT + b"x" * 1001)
    assert [] == line.replies()
    line.clock.advance(1)
    assert [b"re slow 1 a", b"no: the frame is larger than 1,000 bytes"] == line.replies()
    assert not line.transport.disconnecting

    line.server.dataReceived(b"x" * 500 + FS + CR + frame(b"never"))
    assert line.transport.disconnecting
    assert [] == line.replies()
    assert [b"slow 1 a"] == line.service.received
    assert ["mllp-frame-too-large: a frame larger than the limit was skipped (1,501 bytes)"] == line.service.reports


def test_too_large_without_end_is_cut_short(line: Line) -> None:
    """A sender that pours on is closed after a while."""
    line.server.dataReceived(VT + b"x" * 1001)
    line.clock.advance(9)
    line.server.dataReceived(b"x" * 1001)
    assert not line.transport.disconnecting

    line.clock.advance(1)
    assert line.transport.disconnecting


def test_too_large_and_then_closed(line: Line) -> None:
    """A sender that closes its half inside the frame has had its refusal, and the connection closes."""
    line.server.dataReceived(VT + b"x" * 1001)
    line.server.readConnectionLost()

    assert [b"no: the frame is larger than 1,000 bytes"] == line.replies()
    assert line.transport.disconnecting


# Time and pressure.


def test_an_idle_connection_is_closed(line: Line) -> None:
    """Nothing received for the limit, counted from the last byte."""
    line.clock.advance(59)
    line.server.dataReceived(VT)
    line.clock.advance(59)
    assert not line.transport.disconnecting

    line.clock.advance(1)
    assert line.transport.disconnecting
    assert "nothing received for 60 seconds: connection closed" == line.service.reports[0]
    assert line.service.reports[1].startswith("mllp-frame-unfinished")


def test_a_reply_owed_is_not_idle(line: Line) -> None:
    """A sender that waits for a slow reply is waited for, and the limit counts from that reply."""
    line.send(b"slow 200 a")
    line.clock.pump([10] * 20)
    assert [b"re slow 200 a"] == line.replies()
    line.clock.pump([1] * 59)
    assert not line.transport.disconnecting

    line.clock.pump([1] * 60)
    assert line.transport.disconnecting


def test_no_idle_limit() -> None:
    """Without a limit nothing is on the clock."""
    line = Line(idle_limit=None)

    assert [] == line.clock.getDelayedCalls()


def test_a_slow_reader_is_not_read_from(line: Line) -> None:
    """While its replies do not leave, nothing more is taken from the sender."""
    line.transport.producer.pauseProducing()
    assert "paused" == line.transport.producerState

    line.transport.producer.resumeProducing()
    assert "producing" == line.transport.producerState


def test_a_slow_reader_is_not_idle(line: Line) -> None:
    """Replies that leave at last show that the sender is still there."""
    line.transport.producer.pauseProducing()
    line.clock.advance(50)
    line.transport.producer.resumeProducing()
    line.clock.advance(50)
    assert not line.transport.disconnecting

    line.clock.advance(10)
    assert line.transport.disconnecting


def test_a_closed_half_is_not_read_again(line: Line) -> None:
    """There is nothing to pause or resume once the sender has sent its last byte."""
    line.send(b"slow 1 a")
    line.server.readConnectionLost()
    line.transport.producer.pauseProducing()

    assert "producing" == line.transport.producerState


def test_a_sender_that_never_reads_is_reset(line: Line) -> None:
    """Its replies cannot be written, so an orderly close would never end."""
    line.transport.producer.pauseProducing()
    line.clock.advance(60)

    assert line.transport.disconnected
    assert ["replies not read for 60 seconds: connection reset"] == line.service.reports


def test_a_close_that_is_never_read_is_reset(line: Line) -> None:
    """The last replies cannot leave: the connection is cut off after the idle limit."""
    line.send(b"one", b"close")
    line.clock.advance(60)

    assert line.transport.disconnected


def test_many_replies_owed_stop_the_reading(line: Line) -> None:
    """What a sender is owed is bounded; it is read from again when the replies are sent."""
    line.send(*[b"slow 5 a"] * 100)
    assert "producing" == line.transport.producerState
    line.send(b"one too many")
    assert "paused" == line.transport.producerState

    line.clock.advance(5)
    assert 101 == len(line.replies())
    assert "producing" == line.transport.producerState


@pytest.mark.parametrize("last", [b"slow 5 a", b"reset", b"hang", b"x" * 1001, b"one"])
def test_a_lost_connection_leaves_nothing_on_the_clock(line: Line, last: bytes) -> None:
    """Every call that waits is cancelled, whatever the connection was doing."""
    line.send(b"slow 1 a", last)
    line.clock.advance(1)
    line.lose()

    assert [] == line.clock.getDelayedCalls()
    assert set() == line.factory.connections


def test_replies_that_could_not_be_sent_are_reported(line: Line) -> None:
    """A sender that did not wait for a slow reply finds it in the log."""
    line.send(b"slow 5 a", b"two", b"close")
    line.lose()

    assert ["the connection was lost before 2 of its replies could be sent"] == line.service.reports


def test_aborting_every_connection(line: Line) -> None:
    """A listener that stops can cut off who is still connected."""
    other = Line(line.factory)
    line.factory.abort_connections()

    assert line.transport.disconnected
    assert other.transport.disconnected


# Real sockets.


class Sender(Protocol):
    """Sends some bytes at once, collects what comes back, and tells how the connection ended."""

    def __init__(self, data: bytes, *, half_close: bool) -> None:
        self.data, self.half_close = data, half_close
        self.received = b""
        self.ended: Deferred[type[Exception]] = Deferred()

    def connectionMade(self) -> None:
        self.transport.write(self.data)
        if self.half_close:
            self.transport.loseWriteConnection()

    def dataReceived(self, data: bytes) -> None:
        self.received += data

    def connectionLost(self, reason: Failure) -> None:
        self.ended.callback(reason.type)


async def exchange(data: bytes, *, half_close: bool = False) -> tuple[bytes, type[Exception]]:
    """What a listener on the loopback writes back, and how it ends the connection."""
    from twisted.internet import reactor

    factory = MLLPFactory(Echo(), reactor, max_size=1_000_000)
    port = await endpoints.serverFromString(reactor, "tcp:0:interface=127.0.0.1").listen(factory)
    try:
        address = endpoints.clientFromString(reactor, f"tcp:127.0.0.1:{port.getHost().port}")
        sender = await endpoints.connectProtocol(address, Sender(data, half_close=half_close))
        ended = await sender.ended
    finally:
        factory.abort_connections()
        await port.stopListening()
    return sender.received, ended


@pytest.mark.parametrize(("ending", "expected"), [(b"close", error.ConnectionDone), (b"reset", error.ConnectionLost)])
@pytest_twisted.ensureDeferred
async def test_over_the_loopback(ending: bytes, expected: type[Exception]) -> None:
    """Pipelined messages are answered in order, one of them late, and the ending comes after them."""
    messages = [b"one", b"slow 0.05 a", b"two", ending]

    received, ended = await exchange(b"".join(map(frame, messages)))

    assert b"".join(frame(b"re " + message) for message in messages[:-1]) == received
    assert expected is ended


@pytest_twisted.ensureDeferred
async def test_a_closed_half_over_the_loopback() -> None:
    """A sender that closes its half at once still reads every reply, the late one too."""
    received, ended = await exchange(frame(b"one") + frame(b"slow 0.05 a"), half_close=True)

    assert frame(b"re one") + frame(b"re slow 0.05 a") == received
    assert error.ConnectionDone is ended


@pytest_twisted.ensureDeferred
async def test_too_large_over_the_loopback() -> None:
    """A sender in the middle of a huge message still gets to read why it was refused."""
    received, ended = await exchange(frame(b"x" * 8_000_000))

    assert frame(b"no: the frame is larger than 1,000,000 bytes") == received
    assert error.ConnectionDone is ended


@pytest_twisted.ensureDeferred
async def test_more_replies_than_the_network_holds() -> None:
    """Back-pressure on both sides: every one of many large replies arrives, in order."""
    messages = [b"%d " % number + b"x" * 50_000 for number in range(200)]

    received, _ = await exchange(b"".join(map(frame, [*messages, b"close"])))

    assert b"".join(frame(b"re " + message) for message in messages) == received
