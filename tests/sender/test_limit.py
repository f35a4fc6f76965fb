"""The time limit of one send, with a clock that stands still."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_twisted
from twisted.internet import defer, task

from sender.destination import Destination
from sender.limit import limited
from sender.outcome import ConnectionFailed, TimedOut

TO = Destination(transport="mllp", host="127.0.0.1", port=1, timeout=30.0)


def start(clock: task.Clock, waiting: defer.Deferred[Any], *, connected: bool = True) -> defer.Deferred[Any]:
    async def work() -> Any:
        return await waiting

    return defer.Deferred.fromCoroutine(limited(work(), TO, clock, lambda: connected))


@pytest_twisted.ensureDeferred
async def test_gives_what_the_work_gives() -> None:
    """Work that ends in time leaves nothing running."""
    clock, waiting = task.Clock(), defer.Deferred[str]()
    running = start(clock, waiting)
    waiting.callback("answer")
    assert await running == "answer"
    assert clock.getDelayedCalls() == []


@pytest.mark.parametrize("connected", [True, False])
@pytest_twisted.ensureDeferred
async def test_says_how_far_it_came_in_time(connected: bool) -> None:
    """Late work is cancelled; the outcome tells no answer from no connection."""
    clock, waiting = task.Clock(), defer.Deferred[str]()
    running = start(clock, waiting, connected=connected)
    clock.advance(29.9)
    assert not waiting.called
    clock.advance(0.1)
    assert TimedOut(seconds=30.0, connected=connected) == await running


@pytest_twisted.ensureDeferred
async def test_late_work_that_ends_in_its_own_way_is_late_all_the_same() -> None:
    """An endpoint cancelled while it connects reports a failure of its own."""

    def cancelled(deferred: defer.Deferred[Any]) -> None:
        deferred.callback(ConnectionFailed(reason="cancelled while connecting"))

    clock, waiting = task.Clock(), defer.Deferred[Any](cancelled)
    running = start(clock, waiting, connected=False)
    clock.advance(30)
    assert TimedOut(seconds=30.0, connected=False) == await running


@pytest_twisted.ensureDeferred
async def test_a_cancelled_send_is_no_timeout() -> None:
    """When the caller cancels, the cancellation reaches the caller."""
    clock, waiting = task.Clock(), defer.Deferred[str]()
    running = start(clock, waiting)
    running.cancel()
    with pytest.raises(defer.CancelledError):
        await running
    assert clock.getDelayedCalls() == []
