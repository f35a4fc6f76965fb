"""Replies in order of arrival: what one MLLP connection owes, each carried out when its turn and its time have come.

A delay counts from the moment a reply is added; a later reply waits for an earlier one, and for the last piece of one
that comes slowly. Closing, resetting and hanging stand in the queue like any reply, and are always its last.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from mockiis.message import NoReply
from mockiis.server.frame_service import FrameAnswer
from mockiis.server.held import Held
from mockiis.wire.delivery import Chunk, Ending
from mockiis.wire.mllp import frame
from mockiis.wire.mllp_delivery import deliver


class _Owed:
    """One reply. ``due`` is when its next piece leaves, 0 when that waits for nothing but its turn, ``free`` whether
    it may leave at all.
    """

    __slots__ = ("_chunks", "data", "due", "ending", "free", "is_message", "left")

    def __init__(self, answer: FrameAnswer, due: float, left: Callable[[], object] | None = None) -> None:
        self.free = True
        self.left = left
        self.due = due
        self.become(answer)

    def become(self, answer: FrameAnswer) -> None:
        """Be this reply."""
        reply = answer.reply
        self.is_message = not isinstance(reply, NoReply)
        self.data = b""
        self.ending: Ending = "keep"
        self._chunks: deque[Chunk] | None = None
        if isinstance(reply, NoReply):
            self.ending = reply.how
        elif reply.wire:
            delivery = deliver(answer.data, reply.wire)
            self._chunks, self.ending = deque(delivery.chunks), delivery.ending
        else:
            self.data = frame(answer.data)

    def go_on(self, clock: IReactorTime) -> bool:
        """Make the next piece ready and say when it is due; False when there is none."""
        if not self._chunks:
            return False
        chunk = self._chunks.popleft()
        self.data = chunk.data
        self.due = clock.seconds() + chunk.wait if chunk.wait > 0 else 0.0
        return True


class ReplyQueue:
    """``write`` is given the blocks of every reply that goes now, ``end`` what to do after them, if anything."""

    def __init__(
        self,
        clock: IReactorTime,
        write: Callable[[list[bytes]], None],
        end: Callable[[Ending], None],
    ) -> None:
        self._clock = clock
        self._write = write
        self._end = end
        self._owed: deque[_Owed] = deque()
        self._waking: IDelayedCall | None = None

    def __len__(self) -> int:
        return len(self._owed)

    def add(self, answer: FrameAnswer | Held[FrameAnswer]) -> bool:
        """Put a reply at the end. Nothing is sent before ``settle``. True when nothing may come after it."""
        held = answer if isinstance(answer, Held) else None
        meant = answer.answer if isinstance(answer, Held) else answer
        delay = meant.reply.delay
        due = self._clock.seconds() + delay if delay > 0 else 0.0
        owed = _Owed(meant, due, held.left if held else None)
        self._owed.append(owed)
        if held is not None and not held.free:
            owed.free = False
            held.when_free(lambda answer: self._release(owed, meant, answer))
        return owed.ending != "keep"

    def _release(self, owed: _Owed, meant: FrameAnswer, answer: FrameAnswer) -> None:
        """It may leave. One that was to be the last stays the last, even when another answer takes its place."""
        if answer is not meant:
            last = owed.ending != "keep"
            owed.become(answer)
            wait = answer.reply.delay - meant.reply.delay
            owed.due = self._clock.seconds() + wait if wait > 0 else owed.due
            owed.ending = "close" if last and owed.ending == "keep" else owed.ending
        owed.free = True
        self.settle()

    def settle(self) -> None:
        """Carry out every reply, or piece of one, whose turn and time have come, in one write."""
        blocks: list[bytes] = []
        ending: Ending = "keep"
        while self._owed and self._is_due(self._owed[0]):
            first = self._owed[0]
            if first.data:
                blocks.append(first.data)
            if not first.go_on(self._clock):
                ending = self._owed.popleft().ending
                if first.left is not None:
                    first.left()
        if blocks:
            self._write(blocks)
        if ending != "keep":
            self._end(ending)

    def cancel(self) -> int:
        """Forget everything; how many messages will never be sent, or not to their end."""
        if self._waking is not None:
            self._waking.cancel()
            self._waking = None
        unsent = sum(owed.is_message for owed in self._owed)
        self._owed.clear()
        return unsent

    def _is_due(self, first: _Owed) -> bool:
        if not first.free:
            return False
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
