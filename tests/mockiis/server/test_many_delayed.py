"""Two thousand replies that wait at once."""

from __future__ import annotations

import threading
from typing import Any

from twisted.internet.task import Clock as StandingClock

from mockiis.server.clock import Clock
from mockiis.server.mllp import MLLPFactory


def test_they_cost_no_thread_and_one_call(dial: Any, echo: Any) -> None:
    """Each on a connection of its own: nothing but one call on the reactor, and all leave when their time comes."""
    reactor, threads = StandingClock(), threading.active_count()
    factory = MLLPFactory(echo, reactor, delays=Clock(reactor), idle_limit=None)
    lines = [dial(factory) for _ in range(2000)]
    for line in lines:
        line.send(b"slow 1 a")

    assert (threads, 1) == (threading.active_count(), len(reactor.getDelayedCalls()))
    reactor.advance(0.999)
    assert [] == [line for line in lines if line.transport.value()]
    reactor.advance(0.001)
    assert [[b"re slow 1 a"]] * 2000 == [line.replies() for line in lines]
    assert [] == reactor.getDelayedCalls()
