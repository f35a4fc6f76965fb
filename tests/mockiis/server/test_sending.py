"""A delivery under way, on a clock that stands still."""

from __future__ import annotations

import pytest
from twisted.internet.task import Clock

from mockiis.server.sending import Sending
from mockiis.wire.delivery import Chunk, Delivery

SLOW = Delivery(
    chunks=(Chunk(wait=0, data=b"a"), Chunk(wait=2, data=b"b"), Chunk(wait=0, data=b"c"), Chunk(wait=1, data=b"d")),
    ending="reset",
)


def started(clock: Clock, delivery: Delivery) -> tuple[Sending, list[object]]:
    done: list[object] = []
    sending = Sending(clock, delivery, done.append, done.append)
    sending.start()
    return sending, done


def test_each_piece_in_its_time() -> None:
    """And the ending after the last one."""
    clock = Clock()
    _, done = started(clock, SLOW)
    assert [b"a"] == done
    clock.advance(2)
    assert [b"a", b"b", b"c"] == done
    clock.advance(1)
    assert [b"a", b"b", b"c", b"d", "reset"] == done


def test_nothing_to_send_is_an_ending() -> None:
    """At once."""
    assert ["close"] == started(Clock(), Delivery(chunks=(), ending="close"))[1]


@pytest.mark.parametrize("seconds", [0, 2, 3])
def test_cancelled_it_leaves_nothing(seconds: int) -> None:
    """Neither a call nor a piece, whenever it is; twice does no harm."""
    clock = Clock()
    sending, done = started(clock, SLOW)
    clock.advance(seconds)
    sent = list(done)
    sending.cancel()
    sending.cancel()
    clock.advance(9)

    assert (sent, []) == (done, clock.getDelayedCalls())
