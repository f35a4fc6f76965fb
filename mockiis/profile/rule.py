"""What every rule across fields is made of: its entry in ``data/rules.yaml`` and its hits.

A check takes the scene, its entry and the code sets, and gives a hit for each place that breaks the rule; ``told``
makes a function that gives faults of it, with the codes and words of the entry. The checks are in ``rules_*``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from mockiis.er7 import NULL, Location, Segment
from mockiis.profile.codes import CodeSets
from mockiis.profile.facts import Field
from mockiis.profile.flaw import shown
from mockiis.profile.place import Place
from mockiis.profile.scene import Fault, Scene, at

Entry = Mapping[str, Any]
"""One rule of rules.yaml; all of its scalars are text."""


class Hit(NamedTuple):
    """Where a rule is broken, what it expects there and what it found."""

    location: Location
    expected: str
    found: str


Check = Callable[[Scene, Entry, CodeSets], Iterable[Hit]]
Rule = Callable[[Scene, Entry, CodeSets], Sequence[Fault]]


def told(check: Check) -> Rule:
    """The check as a rule: its hits as faults that say what the entry says."""

    def rule(scene: Scene, entry: Entry, codes: CodeSets) -> Sequence[Fault]:
        faults: list[Fault] | None = None
        for one in check(scene, entry, codes):
            faults = faults or []
            faults.append(fault(entry, one))
        return faults or ()

    return rule


def fault(entry: Entry, hit: Hit) -> Fault:
    """One hit in the words of its entry. An entry without severity leaves it to the effect on the data."""
    name = entry.get("id", "")
    return Fault(
        location=hit.location,
        kind=name,
        code=entry["code"],
        application_code=entry.get("application_code", ""),
        text=entry["text"],
        expected=hit.expected,
        found=hit.found,
        fix=entry.get("fix", ""),
        severity=entry.get("severity"),
        statement=name,
        source=entry.get("source", ""),
    )


def value(segment: Segment, field: int, component: int | None = None, subcomponent: int | None = None) -> str:
    """A value of the first repetition; empty too where the sender asks to delete the stored one."""
    text = segment.get(field, component, subcomponent)
    return "" if text == NULL else text


def hit(segment: Segment, field: int, expected: str, found: str, component: int | None = None) -> Hit:
    """A hit at a field of this segment; of ``found`` as much as a finding may show."""
    return Hit(at(segment, field, component), expected, shown(found))


def fields(entry: Entry) -> tuple[Field, ...]:
    """The fields that ``at`` of an entry names, each once: it may list several, or components of one."""
    where = entry["at"]
    return _fields((where,) if isinstance(where, str) else tuple(where))


def valued(scene: Scene, entry: Entry) -> Iterator[tuple[Segment, int]]:
    """Each segment that has one of the fields of an entry, and the number of the field."""
    for owner, field in fields(entry):
        for segment in scene.by_id.get(owner, ()):
            if segment.raw(field):
                yield segment, field


@lru_cache(maxsize=256)
def _fields(where: tuple[str, ...]) -> tuple[Field, ...]:
    parsed = (Place.parse(text) for text in where)
    return tuple(dict.fromkeys((place.owner, place.field or 0) for place in parsed))
