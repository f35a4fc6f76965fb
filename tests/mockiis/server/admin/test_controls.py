"""Long work in small slices, without sockets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from twisted.internet.defer import CancelledError
from twisted.internet.testing import MemoryReactorClock

from mockiis.server.admin.asked import RefusedError
from mockiis.server.admin.controls import Controls
from mockiis.server.admin.waiting import MOST_WAITING, Waiting
from mockiis.server.clock import Clock
from mockiis.server.listeners import Listeners, Settings
from mockiis.server.service import Service
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
