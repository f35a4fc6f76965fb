"""The clock of one mock: the time of its answers and how long they wait. A test can stop it and move it.

What the registry does in its own time is on it: MSH-7, delays, the pace of an answer. What a socket does in real time
is not, since a test that moves the clock by an hour still wants its connections: idle limits, and the seconds that a
last byte gets to leave, stay on the reactor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

from twisted.internet.error import AlreadyCalled, AlreadyCancelled
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from zope.interface import implementer

_FEW = 64
"""Cancelled calls that are kept until their time comes. Many more than live ones are swept out."""
_log = Logger()


def local_time() -> datetime:
    """Now, with the zone of this machine."""
    return datetime.now(UTC).astimezone()


@implementer(IDelayedCall)
class _Call:
    """A call that waits. The clock's heap may hold it more than once; only the entry made last counts."""

    __slots__ = ("_changed", "_seconds", "done", "entry", "run", "time")

    def __init__(
        self, time: float, run: Callable[[], object], seconds: Callable[[], float], changed: Callable[[_Call], None]
    ) -> None:
        self.time = time
        self.run = run
        self._seconds = seconds
        self._changed = changed
        self.entry = -1
        self.done: type[Exception] | None = None
        """What trying to change it raises, once it has run or been cancelled."""

    def getTime(self) -> float:
        """When it is due, in the seconds of the clock."""
        return self.time

    def active(self) -> bool:
        """Whether it still waits."""
        return self.done is None

    def cancel(self) -> None:
        """Forget it."""
        self._check()
        self.done = AlreadyCancelled
        self._changed(self)

    def delay(self, secondsLater: float) -> None:  # noqa: N803 - the interface's name
        """Wait that much longer."""
        self._check()
        self.time += secondsLater
        self._changed(self)

    def reset(self, secondsFromNow: float) -> None:  # noqa: N803 - the interface's name
        """Wait that long from now."""
        self._check()
        self.time = self._seconds() + secondsFromNow
        self._changed(self)

    def _check(self) -> None:
        if self.done is not None:
            raise self.done


@dataclass(order=True, frozen=True, slots=True)
class _Entry:
    time: float
    number: int
    call: _Call = field(compare=False)


@implementer(IReactorTime)
class Clock:
    """Runs with ``reactor`` until it is frozen; ``wall`` gives the date and time while it runs.

    However many calls wait, there is one call on the reactor, and adding one costs the logarithm of their number.
    """

    def __init__(self, reactor: Any, wall: Callable[[], datetime] = local_time) -> None:
        self._reactor = reactor
        self._wall = wall
        self._ahead = 0.0
        self._ahead_of_wall = timedelta()
        self._frozen: tuple[float, datetime] | None = None
        self._heap: list[_Entry] = []
        self._numbers = count()
        self._live = 0
        self._timer: IDelayedCall | None = None

    # The time.

    def now(self) -> datetime:
        """The date and time, with zone."""
        return self._frozen[1] if self._frozen else self._wall() + self._ahead_of_wall

    def seconds(self) -> float:
        """Seconds since some moment of the past; only differences mean something."""
        return self._frozen[0] if self._frozen else float(self._reactor.seconds()) + self._ahead

    @property
    def frozen(self) -> bool:
        """Whether only ``advance`` moves it."""
        return self._frozen is not None

    def freeze(self, at: datetime | None = None) -> None:
        """Stand still, now or at another date and time (with zone)."""
        self._frozen = self.seconds(), at or self.now()
        self._arm()

    def advance(self, seconds: float) -> None:
        """Move on at once, frozen or not. Calls that come due run now, in order, each at its own time."""
        end = self.seconds() + seconds
        while (due := self._first()) is not None and due <= end:
            self._move(due - self.seconds())
            self._run_first()
        self._move(end - self.seconds())
        self._arm()

    def resume(self) -> None:
        """Run again, from where it stood."""
        if self._frozen:
            seconds, moment = self._frozen
            self._frozen = None
            self._ahead = seconds - float(self._reactor.seconds())
            self._ahead_of_wall = moment - self._wall()
            self._arm()

    def restart(self) -> None:
        """Run again with the date and time of this machine. Whatever waits keeps its turn."""
        self.resume()
        self._ahead_of_wall = timedelta()

    def _move(self, seconds: float) -> None:
        if seconds <= 0:
            return
        if self._frozen:
            self._frozen = self._frozen[0] + seconds, self._frozen[1] + timedelta(seconds=seconds)
        else:
            self._ahead += seconds
            self._ahead_of_wall += timedelta(seconds=seconds)

    # Calls that wait.

    def callLater(self, delay: float, callable: Callable[..., Any], *args: object, **kw: object) -> IDelayedCall:  # noqa: A002
        """Call it after that many seconds of this clock."""
        call = _Call(self.seconds() + delay, lambda: callable(*args, **kw), self.seconds, self._changed)
        self._live += 1
        self._push(call)
        return call

    @property
    def waiting(self) -> int:
        """How many calls wait."""
        return self._live

    def getDelayedCalls(self) -> Sequence[IDelayedCall]:
        """Those that wait."""
        return [entry.call for entry in sorted(self._heap) if _counts(entry)]

    def _changed(self, call: _Call) -> None:
        """A call has another time now, or was cancelled."""
        if call.active():
            self._push(call)
        else:
            self._live -= 1
        if not self._live or len(self._heap) > 2 * self._live + _FEW:
            self._heap = [entry for entry in self._heap if _counts(entry)]
            heapify(self._heap)
            self._arm()

    def _push(self, call: _Call) -> None:
        call.entry = next(self._numbers)
        heappush(self._heap, _Entry(call.time, call.entry, call))
        if self._heap[0].call is call:
            self._arm()

    def _first(self) -> float | None:
        """When the first call is due."""
        while self._heap and not _counts(self._heap[0]):
            heappop(self._heap)
        return self._heap[0].time if self._heap else None

    def _run_first(self) -> None:
        call = heappop(self._heap).call
        call.done = AlreadyCalled
        self._live -= 1
        try:
            call.run()
        except Exception:  # noqa: BLE001 - one that fails costs no other call
            _log.failure("a delayed call failed")

    # The reactor.

    def _arm(self) -> None:
        """Have the reactor call when the first call is due; never while the clock stands still."""
        due = None if self._frozen else self._first()
        if due is None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        elif self._timer is None:
            self._timer = self._reactor.callLater(max(0.0, due - self.seconds()), self._wake)
        else:
            self._timer.reset(max(0.0, due - self.seconds()))

    def _wake(self) -> None:
        """Run what is due. What comes due meanwhile has its turn after other work of the reactor."""
        self._timer = None
        now = self.seconds()
        while not self._frozen and (due := self._first()) is not None and due <= now:
            self._run_first()
        self._arm()


def _counts(entry: _Entry) -> bool:
    return entry.call.active() and entry.call.entry == entry.number
