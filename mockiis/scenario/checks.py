"""What a condition asks of the values found: one class for each operator.

A check is called with every value at once, none of them empty, so that it also decides what an absent field means;
the request comes along for those that compare with another place or with today. ``str(check)`` is what it asks, in
words that follow "must be".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from mockiis.er7 import Location
from mockiis.scenario.moment import Moment, earliest, latest
from mockiis.scenario.subject import Subject


class Check(Protocol):
    """One question about the values of a place. Unless it says otherwise, one value that satisfies it is enough."""

    def __call__(self, values: Sequence[str], subject: Subject, /) -> bool:
        """Whether the values satisfy it."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value equals one of these, without regard to case."""

    values: tuple[str, ...]
    folded: frozenset[str]

    @classmethod
    def of(cls, *values: str) -> OneOf:
        """Folded once, when the file is loaded, so that matching folds only what was received."""
        return cls(values, frozenset(map(str.casefold, values)))

    def __call__(self, values: Sequence[str], _subject: Subject) -> bool:
        """Whether one of the values is among them, folded."""
        return not self.folded.isdisjoint(map(str.casefold, values))

    def __str__(self) -> str:
        return _listed(self.values)


@dataclass(frozen=True, slots=True)
class Exactly:
    """A value equals one of these, letter by letter."""

    values: tuple[str, ...]

    def __call__(self, values: Sequence[str], _subject: Subject) -> bool:
        """Whether one of the values is among them."""
        return any(value in self.values for value in values)

    def __str__(self) -> str:
        return f"exactly {_listed(self.values)}"


@dataclass(frozen=True, slots=True)
class Matching:
    """A whole value matches the regular expression, without regard to case."""

    pattern: re.Pattern[str]

    def __call__(self, values: Sequence[str], _subject: Subject) -> bool:
        """Whether one of the values matches."""
        return any(map(self.pattern.fullmatch, values))

    def __str__(self) -> str:
        return f"text matching {self.pattern.pattern}"


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no value: the segment or field is absent or empty."""

    def __call__(self, values: Sequence[str], _subject: Subject) -> bool:
        """Whether there is none."""
        return not values

    def __str__(self) -> str:
        return "missing"


@dataclass(frozen=True, slots=True)
class Present:
    """There is a value; HL7 null ("") is one."""

    def __call__(self, values: Sequence[str], _subject: Subject) -> bool:
        """Whether there is one."""
        return bool(values)

    def __str__(self) -> str:
        return "present"


@dataclass(frozen=True, slots=True)
class Containing:
    """A value contains the text, without regard to case; ``start`` asks for it at the beginning."""

    text: str
    start: bool = False

    def __call__(self, values: Sequence[str], _subject: Subject) -> bool:
        """Whether one of the values does."""
        wanted = self.text.casefold()
        if self.start:
            return any(value.casefold().startswith(wanted) for value in values)
        return any(wanted in value.casefold() for value in values)

    def __str__(self) -> str:
        return f"text that {'starts with' if self.start else 'contains'} {self.text}"


@dataclass(frozen=True, slots=True)
class Wording:
    """A value has the text as a word of its own, without regard to case: no letter or digit stands beside it."""

    word: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, word: str) -> Wording:
        """Compiled once, when the file is loaded."""
        return cls(word, re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", re.IGNORECASE))

    def __call__(self, values: Sequence[str], _subject: Subject) -> bool:
        """Whether one of the values has."""
        return any(map(self.pattern.search, values))

    def __str__(self) -> str:
        return f"text with the word {self.word}"


@dataclass(frozen=True, slots=True)
class Longer:
    """A value has more characters."""

    limit: int

    def __call__(self, values: Sequence[str], _subject: Subject) -> bool:
        """Whether one of the values has."""
        return any(len(value) > self.limit for value in values)

    def __str__(self) -> str:
        return f"longer than {self.limit} characters"


@dataclass(frozen=True, slots=True)
class Before:
    """A date lies wholly before the moment: 2024 is before 2025-01-01, but not before 2024-07-01."""

    moment: Moment

    def __call__(self, values: Sequence[str], subject: Subject) -> bool:
        """Whether one of the values that are dates does."""
        limit = self.moment.earliest(subject)
        return limit is not None and any(end < limit for value in values if (end := latest(value)) is not None)

    def __str__(self) -> str:
        return f"before {self.moment}"


@dataclass(frozen=True, slots=True)
class After:
    """A date lies wholly after the moment."""

    moment: Moment

    def __call__(self, values: Sequence[str], subject: Subject) -> bool:
        """Whether one of the values that are dates does."""
        limit = self.moment.latest(subject)
        return limit is not None and any(begin > limit for value in values if (begin := earliest(value)) is not None)

    def __str__(self) -> str:
        return f"after {self.moment}"


@dataclass(frozen=True, slots=True)
class SameAs:
    """A value equals one that stands at another place, or the user name or facility, without regard to case."""

    key: str
    location: Location | None = None

    def __call__(self, values: Sequence[str], subject: Subject) -> bool:
        """Whether the two places share a value."""
        others = subject.located(self.location) if self.location else subject.values(self.key)
        return not {value.casefold() for value in values}.isdisjoint(map(str.casefold, others))

    def __str__(self) -> str:
        return f"the same as {self.key}"


@dataclass(frozen=True, slots=True)
class Not:
    """The other check does not hold: no value satisfies it, also when there is none."""

    check: Check

    def __call__(self, values: Sequence[str], subject: Subject) -> bool:
        """Whether no value satisfies the other check."""
        return not self.check(values, subject)

    def __str__(self) -> str:
        return f"anything but {self.check}"


def _listed(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"one of {', '.join(values)}"
