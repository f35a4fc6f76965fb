"""One MLLP connection, on a clock that stands still: limits, pressure, and what a lost connection leaves."""

from __future__ import annotations

from typing import Any

import pytest

from mockiis.wire.mllp import VT


def test_an_idle_connection_is_closed(line: Any) -> None:
    """Nothing received for the limit, counted from the last byte."""
    line.clock.advance(59)
    line.server.dataReceived(VT)
    line.clock.advance(59)
    assert not line.transport.disconnecting

    line.clock.advance(1)
    assert line.transport.disconnecting
    assert "nothing received for 60 seconds: connection closed" == line.service.reports[0]
    assert line.service.reports[1].startswith("mllp-frame-unfinished")


def test_a_reply_owed_is_not_idle(line: Any) -> None:
    """A sender that waits for a slow reply is waited for, and the limit counts from that reply."""
    line.send(b"slow 200 a")
    line.clock.pump([10] * 20)
    assert [b"re slow 200 a"] == line.replies()
    line.clock.pump([1] * 59)
    assert not line.transport.disconnecting

    line.clock.pump([1] * 60)
    assert line.transport.disconnecting


def test_no_idle_limit(dial: Any) -> None:
    """Without a limit nothing is on the clock."""
    line = dial(idle_limit=None)

    assert [] == line.clock.getDelayedCalls()


def test_a_slow_reader_is_not_read_from(line: Any) -> None:
    """While its replies do not leave, nothing more is taken from the sender."""
    line.transport.producer.pauseProducing()
    assert "paused" == line.transport.producerState

    line.transport.producer.resumeProducing()
    assert "producing" == line.transport.producerState


def test_a_slow_reader_is_not_idle(line: Any) -> None:
    """Replies that leave at last show that the sender is still there."""
    line.transport.producer.pauseProducing()
    line.clock.advance(50)
    line.transport.producer.resumeProducing()
    line.clock.advance(50)
    assert not line.transport.disconnecting

    line.clock.advance(10)
    assert line.transport.disconnecting


def test_a_closed_half_is_not_read_again(line: Any) -> None:
    """There is nothing to pause or resume once the sender has sent its last byte."""
    line.send(b"slow 1 a")
    line.server.readConnectionLost()
    line.transport.producer.pauseProducing()

    assert "producing" == line.transport.producerState


def test_a_sender_that_never_reads_is_reset(line: Any) -> None:
    """Its replies cannot be written, so an orderly close would never end."""
    line.transport.producer.pauseProducing()
    line.clock.advance(60)

    assert line.transport.disconnected
    assert ["replies not read for 60 seconds: connection reset"] == line.service.reports


def test_a_close_that_is_never_read_is_reset(line: Any) -> None:
    """The last replies cannot leave: the connection is cut off after the idle limit."""
    line.send(b"one", b"close")
    line.clock.advance(60)

    assert line.transport.disconnected


def test_many_replies_owed_stop_the_reading(line: Any) -> None:
    """What a sender is owed is bounded; it is read from again when the replies are sent."""
    line.send(*[b"slow 5 a"] * 100)
    assert "producing" == line.transport.producerState
    line.send(b"one too many")
    assert "paused" == line.transport.producerState

    line.clock.advance(5)
    assert 101 == len(line.replies())
    assert "producing" == line.transport.producerState


@pytest.mark.parametrize("last", [b"slow 5 a", b"reset", b"hang", b"x" * 1001, b"one"])
def test_a_lost_connection_leaves_nothing_on_the_clock(line: Any, last: bytes) -> None:
    """Every call that waits is cancelled, whatever the connection was doing."""
    line.send(b"slow 1 a", last)
    line.clock.advance(1)
    line.lose()

    assert [] == line.clock.getDelayedCalls()
    assert set() == line.factory.connections


def test_replies_that_could_not_be_sent_are_reported(line: Any) -> None:
    """A sender that did not wait for a slow reply finds it in the log."""
    line.send(b"slow 5 a", b"two", b"close")
    line.lose()

    assert ["the connection was lost before 2 of its replies could be sent"] == line.service.reports


def test_aborting_every_connection(line: Any, dial: Any) -> None:
    """A listener that stops can cut off who is still connected."""
    other = dial(line.factory)
    line.factory.abort_connections()

    assert line.transport.disconnected
    assert other.transport.disconnected
