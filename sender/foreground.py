"""Work in the foreground: the reactor runs until one piece of work is done, or somebody breaks it off.

Ctrl-C and SIGTERM both break it off. The commands that send share this.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from twisted.internet import defer
from twisted.python.failure import Failure

T = TypeVar("T")


def work_through(work: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
    """What the work, which is given the reactor, comes to, or raises. Only once in a process.

    Raises KeyboardInterrupt when it is broken off; the work is cancelled first, so that it can say how far it came.
    """
    from twisted.internet import reactor as installed

    reactor: Any = installed
    results: list[T | Failure] = []
    begun: list[defer.Deferred[T]] = []
    broken_off = False

    def begin() -> None:
        begun.append(defer.Deferred.fromCoroutine(work(reactor)))
        begun[0].addBoth(results.append)
        begun[0].addBoth(lambda _: None if broken_off else reactor.stop())

    def end() -> None:
        nonlocal broken_off
        broken_off = not results
        if broken_off:
            for deferred in begun:
                deferred.cancel()

    reactor.callWhenRunning(begin)
    reactor.addSystemEventTrigger("before", "shutdown", end)
    reactor.run()
    if broken_off or not results:
        raise KeyboardInterrupt
    if isinstance(results[0], Failure):
        results[0].raiseException()
    return results[0]
