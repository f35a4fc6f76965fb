"""Long work in small slices, without sockets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.testing import MemoryReactorClock

from mockiis.message import MessageReply
from mockiis.server.admin.asked import RefusedError
from mockiis.server.admin.controls import Controls
from mockiis.server.admin.waiting import MOST_WAITING, Waiting
from mockiis.server.clock import Clock
from mockiis.server.forwarding import Forwarding
from mockiis.server.ledger import Ledger
from mockiis.server.listeners import Listeners, Settings
from mockiis.server.service import Service
from mockiis.store.entry import Seen
from mockiis.store.journal import Ring
from mockiis.verification import EVERYTHING, Counted


@pytest.fixture
def reactor() -> Any:
    """A reactor that runs when the test says so."""
    return MemoryReactorClock()


@pytest.fixture
def controls(reactor: Any) -> Controls:
    """A mock without sockets."""
    service = Service(scenarios=())
    return Controls(service, Listeners(service, Settings(), reactor, Clock(reactor)), reactor)


def test_work_is_done_a_slice_at_a_time(controls: Controls, reactor: Any) -> None:
    """Not before the reactor has its turn."""
    done: list[int] = []
    work = controls.in_slices(done.append(number) for number in range(3))
    assert [] == done
    reactor.advance(0)

    assert ([0, 1, 2], True) == (done, work.called)


def test_work_that_nobody_waits_for_ends(controls: Controls, reactor: Any) -> None:
    """Its error is that it was cancelled."""

    def endless() -> Iterator[None]:
        while True:
            yield None

    failures: list[Any] = []
    work = controls.in_slices(endless())
    work.addErrback(lambda failure: failures.append(failure.check(CancelledError)))
    work.cancel()
    reactor.advance(0)

    assert [CancelledError] == failures
    assert [] == reactor.getDelayedCalls()


def test_work_that_fails_says_so(controls: Controls, reactor: Any) -> None:
    """With its own error."""

    def failing() -> Iterator[None]:
        yield None
        raise ValueError("x")

    failures: list[Any] = []
    controls.in_slices(failing()).addErrback(lambda failure: failures.append(str(failure.value)))
    reactor.advance(0)

    assert ["x"] == failures


def test_only_so_many_may_wait(controls: Controls, reactor: Any) -> None:
    """One more is refused; one that goes makes room, also while it looks."""
    waiting = [Waiting(controls, Counted(EVERYTHING), 60) for _ in range(MOST_WAITING)]
    with pytest.raises(RefusedError, match="100 verifications wait already"):
        Waiting(controls, Counted(EVERYTHING), 60)
    for each in waiting:
        each.done.addErrback(lambda failure: failure.trap(CancelledError))
        each.done.cancel()

    assert not controls.woken
    reactor.advance(0)
    assert [] == reactor.getDelayedCalls()


def test_what_arrives_while_it_looks_is_looked_at_too(controls: Controls, reactor: Any) -> None:
    """Also when its time is over just then."""
    waiting = Waiting(controls, Counted(EVERYTHING), 1)
    reactor.advance(0)
    controls.service.answer_frame(b"hello", "peer")
    reactor.advance(1)
    reactor.advance(0)
    found: list[Any] = []
    waiting.done.addCallback(found.append)

    assert [1] == [each.count for each in found]
    assert not controls.woken


class Late(Ring):
    """A durable journal in memory: what is noted is there when it is committed."""

    durable = True

    def __init__(self) -> None:
        super().__init__()
        self.committed = 0

    def commit(self) -> None:
        self.committed = self.last()

    def seen(self, after: int = 0) -> Iterator[Seen]:
        return (seen for seen in super().seen(after) if seen.number <= self.committed)


def test_what_was_taken_in_before_the_question_is_in_the_answer(reactor: Any) -> None:
    """Also when its round has not ended: a test that asks right after its message misses nothing."""
    service = Service(scenarios=(), ledger=Ledger(Late(), later=reactor.callLater))
    controls = Controls(service, Listeners(service, Settings(), reactor, Clock(reactor)), reactor)
    held = service.answer_frame(b"hello", "peer")

    assert not held.free
    assert [1] == [seen.number for seen in controls.seen()]
    assert held.free


def test_what_was_forwarded_before_a_reset_belongs_to_nobody(reactor: Any) -> None:
    """Neither is it noted when it comes back, nor is what waited for its turn sent."""
    asked: list[Deferred[Any]] = []

    def carry(*_: str) -> Deferred[Any]:
        asked.append(Deferred())
        return asked[-1]

    carry.address = "mllp://elsewhere"  # type: ignore[attr-defined]
    service = Service(scenarios=(), forwarding=Forwarding(carry))  # type: ignore[arg-type]
    controls = Controls(service, Listeners(service, Settings(), reactor, Clock(reactor)), reactor)
    message = b"MSH|^~\\&|A|B|C|D|20240403||VXU^V04^VXU_V04|1|P|2.5.1\r"
    for _ in range(2):
        service.answer_frame(message, "peer")
    controls.drop_answers()
    asked[0].callback(MessageReply(text="MSH|^~\\&|\rMSA|AA|1\r"))
    assert ([], 1) == (list(controls.seen()), len(asked))

    service.answer_frame(message, "peer")
    asked[1].callback(MessageReply(text="MSH|^~\\&|\rMSA|AA|1\r"))
    assert [1] == [seen.number for seen in controls.seen()]
