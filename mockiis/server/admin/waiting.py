"""Verification that waits: woken by each exchange that arrives, never by looking again and again."""

from __future__ import annotations

from collections.abc import Iterator

from twisted.internet import defer
from twisted.python.failure import Failure

from mockiis.server.admin.asked import RefusedError
from mockiis.server.admin.controls import Controls
from mockiis.verification import Verification

MOST_WAITING = 100
"""Verifications that may wait at the same time."""


class Waiting:
    """One verification. ``done`` fires when it is decided, or its time (of this machine, not the mock's) is over.

    Exchanges are in the journal from their receipt, so those whose answer is delayed count at once.
    """

    def __init__(self, controls: Controls, verification: Verification, seconds: float) -> None:
        if len(controls.woken) >= MOST_WAITING:
            raise RefusedError(503, f"{MOST_WAITING} verifications wait already; wait for some of them")
        self.done = defer.Deferred[Verification](lambda _: self._stop())
        self._controls = controls
        self._verification = verification
        self._after = 0
        self._looking: defer.Deferred[None] | None = None
        self._more = False
        self._final = seconds <= 0
        self._timer = controls.reactor.callLater(seconds, self._late) if seconds > 0 else None
        controls.woken.add(self._wake)
        self._look()

    def _wake(self) -> None:
        """There are more exchanges, or the time is over."""
        if self._looking is None:
            self._look()
        else:
            self._more = True

    def _late(self) -> None:
        self._timer = None
        self._final = True
        self._wake()

    def _look(self) -> None:
        self._more = False
        self._looking = self._controls.in_slices(self._steps())
        self._looking.addCallbacks(self._looked, self._failed)

    def _steps(self) -> Iterator[None]:
        for exchange in self._controls.seen(self._after):
            self._verification.look_at(exchange)
            self._after = exchange.number
            if self._verification.verdict(final=False) is not None:
                return
            yield None

    def _looked(self, _: object) -> None:
        self._looking = None
        decided = self._verification.verdict(final=self._final and not self._more)
        if decided is not None:
            self._stop()
            self.done.callback(self._verification)
        elif self._more:
            self._look()

    def _failed(self, failure: Failure) -> None:
        self._looking = None
        if not self.done.called:
            self._stop()
            self.done.errback(failure)

    def _stop(self) -> None:
        self._controls.woken.discard(self._wake)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._looking is not None:
            looking, self._looking = self._looking, None
            looking.addErrback(lambda _: None)
            looking.cancel()
