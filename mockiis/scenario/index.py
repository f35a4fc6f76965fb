"""Which rules can match at all: rules by a literal condition, so that ten thousand of them cost little more than ten.

Every rule that asks a place for plain values (equals, one of) is filed under them; a request then only meets the
rules filed under what it holds there, and those that could not be filed. Order is kept: the first match still wins.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice

from mockiis.er7 import Location
from mockiis.scenario.checks import OneOf
from mockiis.scenario.conditions import Condition, ValueCondition
from mockiis.scenario.subject import Subject

_FEW = 8
"""Rules that are sooner tried than looked up."""
_CHANGING = frozenset({"state"})
"""Words whose value is not a request's own."""
_DECIDING = frozenset({"operation"})
"""Words whose value decides whether a message reaches the rule at all."""


class Index:
    """Positions of rules, by what their conditions name."""

    def __init__(self, rules: Sequence[Sequence[Condition]]) -> None:
        literals = [_literals(conditions) for conditions in rules]
        spread = Counter(key for found in literals for key in {(entry.key, value) for entry, value in _pairs(found)})
        by_key: Counter[str] = Counter(key for key, _ in spread)
        self._everywhere: list[int] = []
        self._filed: dict[tuple[str, Location | None], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._under: dict[int, tuple[ValueCondition, Sequence[Condition]]] = {}
        for position, found in enumerate(literals):
            best = max(found, key=lambda entry: by_key[entry.key], default=None)
            if best is None or len(rules) <= _FEW:
                self._everywhere.append(position)
            else:
                self._under[position] = best, rules[position]
                for _, value in _pairs([best]):
                    self._filed[best.key, best.location][value].append(position)

    def candidates(self, subject: Subject) -> Iterable[int]:
        """The positions of the rules that the request may match, in order."""
        if not self._filed:
            return self._everywhere
        found = list(self._everywhere)
        for (key, location), by_value in self._filed.items():
            for value in {value.casefold() for value in subject.values(key, location)}:
                found += by_value.get(value, ())
        return sorted(set(found))

    def nearest(self, subject: Subject, most: int) -> list[int]:
        """The positions, in order, of few rules among which are the ``most`` that come closest to the request.

        Of rules that differ only in what they are filed under, those that are no candidates all fail in the same
        conditions, so the first few stand for the others, and a miss costs no more for ten thousand of them.
        """
        tried = set(self.candidates(subject))
        for alike in self._alike:
            tried.update(islice((position for position in alike if position not in tried), most))
        return sorted(tried)

    @cached_property
    def _alike(self) -> list[list[int]]:
        """Rules that differ only in what they are filed under, made when a request is missed for the first time."""
        found: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for position, (filed, conditions) in self._under.items():
            others = tuple(condition for condition in conditions if condition is not filed)
            apart = position if filed.key in _DECIDING else None
            found[filed.key, filed.location, others, apart].append(position)
        return list(found.values())


def _literals(conditions: Sequence[Condition]) -> list[ValueCondition]:
    return [
        entry
        for entry in conditions
        if isinstance(entry, ValueCondition) and isinstance(entry.check, OneOf) and entry.key not in _CHANGING
    ]


def _pairs(entries: Iterable[ValueCondition]) -> Iterable[tuple[ValueCondition, str]]:
    return [(entry, value) for entry in entries if isinstance(entry.check, OneOf) for value in entry.check.folded]
