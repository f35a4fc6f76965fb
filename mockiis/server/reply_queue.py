"""Replies in order of arrival: what one MLLP connection owes, each carried out when its turn and its time have come.

A delay counts from the moment a reply is added; a later reply waits for an earlier one. Closing, resetting and hanging
stand in the queue like any reply, and are always its last.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from mockiis.message import NoReply
from mockiis.server.frame_service import FrameAnswer
from mockiis.wire.mllp import frame


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owed:
    """``due`` is 0 for a reply that waits for nothing but its turn."""

    due: float
    answer: FrameAnswer


class ReplyQueue:
    """``write`` is given the blocks of every reply that goes now, ``end`` what to do after them, if anything."""

    def __init__(
        self, clock: IReactorTime, write: Callable[[list[bytes]], None], end: Callable[[NoReply], None]
    ) -> None:
        self._clock = clock
        self._write = write
        self._end = end
        self._owed: deque[_Owed] = deque()
        self._waking: IDelayedCall | None = None

    def __len__(self) -> int:
        return len(self._owed)

    def add(self, answer: FrameAnswer) -> None:
        """Put a reply at the end. Nothing is sent before ``settle``."""
        delay = answer.reply.delay
        self._owed.append(_Owed(due=self._clock.seconds() + delay if delay > 0 else 0.0, answer=answer))

    def settle(self) -> None:
        """Carry out every reply whose turn and time have come, in one write."""
        blocks: list[bytes] = []
        ending: NoReply | None = None
        while self._owed and self._is_due(self._owed[0]):
            answer = self._owed.popleft().answer
            if isinstance(answer.reply, NoReply):
                ending = answer.reply
            else:
                blocks.append(frame(answer.data))
        if blocks:
            self._write(blocks)
        if ending is not None:
            self._end(ending)

    def cancel(self) -> int:
        """Forget everything; how many messages will never be sent."""
        if self._waking is not None:
            self._waking.cancel()
            self._waking = None
        unsent = sum(not isinstance(owed.answer.reply, NoReply) for owed in self._owed)
        self._owed.clear()
        return unsent

    def _is_due(self, first: _Owed) -> bool:
        if first.due <= 0:
            return True
        if self._waking is not None:
            return False
        wait = first.due - self._clock.seconds()
        if wait > 0:
            self._waking = self._clock.callLater(wait, self._wake)
        return wait <= 0

    def _wake(self) -> None:
        """The first reply's time has come. Only this ends its wait, so a wake-up never reaches another reply."""
        self._waking = None
        self.settle()
