"""One running mock as the admin API holds it, and the long work that is done in small slices between messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

from twisted.internet import defer
from twisted.internet.task import Cooperator, TaskStopped
from twisted.python.failure import Failure

from mockiis.server.admin.metrics import Metrics
from mockiis.server.clock import Clock
from mockiis.server.listeners import Listeners
from mockiis.server.service import Service
from mockiis.store.entry import JournalEntry, Seen
from mockiis.store.journal import Journal


class Controls:
    """The mock, and who waits for its exchanges."""

    def __init__(self, service: Service, listeners: Listeners, reactor: Any) -> None:
        self.service = service
        self.listeners = listeners
        self.scripts = listeners.scripts
        self.clock: Clock = listeners.clock
        self.reactor = reactor
        self.seed = service.seed
        self.metrics = Metrics(service, self.clock)
        self.woken: set[Callable[[], object]] = set()
        self._since = monotonic()
        self._first = self.journal.last()
        self._waking = False
        self._cooperator = Cooperator(scheduler=lambda work: reactor.callLater(0, work))
        service.ledger.arrived = self._arrived

    @property
    def journal(self) -> Journal:
        """The exchanges."""
        return self.service.ledger.journal

    @property
    def uptime(self) -> float:
        """Seconds since the API was opened."""
        return monotonic() - self._since

    def seen(self, after: int = 0) -> Iterator[Seen]:
        """The exchanges of this mock since it was started; a shared or an older journal holds others too."""
        self.service.ledger.settle()
        mine = self.journal.instance
        return (entry for entry in self.journal.seen(max(after, self._first)) if entry.instance == mine)

    def entry(self, number: int) -> JournalEntry | None:
        """One of them."""
        entry = self.journal.entry(number) if number > self._first else None
        return entry if entry and entry.instance == self.journal.instance else None

    def drop_answers(self) -> None:
        """Cut off whoever still waits for an answer. One that is only to be committed leaves first."""
        self.service.ledger.change(lambda: None)
        self.listeners.drop_answers()
        if self.service.forwarding is not None:
            self.service.forwarding.begin_again()

    def clear_journal(self) -> None:
        """Forget its exchanges. What is under way is committed first, whole; a store that fails starts afresh."""
        self.service.ledger.change(self.journal.clear)

    def in_slices(self, work: Iterator[None]) -> defer.Deferred[Any]:
        """Do the work step by step, with messages answered between; cancelling ends it."""
        task: Any = self._cooperator.cooperate(work)
        done = defer.Deferred[Any](lambda _: task.stop())

        def ended(outcome: Any) -> None:
            if not (isinstance(outcome, Failure) and isinstance(outcome.value, TaskStopped)):
                done.callback(outcome)

        task.whenDone().addBoth(ended)
        return done

    def _arrived(self) -> None:
        """Wake whoever waits, after the work of this round."""
        if self.woken and not self._waking:
            self._waking = True
            self.reactor.callLater(0, self._wake)

    def _wake(self) -> None:
        self._waking = False
        for wake in tuple(self.woken):
            wake()
