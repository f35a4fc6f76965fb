"""What every rule across fields is made of: its entry in ``data/rules.yaml``, its check, and the hits of that.

A check looks at one dose, at one repetition of a field, or at the whole message, and gives a hit for each place that
breaks the rule. The checks are in ``rules_*``; ``rules`` puts them together with their entries and asks them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, get_args

from mockiis.er7 import NULL, Location, Segment
from mockiis.profile.facts import Dose, Facts, Field, Kind, Repetition
from mockiis.profile.flaw import shown
from mockiis.profile.place import Place
from mockiis.profile.scene import Fault, at

Entry = Mapping[str, Any]
"""One rule of rules.yaml; all of its scalars are text."""


class Hit(NamedTuple):
    """Where a rule is broken, what it expects there and what it found."""

    location: Location
    expected: str
    found: str


OfDose = Callable[[Dose, Entry, Facts], Iterable[Hit]]
OfRepetition = Callable[[Repetition, Entry, Facts], Iterable[Hit]]
OfMessage = Callable[[Facts, Entry], Iterable[Hit]]


class Check(NamedTuple):
    """A check, and what it looks at: exactly one of ``dose``, ``repetition`` and ``message`` is there.

    ``kinds`` are the doses it is about. ``by_codes``: whether it hits follows from the texts of ``facts.coded`` alone.
    """

    dose: OfDose | None = None
    repetition: OfRepetition | None = None
    message: OfMessage | None = None
    kinds: Collection[Kind] = ()
    by_codes: bool = False


NEW: tuple[Kind, ...] = ("new",)
HISTORICAL: tuple[Kind, ...] = ("historical",)
GIVEN: tuple[Kind, ...] = ("new", "historical", "given")
NOT_GIVEN: tuple[Kind, ...] = ("not given",)
NOT_DELETED: tuple[Kind, ...] = (*GIVEN, "not given", "other")
EVERY: tuple[Kind, ...] = get_args(Kind)


def of_codes(kinds: Collection[Kind], *checks: OfDose) -> dict[str, Check]:
    """Checks of what the codes of such doses say, by name."""
    return {check.__name__: Check(dose=check, kinds=kinds, by_codes=True) for check in checks}


def of_doses(kinds: Collection[Kind], *checks: OfDose) -> dict[str, Check]:
    """Checks of such doses, by name."""
    return {check.__name__: Check(dose=check, kinds=kinds) for check in checks}


def of_repetitions(*checks: OfRepetition) -> dict[str, Check]:
    """Checks of every repetition of the fields that their entry names, by name."""
    return {check.__name__: Check(repetition=check) for check in checks}


def of_messages(*checks: OfMessage) -> dict[str, Check]:
    """Checks of the whole message, by name."""
    return {check.__name__: Check(message=check) for check in checks}


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


@lru_cache(maxsize=256)
def _fields(where: tuple[str, ...]) -> tuple[Field, ...]:
    parsed = (Place.parse(text) for text in where)
    return tuple(dict.fromkeys((place.owner, place.field or 0) for place in parsed))
