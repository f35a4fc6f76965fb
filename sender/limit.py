"""The time limit of one send: connecting, and waiting for the answer, together."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from twisted.internet import defer

from sender.destination import Destination
from sender.outcome import TimedOut

T = TypeVar("T")


async def limited(
    work: Coroutine[Any, Any, T], destination: Destination, reactor: Any, connected: Callable[[], bool]
) -> T | TimedOut:
    """What ``work`` gives, or TimedOut when it takes too long; ``work`` is then cancelled."""
    running = defer.Deferred.fromCoroutine(work)
    limit = reactor.callLater(destination.timeout, running.cancel)
    broken_off: list[bool] = []

    def break_off(_: object) -> None:
        broken_off.append(True)
        running.cancel()

    # Not ``running`` itself: what a broken-off connection ends with must not be taken for how the send ended.
    ended: defer.Deferred[T] = defer.Deferred(break_off)
    running.addBoth(lambda result: None if ended.called else ended.callback(result))
    try:
        outcome = [await ended]
    except defer.CancelledError:
        if limit.active():  # somebody else cancelled
            raise
        outcome = []
    finally:
        late = not limit.active()
        if not late:
            limit.cancel()
    if broken_off:
        raise defer.CancelledError
    # Cancelled work may end in an error of its own, such as that of an endpoint that was still connecting.
    return TimedOut(seconds=destination.timeout, connected=connected()) if late else outcome[0]
