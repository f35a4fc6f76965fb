"""What the registry of a mock knows from the beginning, and how it forgets the rest.

The patients of scenarios that say ``preload``, and what ``serve --preload`` names. Persons whose identifier is known
are left as they are, so that a durable store keeps what it has learned of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from mockiis.message.person import Person
from mockiis.registry.preloading import PRELOADED, preloaded
from mockiis.registry.records import Origin
from mockiis.registry.registry import Registry
from mockiis.server.ledger import Ledger

First = Callable[[Registry], object]
"""Something that makes the registry know more, the same each time."""


class Known:
    """The beginning of one registry; what it needs of the service is asked each time, since tests replace it."""

    def __init__(
        self, registry: Callable[[], Registry], ledger: Callable[[], Ledger], now: Callable[[], datetime]
    ) -> None:
        self._registry, self._ledger, self._now = registry, ledger, now
        self._first: list[First] = []
        self._persons: tuple[Person, ...] = ()

    def persons(self, persons: Iterable[Person]) -> None:
        """These are to be known; those that were before are not forgotten. Raises StoreError."""
        wanted = tuple(persons)
        before, self._persons = set(self._persons), wanted
        new = [person for person in wanted if person not in before]
        if new:
            self._ledger().change(lambda: self._know(new))

    def also(self, first: First) -> None:
        """Something else that is to be known, now and whenever the registry begins again."""
        self._first.append(first)
        self._ledger().change(lambda: first(self._registry()))

    def begin_again(self) -> None:
        """Forget everybody but those known from the beginning."""
        self._ledger().change(self._begin)

    def _begin(self) -> None:
        registry = self._registry()
        registry.records.clear()
        self._know(self._persons)
        for first in self._first:
            first(registry)

    def _know(self, persons: Iterable[Person]) -> None:
        know(persons, self._registry(), self._now())


def know(persons: Iterable[Person], registry: Registry, now: datetime, control_id: str = PRELOADED) -> None:
    """Make the registry know persons whose identifiers it has not."""
    origin = Origin(facility=PRELOADED, control_id=control_id, received=now.isoformat())
    for person in persons:
        if not any(registry.records.identified(identifier) for identifier in person.identifiers):
            registry.keep([preloaded(person, origin)])
