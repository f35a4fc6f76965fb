"""What the registry remembers of people, and the way to ask for it. Values only: ``store`` keeps them.

A Record is replaced whole, so that never half of one is stored. ``respond`` reads Records and gives Changes; the
server makes them, together with the journal's entry, in one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from mockiis.errors import MockIISError
from mockiis.message.change import Change
from mockiis.message.person import Dose, Identifier, Person
from mockiis.registry.keys import entries, identifier_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value came from: who sent it (MSH-4), in which message (MSH-10), when it was sent (MSH-7, as written)
    and when it was received (ISO 8601).
    """

    facility: str
    control_id: str
    received: str
    sent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDose:
    """One dose, refusal or evidence of immunity as one facility reports it.

    ``order`` is that facility's own number for it (ORC-3: id and authority; empty for 9999). One that was ``deleted``
    (RXA-21 is D) is kept as such, so that an older message that arrives late does not bring it back.
    """

    dose: Dose
    order: Identifier
    origin: Origin
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One person. ``number`` is the registry's own, 0 until the record is stored.

    ``person`` is without doses and forecast, which are told from ``doses``; ``doses`` has every report, also those of
    the same dose by several facilities. ``owner`` is the facility (MSH-4) whose protection indicator stands.
    ``origins`` tells for each value, by its location such as PID-5, where it came from.
    """

    person: Person
    number: int = 0
    doses: tuple[KeptDose, ...] = ()
    owner: str = ""
    origins: tuple[tuple[str, Origin], ...] = ()

    def origin(self, location: str) -> Origin | None:
        """Where the value at a location came from; None where there is no value."""
        return dict(self.origins).get(location)


@dataclass(frozen=True, slots=True, kw_only=True)
class BorrowEvent:
    """A dose from one stock given to a person of the other, which must be paid back: private stock to an eligible
    child, or public stock to one that is not.
    """

    facility: str
    vaccine: str
    lot: str
    given: str
    eligibility: str
    funding: str
    order: Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep(Change):
    """Store a record in place of the one with its number, or as a new one where that is 0.

    ``borrowed`` are all borrow events of the record, in place of those that it had.
    """

    record: Record
    borrowed: tuple[BorrowEvent, ...] = ()


Entry = tuple[str, int, str]
"""One of the index: a key, the number of a record, and the detail with which it stands there (see ``keys``)."""


class Records(Protocol):
    """What can be asked of the records. Every answer is whole Records, in the order of their numbers."""

    def identified(self, identifier: Identifier) -> Sequence[Record]:
        """Those that have this identifier: same id, authority and type."""

    def alike(self, keys: Iterable[str], limit: int) -> Sequence[Record]:
        """At most ``limit`` of those that share a key (see ``keys``) with the one asked for."""

    def listed(self, keys: Collection[str], limit: int) -> Sequence[Entry]:
        """At most ``limit`` entries of the index under those keys, in no order."""

    def numbered(self, number: int) -> Record | None:
        """The one with that number."""

    def every(self, after: int = 0) -> Iterator[Record]:
        """All with a higher number."""

    def borrow_events(self) -> Iterator[tuple[int, BorrowEvent]]:
        """Each with the number of its record."""

    def apply(self, changes: Iterable[Change]) -> None:
        """Make the changes that are about people."""

    def clear(self) -> None:
        """Forget everybody."""


class FullError(MockIISError):
    """There is no room for one more record."""


MOST = 50_000
"""Records that are kept in memory; a database has no such limit."""


@dataclass(slots=True)
class MemoryRecords:
    """Records in dictionaries, for tests and for whoever needs no more: the same answers as those of ``store``.

    Raises FullError rather than grow beyond ``most`` records.
    """

    by_number: dict[int, Record] = field(default_factory=dict)
    borrowed: dict[int, tuple[BorrowEvent, ...]] = field(default_factory=dict)
    most: int = MOST
    _index: dict[str, set[tuple[int, str]]] = field(default_factory=dict, repr=False)
    _last: int = field(default=0, repr=False)

    def identified(self, identifier: Identifier) -> Sequence[Record]:
        """Those that have this identifier."""
        return self.alike([identifier_key(identifier)], len(self.by_number))

    def alike(self, keys: Iterable[str], limit: int) -> Sequence[Record]:
        """At most ``limit`` of those that share a key."""
        found = {number for key in keys for number, _ in self._index.get(key, ())}
        return [self.by_number[number] for number in sorted(found)[:limit]]

    def listed(self, keys: Collection[str], limit: int) -> Sequence[Entry]:
        """At most ``limit`` entries under those keys."""
        return [(key, *entry) for key in keys for entry in sorted(self._index.get(key, ()))][:limit]

    def numbered(self, number: int) -> Record | None:
        """The one with that number."""
        return self.by_number.get(number)

    def every(self, after: int = 0) -> Iterator[Record]:
        """All with a higher number."""
        return (record for number, record in sorted(self.by_number.items()) if number > after)

    def borrow_events(self) -> Iterator[tuple[int, BorrowEvent]]:
        """Each with the number of its record."""
        return ((number, event) for number, events in sorted(self.borrowed.items()) for event in events)

    def clear(self) -> None:
        """Forget everybody. Numbers are not given again, as in a database."""
        for kept in (self.by_number, self.borrowed, self._index):
            kept.clear()

    def apply(self, changes: Iterable[Change]) -> None:
        """Make the changes that are about people."""
        for change in changes:
            if isinstance(change, Keep):
                self.keep(change)

    def keep(self, change: Keep) -> Record:
        """Store a record, and give it back with its number."""
        if not change.record.number and len(self.by_number) >= self.most:
            raise FullError(
                f"the registry in memory is full ({self.most:,} records); reset it, or serve with --journal FILE, "
                "which keeps the records in a database"
            )
        number = change.record.number or self._last + 1
        self._last = max(self._last, number)
        record = replace(change.record, number=number)
        if number in self.by_number:
            for key, detail in entries(self.by_number[number].person):
                self._index[key].discard((number, detail))
        for key, detail in entries(record.person):
            self._index.setdefault(key, set()).add((number, detail))
        self.by_number[number] = record
        self.borrowed[number] = change.borrowed
        return record
