"""``when`` asked of the journal: a rule's own conditions, and what was noted of the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockiis.document import closest, complaint, unknown_key
from mockiis.entry_types import kind, read_text
from mockiis.er7 import Location
from mockiis.scenario.checks import OneOf
from mockiis.scenario.conditions import Condition, ValueCondition, all_hold, in_words
from mockiis.scenario.operators import read_check
from mockiis.scenario.subject import Subject
from mockiis.scenario.values import read_each
from mockiis.scenario.when import READERS, read_conditions
from mockiis.store.entry import Seen

OF_ANSWER = ("acknowledgment", "query_status", "outcome", "status", "rule")
"""Columns of the journal that can be asked for beside a rule's conditions."""


class EntrySubject(Subject):
    """An exchange as conditions see it: its request, and what it was answered."""

    __slots__ = ("exchange",)

    def __init__(self, exchange: Seen) -> None:
        super().__init__(exchange.request)
        self.exchange = exchange

    def values(self, key: str, location: Location | None = None) -> Sequence[str]:
        """As for a request; words about the answer are looked up in the journal."""
        if key not in OF_ANSWER:
            return super().values(key, location)
        value = str(getattr(self.exchange.entry(), key))
        return (value,) if value else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """Conditions on exchanges. Without any it holds for everything; as a rule does, one that does not name the
    ``operation`` otherwise sees messages only, never connectivityTest or what could not be read.
    """

    conditions: tuple[Condition, ...] = ()

    def holds(self, subject: EntrySubject) -> bool:
        """Whether all conditions hold for the exchange."""
        if not self.conditions:
            return True
        return (subject.message is not None or self._takes_tests) and all_hold(self.conditions, subject)

    def find(self, exchanges: Iterable[Seen]) -> Iterator[Seen]:
        """The exchanges that it holds for."""
        return (exchange for exchange in exchanges if self.holds(EntrySubject(exchange)))

    @property
    def _takes_tests(self) -> bool:
        return any(
            isinstance(entry, ValueCondition)
            and entry.key == "operation"
            and isinstance(entry.check, OneOf)
            and "connectivityTest" in entry.check.values
            for entry in self.conditions
        )

    def __str__(self) -> str:
        return in_words(self.conditions)


EVERYTHING = Inquiry()


def read_inquiry(value: Any) -> Inquiry:
    """Read a mapping such as ``{"message": "VXU", "PID-5.1": "Doe", "acknowledgment": "AE"}``."""
    if not isinstance(value, dict):
        raise complaint(f'write conditions here, such as {{"message": "VXU"}}, not {kind(value)}')
    if _names_state(value):
        raise complaint("the journal does not keep states; ask for the 'rule' that answered, or look at the state now")
    _refuse_near_misses(value)
    of_answer = [(key, wanted) for key, wanted in value.items() if key in OF_ANSWER]
    of_request = {key: wanted for key, wanted in value.items() if key not in OF_ANSWER}
    return Inquiry(conditions=(*read_conditions(of_request), *read_each(of_answer, _of_answer)))


def _refuse_near_misses(value: Mapping[str, Any]) -> None:
    """A word about the answer that is misspelled must not be taken for one about the request."""
    for key in value:
        near = closest(key, [*OF_ANSWER, *READERS])
        if near in OF_ANSWER and near != key:
            raise unknown_key(key, OF_ANSWER)


def _of_answer(key: str, wanted: Any) -> Condition:
    return ValueCondition(key=key, check=read_check(wanted, read_text))


def _names_state(value: Any) -> bool:
    if isinstance(value, dict):
        return "state" in value or any(map(_names_state, value.values()))
    return isinstance(value, list) and any(map(_names_state, value))
