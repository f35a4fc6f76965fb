"""Values that are there now or come later, such as the answer of another registry.

What is there already takes no detour: it costs nothing, and an error is raised where it happens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from twisted.internet.defer import Deferred, gatherResults

T = TypeVar("T")
U = TypeVar("U")
Later: TypeAlias = T | Deferred[T]
"""A value, or what fires with it."""


def then(value: Later[T], step: Callable[[T], U]) -> Later[U]:
    """What ``step`` makes of the value, when it is there."""
    return value.addCallback(step) if isinstance(value, Deferred) else step(value)


def all_of(values: Sequence[Later[T]]) -> Later[list[T]]:
    """All of them in order, when the last one is there."""
    if not any(isinstance(value, Deferred) for value in values):
        return [value for value in values if not isinstance(value, Deferred)]
    waiting: list[Deferred[Any]] = [value if isinstance(value, Deferred) else _there(value) for value in values]
    return gatherResults(waiting)


def _there(value: T) -> Deferred[T]:
    fired = Deferred[T]()
    fired.callback(value)
    return fired
