"""Order and delay of replies, on a clock that stands still until it is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock

from mockiis.message import MessageReply, NoReply
from mockiis.server.frame_service import CLOSE, FrameAnswer
from mockiis.server.reply_queue import ReplyQueue
from mockiis.wire.mllp import frame


class Ledger:
    """A queue, its clock, and everything it has done so far."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.done: list[list[bytes] | str] = []
        self.queue = ReplyQueue(self.clock, self.done.append, self.done.append)

    def add(self, *answers: FrameAnswer) -> None:
        for answer in answers:
            self.queue.add(answer)
        self.queue.settle()

    def done_at(self, seconds: float) -> list[list[bytes] | str]:
        self.clock.advance(seconds - self.clock.seconds())
        return self.done


def says(data: bytes, delay: float = 0.0) -> FrameAnswer:
    return FrameAnswer(reply=MessageReply(text="", delay=delay), data=data)


A, B, C = (frame(data) for data in (b"a", b"b", b"c"))


def test_undelayed_replies_go_in_one_write() -> None:
    """Replies that wait for nothing leave together."""
    ledger = Ledger()

    ledger.add(says(b"a"), says(b"b"), says(b"c"))

    assert [[A, B, C]] == ledger.done
    assert [] == ledger.clock.getDelayedCalls()


def test_a_later_reply_waits_for_an_earlier_one() -> None:
    """Order of arrival holds, and all that waited leave together."""
    ledger = Ledger()
    ledger.add(says(b"a", 2), says(b"b"), says(b"c", 1))

    assert [] == ledger.done_at(1.9)
    assert [[A, B, C]] == ledger.done_at(2)


def test_delays_count_from_arrival() -> None:
    """Two slow replies are slow at the same time, not one after the other."""
    ledger = Ledger()
    ledger.add(says(b"a", 2), says(b"b", 3))

    assert [[A]] == ledger.done_at(2)
    assert [[A]] == ledger.done_at(2.9)
    assert [[A], [B]] == ledger.done_at(3)


def test_settling_early_changes_nothing() -> None:
    """A message that arrives meanwhile neither hastens nor doubles what waits."""
    ledger = Ledger()
    ledger.add(says(b"a", 1), says(b"b", 5))
    ledger.clock.rightNow = 1.5
    ledger.add(says(b"c"))

    assert 1 == len(ledger.clock.getDelayedCalls())
    assert [[A]] == ledger.done_at(1.6)
    assert [[A], [B, C]] == ledger.done_at(5)


@pytest.mark.parametrize("how", ["close", "reset", "hang"])
def test_an_ending_comes_after_the_replies_before_it(how: str) -> None:
    """Closing, resetting and hanging wait for their turn, and for their own delay."""
    ledger = Ledger()
    ending = FrameAnswer(reply=NoReply(how=how, delay=3), data=b"")  # type: ignore[arg-type]
    ledger.add(says(b"a"), says(b"b", 2), ending)

    assert [[A]] == ledger.done_at(0)
    assert [[A], [B]] == ledger.done_at(2)
    assert [[A], [B], how] == ledger.done_at(3)


def test_cancelling_forgets_and_counts() -> None:
    """What will never be sent is counted, an ending not among it, and no call is left on the clock."""
    ledger = Ledger()
    ledger.add(says(b"a", 1), says(b"b"), CLOSE)

    assert 3 == len(ledger.queue)
    assert 2 == ledger.queue.cancel()
    assert 0 == len(ledger.queue)
    assert [] == ledger.clock.getDelayedCalls()
    assert 0 == ledger.queue.cancel()


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 3)), max_size=12))
def test_every_reply_goes_in_order_and_not_before_its_time(arrivals: list[tuple[float, float]]) -> None:
    """Whatever the delays: each reply leaves when its own and all earlier delays are over, and never out of order."""
    ledger = Ledger()
    sent: list[tuple[bytes, float]] = []
    ledger.queue = ReplyQueue(
        ledger.clock, lambda blocks: sent.extend((block, ledger.clock.seconds()) for block in blocks), print
    )
    expected, latest = [], 0.0
    for number, (pause, delay) in enumerate(arrivals):
        ledger.clock.pump([pause / 10] * 10)
        data = str(number).encode()
        latest = max(latest, ledger.clock.seconds() + delay)
        expected.append((frame(data), latest))
        ledger.add(says(data, delay))
    ledger.clock.pump([0.01] * 310)

    assert [block for block, _ in expected] == [block for block, _ in sent]
    assert all(due <= at + 1e-9 for (_, due), (_, at) in zip(expected, sent, strict=True))
