"""One MLLP connection, on a transport of strings: frames, replies, and what is broken."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mockiis.wire.mllp import CR, FS, VT, frame


def test_each_frame_gets_its_reply(line: Any) -> None:
    """The connection stays open for the next message."""
    line.send(b"one")
    assert [b"re one"] == line.replies()
    line.send(b"two")
    assert [b"re two"] == line.replies()
    assert not line.transport.disconnecting


def test_pipelined_frames_are_answered_in_one_write(line: Any) -> None:
    """Many messages in one segment cost one write."""
    line.send(b"one", b"two", b"three")

    assert [b"re one", b"re two", b"re three"] == line.replies()
    assert 1 == line.transport.writes


def test_a_sender_that_omits_the_cr_is_answered(line: Any) -> None:
    """The answer does not wait for the CR; the habit is reported once."""
    for _ in range(3):
        line.server.dataReceived(VT + b"one" + FS)
        assert [b"re one"] == line.replies()

    assert ["mllp-cr-missing: the FS (0x1C) that ends a frame was not followed by CR (0x0D)"] == line.service.reports


def test_replies_keep_the_order_of_arrival(line: Any) -> None:
    """A quick reply waits for the slow one before it, also when its message comes later."""
    line.send(b"slow 2 a", b"quick")
    line.clock.advance(1.9)
    line.send(b"quicker")
    assert [] == line.replies()

    line.clock.advance(0.2)
    assert [b"re slow 2 a", b"re quick", b"re quicker"] == line.replies()


WORDS = st.sampled_from([b"a", b"slow 0.5 b", b"slow 1 c", b"fail", b"close", b"", b"x" * 50])


@given(st.lists(WORDS, max_size=10), st.lists(st.integers(0, 120)))
def test_any_chunking_writes_the_same_bytes(dial: Any, messages: list[bytes], cuts: list[int]) -> None:
    """Where the network cuts the bytes makes no difference to what is written, refused and closed."""
    stream = b"".join(map(frame, messages))
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    outcomes = []
    for chunks in ([stream], [stream[start:end] for start, end in pairwise(edges)]):
        line = dial(max_size=40)
        for chunk in chunks:
            line.server.dataReceived(chunk)
        line.clock.advance(1)
        outcomes.append((line.replies(), line.transport.disconnecting, line.service.received, line.service.reports))

    assert outcomes[0] == outcomes[1]


# No reply.


def test_close_comes_after_earlier_replies(line: Any) -> None:
    """The connection is closed in its place in the order; a message after it reaches nobody."""
    line.send(b"slow 2 a", b"close", b"never")
    assert not line.transport.disconnecting

    line.clock.advance(2)
    assert [b"re slow 2 a"] == line.replies()
    assert line.transport.disconnecting
    assert not line.transport.disconnected
    assert [b"slow 2 a", b"close"] == line.service.received


def test_closing_lets_go_of_the_write_side(line: Any) -> None:
    """A transport with a producer does not close, so the connection is no longer one."""
    line.send(b"close")

    assert line.transport.producer is None


def test_reset_comes_after_earlier_replies(line: Any) -> None:
    """The replies before it are given a moment to leave, then the connection is reset."""
    line.send(b"one", b"reset", b"never")
    assert [b"re one"] == line.replies()
    assert not line.transport.disconnected

    line.clock.advance(0.05)
    assert line.transport.disconnected
    assert [b"one", b"reset"] == line.service.received


def test_hang_is_silent_and_open(line: Any) -> None:
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


def test_hang_ends_when_the_sender_closes(line: Any) -> None:
    """A sender that has given up leaves nothing behind."""
    line.send(b"hang")
    line.server.readConnectionLost()

    assert line.transport.disconnecting


def test_hang_still_owed_when_the_sender_closes(line: Any) -> None:
    """The earlier reply is sent, and then there is nobody to be silent to."""
    line.send(b"slow 1 a", b"hang")
    line.server.readConnectionLost()
    assert not line.transport.disconnecting

    line.clock.advance(1)
    assert [b"re slow 1 a"] == line.replies()
    assert line.transport.disconnecting


def test_a_sender_that_closes_its_half_gets_every_reply(line: Any) -> None:
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


def test_a_broken_frame_is_reported_and_the_next_one_answered(line: Any) -> None:
    """Garbage and a dropped frame cost nothing but a line in the log, which does not quote them."""
    line.server.dataReceived(b"SECRET" + VT + b"SECRET" + frame(b"one"))

    assert [b"re one"] == line.replies()
    assert ["mllp-bytes-between", "mllp-vt-inside-frame"] == [text.split(":")[0] for text in line.service.reports]
    assert "SECRET" not in "".join(line.service.reports)


def test_our_own_error_is_answered(line: Any) -> None:
    """The failing message is refused in its place in the order, and the connection goes on."""
    line.send(b"slow 1 a", b"fail", b"one")
    line.clock.advance(1)

    assert [b"re slow 1 a", b"no: internal error", b"re one"] == line.replies()
    assert 1 == len(line.service.reports)


def test_a_lost_connection_harms_no_other(line: Any, dial: Any) -> None:
    """Connections of one listener share nothing."""
    other = dial(line.factory)
    line.server.dataReceived(b"\0junk" + VT + b"half")
    line.lose()
    other.send(b"one")

    assert [b"re one"] == other.replies()
    assert {other.server} == line.factory.connections


def test_too_large_is_refused_at_once_and_closed_at_its_end(line: Any) -> None:
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


def test_too_large_without_end_is_cut_short(line: Any) -> None:
    """A sender that pours on is closed after a while."""
    line.server.dataReceived(VT + b"x" * 1001)
    line.clock.advance(9)
    line.server.dataReceived(b"x" * 1001)
    assert not line.transport.disconnecting

    line.clock.advance(1)
    assert line.transport.disconnecting


def test_too_large_and_then_closed(line: Any) -> None:
    """A sender that closes its half inside the frame has had its refusal, and the connection closes."""
    line.server.dataReceived(VT + b"x" * 1001)
    line.server.readConnectionLost()

    assert [b"no: the frame is larger than 1,000 bytes"] == line.replies()
    assert line.transport.disconnecting
