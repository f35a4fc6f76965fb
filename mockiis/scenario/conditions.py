"""The conditions of a rule: each says whether it holds for a request, what it wants and what it got instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, Protocol

from mockiis.er7 import Location
from mockiis.scenario.checks import Check
from mockiis.scenario.subject import Part, Subject


class Condition(Protocol):
    """One line of ``when``. ``key`` is what the file calls it."""

    @property
    def key(self) -> str:
        """The key as written."""

    @property
    def wanted(self) -> str:
        """What it asks, in words that follow "must be"."""

    def holds(self, subject: Subject) -> bool:
        """Whether it holds for the request."""

    def got(self, subject: Subject) -> tuple[str, ...]:
        """What the request has there. It may be a patient's data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCondition:
    """A place of the message, or a word such as ``transport``, and what is asked of its values."""

    key: str
    check: Check
    location: Location | None = None

    @property
    def wanted(self) -> str:
        """What is asked of the values."""
        return str(self.check)

    def holds(self, subject: Subject) -> bool:
        """Whether the values satisfy the check."""
        return self.check(subject.values(self.key, self.location), subject)

    def got(self, subject: Subject) -> tuple[str, ...]:
        """The values; of MSH-9 the longest form only."""
        values = subject.values(self.key, self.location)
        return tuple(values[-1:] if self.key == "message" else values)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """``any_of``: all conditions of at least one alternative hold."""

    alternatives: tuple[tuple[Condition, ...], ...]
    key: str = "any_of"

    @property
    def wanted(self) -> str:
        """The alternatives in words."""
        return ", or ".join(in_words(alternative) for alternative in self.alternatives)

    def holds(self, subject: Subject) -> bool:
        """Whether one alternative holds."""
        return any(all_hold(alternative, subject) for alternative in self.alternatives)

    def got(self, subject: Subject) -> tuple[str, ...]:
        """What the request has at every place that is asked for."""
        return _everything(self.alternatives, subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAll:
    """``not``: the conditions do not all hold."""

    conditions: tuple[Condition, ...]
    key: str = "not"

    @property
    def wanted(self) -> str:
        """The conditions in words."""
        return (
            f"not all of: {in_words(self.conditions)}"
            if len(self.conditions) > 1
            else f"not {told(self.conditions[0])}"
        )

    def holds(self, subject: Subject) -> bool:
        """Whether at least one of them does not hold."""
        return not all_hold(self.conditions, subject)

    def got(self, subject: Subject) -> tuple[str, ...]:
        """What the request has at every place that is asked for."""
        return _everything([self.conditions], subject)


Quantifier = Literal["any", "every", "no"]
_QUANTIFIERS: Mapping[Quantifier, Callable[[Iterable[bool]], bool]] = {
    "any": any,
    "every": all,
    "no": lambda held: not any(held),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SameSegment:
    """``any RXA``, ``every RXA``, ``no RXA``: how many segments satisfy all of the conditions, each by itself.

    The conditions of an RXA may ask for the ORC, RXR and OBX of its order. ``every`` holds when there is none.
    """

    quantifier: Quantifier
    segment: str
    conditions: tuple[Condition, ...]

    @property
    def key(self) -> str:
        """As in ``any RXA``."""
        return f"{self.quantifier} {self.segment}"

    @property
    def wanted(self) -> str:
        """The conditions in words."""
        return in_words(self.conditions)

    def holds(self, subject: Subject) -> bool:
        """Whether as many segments as asked satisfy the conditions."""
        parts = subject.parts(self.segment)
        return _QUANTIFIERS[self.quantifier](all_hold(self.conditions, part.subject) for part in parts)

    def found(self, subject: Subject) -> Part | None:
        """The first segment that satisfies the conditions."""
        return next((part for part in subject.parts(self.segment) if all_hold(self.conditions, part.subject)), None)

    def got(self, subject: Subject) -> tuple[str, ...]:
        """For each segment the first thing that decides about it."""
        return tuple(
            f"{self.segment}[{part.segment.occurrence}]: {_decisive(self.conditions, part.subject)}"
            for part in subject.parts(self.segment)
        )


def all_hold(conditions: Iterable[Condition], subject: Subject) -> bool:
    """Whether every condition holds."""
    for condition in conditions:  # noqa: SIM110  # faster than all(), on the way of every message
        if not condition.holds(subject):
            return False
    return True


def in_words(conditions: Sequence[Condition]) -> str:
    """``PID-7 missing and PID-8 F``."""
    return " and ".join(map(told, conditions))


def told(condition: Condition) -> str:
    """One condition within a sentence; what holds several itself stands in brackets."""
    if isinstance(condition, ValueCondition):
        return f"{condition.key} {condition.wanted}"
    return f"({condition.wanted})" if isinstance(condition, AnyOf | NotAll) else f"{condition.key} ({condition.wanted})"


def _decisive(conditions: Sequence[Condition], subject: Subject) -> str:
    for condition in conditions:
        if not condition.holds(subject):
            return _found(condition, subject)
    return "holds"


def _found(condition: Condition, subject: Subject) -> str:
    """``PID-8: 'F'``; what holds conditions itself has said where each of its values stands."""
    got = condition.got(subject)
    if isinstance(condition, ValueCondition):
        return f"{condition.key}: {', '.join(map(repr, got)) or 'nothing'}"
    return ", ".join(got) or f"{condition.key}: nothing"


def _everything(groups: Iterable[Sequence[Condition]], subject: Subject) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_found(condition, subject) for group in groups for condition in group))


def each_condition(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """The conditions and all those below them, but for what is asked of one segment."""
    for condition in conditions:
        yield condition
        if isinstance(condition, AnyOf):
            yield from each_condition(chain.from_iterable(condition.alternatives))
        if isinstance(condition, NotAll):
            yield from each_condition(condition.conditions)
