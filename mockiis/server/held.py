"""An answer that may not leave before what it says is written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

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
