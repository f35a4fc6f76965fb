"""What every rule across fields is made of: its entry in ``data/rules.yaml``, its hits, and what kind of dose it is.

A check takes the scene, its entry and the code sets, and gives a hit for each place that breaks the rule; ``told``
makes a function that gives faults of it, with the codes and words of the entry. The checks are in ``rules_*``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from mockiis.er7 import NULL, Location, Segment
from mockiis.profile.codes import CodeSets
from mockiis.profile.flaw import shown
from mockiis.profile.place import Place
from mockiis.profile.scene import Fault, Scene, at

Entry = Mapping[str, Any]
"""One rule of rules.yaml; all of its scalars are text."""


Field = tuple[str, int]
"""Segment and number of a field."""


class Hit(NamedTuple):
    """Where a rule is broken, what it expects there and what it found."""

    location: Location
    expected: str
    found: str


Check = Callable[[Scene, Entry, CodeSets], Iterable[Hit]]
Rule = Callable[[Scene, Entry, CodeSets], list[Fault]]


def told(check: Check) -> Rule:
    """The check as a rule: its hits as faults that say what the entry says."""

    def rule(scene: Scene, entry: Entry, codes: CodeSets) -> list[Fault]:
        return [fault(entry, hit) for hit in check(scene, entry, codes)]

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


def fields(entry: Entry) -> tuple[Field, ...]:
    """The fields that ``at`` of an entry names, each once: it may list several, or components of one."""
    where = entry["at"]
    return _fields((where,) if isinstance(where, str) else tuple(where))


def value(segment: Segment, field: int, component: int | None = None, subcomponent: int | None = None) -> str:
    """A value of the first repetition; empty too where the sender asks to delete the stored one."""
    text = segment.get(field, component, subcomponent)
    return "" if text == NULL else text


def hit(segment: Segment, field: int, expected: str, found: str, component: int | None = None) -> Hit:
    """A hit at a field of this segment; of ``found`` as much as a finding may show."""
    return Hit(at(segment, field, component), expected, shown(found))


REPETITIONS = 100
"""Repetitions of one field that rules look at. Nobody has that many names, telephones or identifiers."""


def valued(scene: Scene, entry: Entry) -> Iterator[tuple[Segment, int]]:
    """Each segment that has one of the fields of an entry, and the number of the field."""
    for owner, field in fields(entry):
        for segment in scene.by_id.get(owner, ()):
            if segment.raw(field):
                yield segment, field


def repetitions(scene: Scene, entry: Entry) -> Iterator[tuple[Segment, int, int, str]]:
    """Every repetition of the fields of an entry: the segment, the field, its number and its raw text."""
    for segment, field in valued(scene, entry):
        for number, text in enumerate(segment.repetitions(field)[:REPETITIONS], 1):
            if text and text != NULL:
                yield segment, field, number, text


def is_deleted(rxa: Segment) -> bool:
    """RXA-21 is D: the dose is named to be removed, and what is said of it does not matter any more."""
    return rxa.raw(21) == "D"


def is_not_given(rxa: Segment) -> bool:
    """A refusal, a dose not administered, or no vaccine at all (forecast, immunity, contraindication)."""
    return rxa.raw(20) in ("RE", "NA") or rxa.get(5, 1) == "998"


def is_given(rxa: Segment) -> bool:
    """A dose that somebody got. An empty RXA-20 counts as CP, as it does where it may be left out."""
    return rxa.raw(20) in ("CP", "PA", "") and rxa.get(5, 1) != "998" and not is_deleted(rxa)


def is_new(rxa: Segment) -> bool:
    """A dose that the sender itself gave: source of information 00 in RXA-9."""
    return rxa.get(9, 1) == "00" and is_given(rxa)


def is_historical(rxa: Segment) -> bool:
    """A dose that somebody else gave: another source of information in RXA-9."""
    return value(rxa, 9, 1) not in ("", "00") and is_given(rxa)


def doses(scene: Scene, which: Callable[[Segment], bool]) -> Iterator[Segment]:
    """The RXA of that kind, one for each order group."""
    return (order.rxa for order in scene.orders if order.rxa is not None and which(order.rxa))


@lru_cache(maxsize=256)
def _fields(where: tuple[str, ...]) -> tuple[Field, ...]:
    parsed = (Place.parse(text) for text in where)
    return tuple(dict.fromkeys((place.owner, place.field or 0) for place in parsed))
