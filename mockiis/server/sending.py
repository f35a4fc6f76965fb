"""A delivery under way: each piece when its time has come, and what follows the last one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from mockiis.wire.delivery import Delivery, Ending

FLUSH = 0.05
"""Seconds of real time for the last bytes to leave before a reset, which throws away what is not yet sent."""


class Sending:
    """Begins with ``start``. ``write`` is given the pieces, ``end`` the ending; after ``cancel`` neither is called."""

    def __init__(
        self,
        delays: IReactorTime,
        delivery: Delivery,
        write: Callable[[bytes], object],
        end: Callable[[Ending], object],
    ) -> None:
        self._delays = delays
        self._chunks = deque(delivery.chunks)
        self._ending = delivery.ending
        self._write = write
        self._end = end
        self._waiting: IDelayedCall | None = None

    def start(self) -> None:
        """Send what is due, and wait for the rest."""
        while self._chunks and self._chunks[0].wait <= 0:
            self._write(self._chunks.popleft().data)
        if self._chunks:
            self._waiting = self._delays.callLater(self._chunks[0].wait, self._next)
        else:
            self._end(self._ending)

    def cancel(self) -> None:
        """The other side has gone."""
        self._chunks.clear()
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _next(self) -> None:
        self._waiting = None
        self._write(self._chunks.popleft().data)
        self.start()
