"""What the registry remembers of people, and the way to ask for it. Values only: ``store`` keeps them.

A Record is replaced whole, so that never half of one is stored. ``respond`` reads Records and gives Changes; the
server makes them, together with the journal's entry, in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mockiis.message.person import Dose, Identifier, Name, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value came from: who sent it (MSH-4), in which message (MSH-10), and when it was received (ISO 8601)."""

    facility: str
    control_id: str
    received: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDose:
    """One dose or refusal as it is kept. ``order`` is the sender's own number for it (ORC-3: id and authority)."""

    dose: Dose
    order: Identifier
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One person. ``number`` is the registry's own, 0 until the record is stored.

    ``person`` is without doses and forecast, which are told from ``doses``. ``names`` are other names it is known by
    (aliases, a placeholder name given at birth). ``owner`` is the facility (MSH-4) whose protection indicator stands,
    ``status`` PD1-16. ``origins`` tells for each value, by its location such as PID-5, where it came from.
    """

    person: Person
    number: int = 0
    names: tuple[Name, ...] = ()
    doses: tuple[KeptDose, ...] = ()
    owner: str = ""
    status: str = ""
    origins: tuple[tuple[str, Origin], ...] = ()


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
class Keep:
    """Store a record in place of the one with its number, or as a new one; and what was borrowed."""

    record: Record
    borrowed: tuple[BorrowEvent, ...] = ()


class Records(Protocol):
    """What can be asked of the records. Every answer is whole Records, in the order of their numbers."""

    def identified(self, identifier: Identifier) -> Sequence[Record]:
        """Those that have this identifier: same id, authority and type."""

    def alike(self, keys: Iterable[str], limit: int) -> Sequence[Record]:
        """At most ``limit`` of those that share a key (see ``keys`` of ``matching``) with the one asked for."""

    def numbered(self, number: int) -> Record | None:
        """The one with that number."""


@dataclass(slots=True)
class MemoryRecords:
    """Records in a dictionary, for tests and for whoever needs no more: the same answers as those of ``store``."""

    by_number: dict[int, Record] = field(default_factory=dict)
    keys_of: dict[int, frozenset[str]] = field(default_factory=dict)
    borrowed: list[BorrowEvent] = field(default_factory=list)

    def identified(self, identifier: Identifier) -> Sequence[Record]:
        """Those that have this identifier."""
        return [record for record in self.by_number.values() if identifier in record.person.identifiers]

    def alike(self, keys: Iterable[str], limit: int) -> Sequence[Record]:
        """At most ``limit`` of those that share a key."""
        wanted = frozenset(keys)
        found = [record for number, record in self.by_number.items() if wanted & self.keys_of[number]]
        return found[:limit]

    def numbered(self, number: int) -> Record | None:
        """The one with that number."""
        return self.by_number.get(number)
