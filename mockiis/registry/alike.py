"""How alike two values of two persons are: names, birth dates, sex. Exact, near, or different."""

from __future__ import annotations

from typing import Literal

from mockiis.message.person import Name, Person
from mockiis.registry.keys import birth_day, names, plain, words_of

Likeness = Literal["same", "near", "different", "unknown"]

NEAR = 0.88
"""The Jaro-Winkler similarity from which two names are near: Larson and Larsen, Erik and Eric; not Anna and Emma."""
_SHORTEST = 3
"""Letters of a name that can be near to another."""


def text_likeness(one: str, other: str) -> Likeness:
    """How alike two names are as they are written; nicknames are no matter of spelling and are different names."""
    a, b = plain(one), plain(other)
    if not a or not b:
        return "unknown"
    if a == b:
        return "same"
    return "near" if is_near(a, b) else "different"


def is_near(one: str, other: str) -> bool:
    """Whether two names, as they are compared, are near."""
    return min(len(one), len(other)) >= _SHORTEST and _similarity(one, other) >= NEAR


def family_likeness(one: str, other: str) -> Likeness:
    """As ``text_likeness``; a part of a double name is near to the whole of it: Garcia and Garcia-Lopez."""
    likeness = text_likeness(one, other)
    if likeness == "different" and (words_of(one) & words_of(other)):
        return "near"
    return likeness


def best_names(asked: Person, known: Person) -> tuple[Name, Name]:
    """The pair of their names that is most alike; the legal names where others are no better."""
    pairs = [(a, b) for a in names(asked) for b in names(known)]
    return min(pairs, key=lambda pair: _distance(*pair))


def _distance(one: Name, other: Name) -> int:
    return _RANKS[family_likeness(one.family, other.family)] + _RANKS[text_likeness(one.given, other.given)]


_RANKS: dict[Likeness, int] = {"same": 0, "near": 1, "unknown": 2, "different": 3}


def is_swapped(one: Name, other: Name) -> bool:
    """Whether family and given name have changed places."""
    family, given = plain(one.family), plain(one.given)
    return bool(family and given) and (family, given) == (plain(other.given), plain(other.family)) and family != given


def middle_contradicts(one: Name, other: Name) -> bool:
    """Whether both have a middle name and neither begins the other: Rose and R. agree, R. and C. do not."""
    a, b = plain(one.middle), plain(other.middle)
    return not (a.startswith(b) or b.startswith(a))


def birth_likeness(one: Person, other: Person) -> Likeness:
    """How alike the birth dates are. Near: one digit differs, two neighbours or day and month have changed places."""
    return day_likeness(birth_day(one), birth_day(other))


def day_likeness(a: str, b: str) -> Likeness:
    """The same of two days, YYYYMMDD; each empty where none is known."""
    if not a or not b:
        return "unknown"
    if a == b:
        return "same"
    differing = [place for place in range(8) if a[place] != b[place]]
    turned = a[:4] == b[:4] and a[4:6] == b[6:] and a[6:] == b[4:6]
    pair = len(differing) == 2 and differing[1] - differing[0] == 1
    swapped = pair and a[differing[0]] == b[differing[1]] and a[differing[1]] == b[differing[0]]
    return "near" if len(differing) == 1 or turned or swapped else "different"


def sex_contradicts(one: Person, other: Person) -> bool:
    """Whether one is male and the other female."""
    return {one.sex, other.sex} == {"F", "M"}


def _similarity(one: str, other: str) -> float:
    from rapidfuzz.distance import JaroWinkler  # noqa: PLC0415  # takes longer to import than all else here

    return JaroWinkler.similarity(one, other)
