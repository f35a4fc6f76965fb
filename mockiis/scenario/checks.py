"""What a condition asks of the values found: one class for each operator.

A check is called with every value at once, none of them empty, so that it also decides what an absent field means.
``str(check)`` is what it asks, in words that follow "must be".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Check(Protocol):
    """One question about the values of a place. Unless it says otherwise, one value that satisfies it is enough."""

    def __call__(self, values: Sequence[str], /) -> bool:
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

    def __call__(self, values: Sequence[str]) -> bool:
        """Whether one of the values is among them, folded."""
        return not self.folded.isdisjoint(map(str.casefold, values))

    def __str__(self) -> str:
        return _listed(self.values)


@dataclass(frozen=True, slots=True)
class Exactly:
    """A value equals one of these, letter by letter."""

    values: tuple[str, ...]

    def __call__(self, values: Sequence[str]) -> bool:
        """Whether one of the values is among them."""
        return any(value in self.values for value in values)

    def __str__(self) -> str:
        return f"exactly {_listed(self.values)}"


@dataclass(frozen=True, slots=True)
class Matching:
    """A whole value matches the regular expression, without regard to case."""

    pattern: re.Pattern[str]

    def __call__(self, values: Sequence[str]) -> bool:
        """Whether one of the values matches."""
        return any(map(self.pattern.fullmatch, values))

    def __str__(self) -> str:
        return f"text matching {self.pattern.pattern}"


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no value: the segment or field is absent or empty."""

    def __call__(self, values: Sequence[str]) -> bool:
        """Whether there is none."""
        return not values

    def __str__(self) -> str:
        return "missing"


@dataclass(frozen=True, slots=True)
class Present:
    """There is a value; HL7 null ("") is one."""

    def __call__(self, values: Sequence[str]) -> bool:
        """Whether there is one."""
        return bool(values)

    def __str__(self) -> str:
        return "present"


@dataclass(frozen=True, slots=True)
class Not:
    """The other check does not hold: no value satisfies it, also when there is none."""

    check: Check

    def __call__(self, values: Sequence[str]) -> bool:
        """Whether no value satisfies the other check."""
        return not self.check(values)

    def __str__(self) -> str:
        return f"anything but {self.check}"


def _listed(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"one of {', '.join(values)}"
