"""An answer that may not leave before it is known, and what it says is written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from twisted.internet.defer import Deferred

T = TypeVar("T")


class Held(Generic[T]):
    """``answer`` is what is to be said; it may leave when it is ``free``, and may be another one then.

    Whoever carries it out calls ``left`` when its last byte has been handed to the socket.
    """

    __slots__ = ("_left", "_then", "answer", "free")

    def __init__(self, answer: T, left: Callable[[], None], *, free: bool = True) -> None:
        self.answer = answer
        self.free = free
        self._left = left
        self._then: Callable[[T], object] | None = None

    @classmethod
    def coming(cls, meanwhile: T, coming: Deferred[Held[T]]) -> Held[T]:
        """An answer that is not known yet. ``meanwhile`` stands for it until it is free."""
        waiting = cls(meanwhile, lambda: None, free=False)
        coming.addCallback(waiting._follow)
        return waiting

    def _follow(self, held: Held[T]) -> None:
        self._left = held.left
        held.when_free(self.release)

    def when_free(self, then: Callable[[T], object]) -> None:
        """Call ``then`` with the answer as soon as it may leave, which may be now."""
        if self.free:
            then(self.answer)
        else:
            self._then = then

    def release(self, answer: T) -> None:
        """It may leave."""
        self.answer, self.free = answer, True
        if self._then is not None:
            self._then(answer)

    def left(self) -> None:
        """It has left."""
        self._left()
