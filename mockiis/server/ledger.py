"""Where every exchange is written down: what scripts remember of it, and the journal.

With a durable journal nothing is answered before it is committed. The exchanges of one round of the reactor are
committed together, so that many senders share one wait for the disk. When they cannot be committed, what was
remembered of them is taken back, and each of their senders is told that its message was not taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar

from twisted.logger import Logger

from mockiis.errors import MockIISError
from mockiis.message import Reply, Request
from mockiis.message.change import Change
from mockiis.scenario.memory import Memory
from mockiis.server.failure import internal_error
from mockiis.server.held import Held
from mockiis.store.journal import Journal, Ring

T = TypeVar("T")
_log = Logger()
_LATE = 1.0
"""Seconds after which durations that no other exchange took along are written."""


class Ledger:
    """``later`` calls a function after some seconds of real time; a durable journal needs it.

    ``failed`` is told, in a sentence, why a group of exchanges could not be committed, ``arrived`` that there is more
    in the journal, ``left`` how many seconds it took until an answer had left.
    """

    def __init__(
        self,
        journal: Journal | None = None,
        later: Callable[[float, Callable[[], object]], Any] | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.journal: Journal = Ring() if journal is None else journal
        self.memory = memory or Memory()
        self.failed: Callable[[str], object] = lambda _reason: None
        self.arrived: Callable[[], object] = lambda: None
        self.left: Callable[[float], object] = lambda _seconds: None
        self._later = later
        self._tickets: list[int] = []
        self._group: list[Callable[[str], object]] = []
        self._flushing = self._tidying = False
        self.taken_back = 0
        """How many groups could not be committed."""
        self._trouble = ""

    def remember(self, changes: Sequence[Change], moment: datetime) -> None:
        """Take in what a reply changes, which the next request finds. Never raises."""
        self._open()
        self.memory.apply(changes, moment)

    def note(self, request: Request, reply: Reply, peer: str) -> None:
        """Take in the exchange. Never raises: trouble is told when it is to be committed."""
        self._open()
        self._tickets.append(self.journal.note(request, reply, peer))
        if not self.journal.durable:
            self.arrived()

    def hold(self, answer: T, otherwise: Callable[[str], T]) -> Held[T]:
        """The answer to what was just noted, held until it is committed. ``otherwise`` makes the one that says why
        it was not.
        """
        tickets, self._tickets = self._tickets, []
        began = monotonic()
        held = Held(answer, lambda: self._left(tickets, began), free=not self.journal.durable)
        if self.journal.durable:
            self._group.append(lambda trouble: held.release(otherwise(trouble) if trouble else answer))
        return held

    def distrust(self, reason: str) -> None:
        """The store failed while it was asked: nothing of this round may be committed."""
        self._open()
        self._trouble = self._trouble or reason

    def flush(self) -> None:
        """Commit what was noted, and let its answers go; or take it back, and let others go instead."""
        self._flushing = False
        group, self._group = self._group, []
        trouble = self._trouble or self._committed()
        self._trouble = ""
        if trouble:
            self.taken_back += 1
            self._take_back()
            self.failed(trouble)
        else:
            self.memory.settle()
            self.arrived()
        for release in group:
            try:
                release(trouble)
            except Exception:  # noqa: BLE001  # an answer that cannot be carried out holds up no other
                _log.failure("an answer could not be carried out")

    def settle(self) -> None:
        """Commit what has been taken in so far, rather than at the end of the round."""
        if self._flushing:
            self.flush()

    def change(self, make: Callable[[], object]) -> None:
        """Make a change that no message asks for, and commit it. Raises StoreError, with nothing of it made."""
        if not self.journal.durable:
            make()
            return
        self.flush()
        try:
            make()
            self.journal.commit()
        except BaseException:
            self.journal.rollback()
            raise

    def close(self) -> None:
        """Commit what is left, and let the store go."""
        if self.journal.durable:
            self.flush()
            self.journal.close()

    def _open(self) -> None:
        """The first exchange of a round opens a group."""
        if self.journal.durable and not self._flushing:
            self._flushing = True
            self.memory.begin()
            assert self._later is not None
            self._later(0.0, self.flush)

    def _committed(self) -> str:
        """Why it could not be committed; empty when it was."""
        try:
            self.journal.commit()
        except MockIISError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001  # whatever a driver raises, nobody is told of success
            return internal_error(error)
        return ""

    def _take_back(self) -> None:
        self.memory.undo()
        self.journal.rollback()

    def _left(self, tickets: list[int], began: float) -> None:
        seconds = monotonic() - began
        for ticket in tickets:
            self.journal.sent(ticket, seconds)
        self.left(seconds)
        if self.journal.durable and not self._tidying and self._later is not None:
            self._tidying = True
            self._later(_LATE, self._tidy)

    def _tidy(self) -> None:
        """Write the durations that no exchange took along."""
        self._tidying = False
        if not self._flushing:
            self.flush()
