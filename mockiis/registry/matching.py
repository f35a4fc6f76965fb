"""Whether two persons are the same: first rule that applies, each with its reason in words. CONFORMANCE.md states them.

An identifier decides if the name or the birth date agrees. Family name, given name and birth date decide when nothing
contradicts. Two of the three, or a birth date with a near name, make a candidate. Twins are never one person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mockiis.message.person import Identifier, Name, Person
from mockiis.registry import newborn
from mockiis.registry.alike import (
    Likeness,
    best_names,
    birth_likeness,
    family_likeness,
    is_near,
    is_swapped,
    middle_contradicts,
    sex_contradicts,
    text_likeness,
)
from mockiis.registry.keys import Sketch, names
from mockiis.registry.support import same_mother, supported_by

Grade = Literal["same", "candidate", "different"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comes of comparing two persons: the grade, the rule that gave it, and why, in a sentence."""

    grade: Grade
    rule: str
    reason: str
    support: tuple[str, ...] = ()

    def __str__(self) -> str:
        support = f" Also {_listed(self.support)}." if self.support else ""
        return f"{_GRADES[self.grade]}: {self.reason}{support}"


_GRADES: dict[Grade, str] = {
    "same": "The same person",
    "candidate": "Perhaps the same person",
    "different": "Somebody else",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two persons side by side, and how alike they are. ``one`` and ``other`` are their names that are most alike."""

    asked: Person
    known: Person
    shared: tuple[Identifier, ...]
    one: Name
    other: Name
    family: Likeness
    given: Likeness
    birth: Likeness
    support: tuple[str, ...]

    @property
    def name_agrees(self) -> bool:
        """Family and given name are the same or near, or have changed places."""
        return {self.family, self.given} <= {"same", "near"} or is_swapped(self.one, self.other)

    @property
    def placeholders(self) -> int:
        """How many of the two given names are those of a newborn without a name."""
        return newborn.is_placeholder(self.one) + newborn.is_placeholder(self.other)

    @property
    def orders(self) -> tuple[str, str]:
        """The birth orders of both, each empty where it is not known."""
        return newborn.birth_order(self.asked), newborn.birth_order(self.known)

    @property
    def of_many(self) -> bool:
        """One of them was born with others."""
        return newborn.is_one_of_many(self.asked) or newborn.is_one_of_many(self.known)


def compare(asked: Person, known: Person, more: tuple[Identifier, ...] = ()) -> Comparison:
    """Compare one that is asked for, or reported, with one that is known; ``more`` are further identifiers of that."""
    one, other = best_names(asked, known)
    pair = Pair(
        asked=asked,
        known=known,
        shared=tuple(i for i in asked.identifiers if _counts(i) and i in (*known.identifiers, *more)),
        one=one,
        other=other,
        family=family_likeness(one.family, other.family),
        given=text_likeness(one.given, other.given),
        birth=birth_likeness(asked, known),
        support=supported_by(asked, known),
    )
    for name, rule in _RULES.items():
        found = rule(pair)
        if found is not None:
            return Comparison(found[0], name, found[1], pair.support)
    return Comparison("different", "nothing", _differences(pair), pair.support)


def may_match(asked: Person) -> Callable[[str], bool]:
    """Whether somebody born on the same day could be a candidate or more, by the detail in the index (see ``keys``)."""
    anybody = any(map(newborn.is_placeholder, names(asked)))
    wanted = [Sketch.of(name) for name in names(asked)]

    def may(detail: str) -> bool:
        known = Sketch.read(detail)
        given = Name(family="", given=known.given)
        return anybody or any(_alike(one, known) for one in wanted) or newborn.is_placeholder(given)

    return may


def _alike(one: Sketch, other: Sketch) -> bool:
    """The given name is the same, the family name is at least near, or they have changed places."""
    if one.given and one.given == other.given:
        return True
    if one.family and other.family and (one.family == other.family or is_near(one.family, other.family)):
        return True
    swapped = bool(one.family and one.given) and (one.family, one.given) == (other.given, other.family)
    return swapped or not one.words.isdisjoint(other.words)


def _counts(identifier: Identifier) -> bool:
    """An identifier without authority or type names nobody."""
    return bool(identifier.id and identifier.authority and identifier.type)


Verdict = tuple[Grade, str] | None


def _twins(pair: Pair) -> Verdict:
    """Of a multiple birth, other birth orders or given names are other persons, whatever else is the same."""
    here, there = pair.orders
    if here and there and here != there:
        return _as_siblings(pair, f"the birth orders differ ({here} and {there})")
    if not pair.of_many or pair.placeholders or pair.given in ("same", "unknown") or pair.birth != "same":
        return None
    if pair.shared and ((here and here == there) or pair.given == "near"):
        return None
    return _as_siblings(pair, "one is of a multiple birth and the given names differ")


def _as_siblings(pair: Pair, why: str) -> Verdict:
    agree = pair.birth == "same" and pair.family in ("same", "near")
    return ("candidate" if agree else "different"), f"{why}."


def _identifier(pair: Pair) -> Verdict:
    if not pair.shared:
        return None
    shared = pair.shared[0]
    named = f"the identifier {shared.id} of {shared.authority} ({shared.type}) is the same"
    if pair.birth == "same":
        return "same", f"{named}, and the birth date agrees."
    if pair.name_agrees:
        return "same", f"{named}, and the name agrees."
    return "different", f"{named}, but neither name nor birth date agrees."


def _exact(pair: Pair) -> Verdict:
    if (pair.family, pair.given, pair.birth) != ("same", "same", "same") or pair.placeholders:
        return None
    alike = "family name, given name and birth date are the same"
    if sex_contradicts(pair.asked, pair.known):
        return "candidate", f"{alike}, but one is male and the other female."
    if middle_contradicts(pair.one, pair.other) and not pair.support:
        return "candidate", f"{alike}, but the middle names contradict each other and nothing else speaks for it."
    return "same", f"{alike}, and nothing contradicts."


def _newborn(pair: Pair) -> Verdict:
    """A newborn without a name is known by its mother and birth date."""
    if not pair.placeholders or pair.birth != "same" or sex_contradicts(pair.asked, pair.known):
        return None
    here, there = pair.orders
    alone = not pair.of_many or bool(here and here == there)
    if alone and same_mother(pair.asked, pair.known):
        return "same", "one has the name of a newborn without a name; mother and birth date are the same."
    if pair.family in ("same", "near") or same_mother(pair.asked, pair.known):
        return "candidate", "one has the name of a newborn without a name, and the birth date is the same."
    return None


def _raised(pair: Pair) -> Verdict:
    """A difference in one of the three is outweighed by mother, address and telephone; given names are not: twins."""
    mother = "the same mother" in pair.support
    contradicts = sex_contradicts(pair.asked, pair.known) or middle_contradicts(pair.one, pair.other)
    if contradicts or pair.placeholders or not mother:
        return None
    if pair.given == "same" and pair.birth == "same" and (pair.family == "near" or len(pair.support) > 1):
        return "same", "given name, birth date and mother are the same; the family name differs."
    if pair.birth == "same" and is_swapped(pair.one, pair.other):
        return "same", "family and given name have changed places; birth date and mother are the same."
    if (pair.family, pair.given, pair.birth) == ("same", "same", "near") and len(pair.support) > 1:
        return "same", "names and mother are the same; the birth date differs as by a slip."
    return None


def _candidate(pair: Pair) -> Verdict:
    same = [word for word, likeness in _three(pair) if likeness == "same"]
    if len(same) > 1:
        return "candidate", f"{' and '.join(same)} are the same."
    if pair.birth == "same" and pair.name_agrees:
        return "candidate", "the birth date is the same and the name is near."
    return None


def _three(pair: Pair) -> tuple[tuple[str, Likeness], ...]:
    return ("family name", pair.family), ("given name", pair.given), ("birth date", pair.birth)


def _differences(pair: Pair) -> str:
    told = [f"{word} {_SAID[likeness]}" for word, likeness in _three(pair)]
    return f"{_listed(told)}."


_SAID: dict[Likeness, str] = {
    "same": "is the same",
    "near": "is near",
    "different": "differs",
    "unknown": "is not known of both",
}


def _listed(words: list[str] | tuple[str, ...]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


_RULES: dict[str, Callable[[Pair], Verdict]] = {
    "twins": _twins,
    "identifier": _identifier,
    "exact": _exact,
    "newborn": _newborn,
    "raised": _raised,
    "candidate": _candidate,
}
"""In order: the first one that applies gives the grade."""
