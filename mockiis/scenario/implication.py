"""Whether some conditions imply another one, decided for plain cases only: yes is certain, no means unknown.

A place may hold several values and one that satisfies a check is enough, so that a value which equals ``F`` does not
exclude that another one equals ``M``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from mockiis.er7 import Location
from mockiis.scenario.checks import (
    After,
    Before,
    Check,
    Containing,
    Exactly,
    Longer,
    Matching,
    Missing,
    Not,
    OneOf,
    Present,
    SameAs,
    Wording,
)
from mockiis.scenario.conditions import AnyOf, Condition, NotAll, SameSegment, ValueCondition
from mockiis.scenario.moment import earliest, latest
from mockiis.scenario.subject import Subject

_NEEDS_VALUE = (OneOf, Exactly, Matching, Containing, Wording, Longer, Before, After, SameAs, Present)
"""Checks that hold only where there is a value."""
_SINGLE = frozenset({"transport", "operation", "username", "facility", "state"})
"""Words that have one value at most."""
_MOST = 50
"""Alternatives that are gone through one by one."""


def implies(held: Sequence[Condition], wanted: Condition) -> bool:
    """Whether every request for which all of ``held`` hold also satisfies ``wanted``."""
    if any(entry == wanted for entry in held) or _by_each_alternative(held, wanted):
        return True
    match wanted:
        case AnyOf():
            return any(imply(held, alternative) for alternative in wanted.alternatives)
        case NotAll():
            return any(isinstance(entry, NotAll) and imply(wanted.conditions, entry.conditions) for entry in held)
        case SameSegment():
            return any(isinstance(entry, SameSegment) and _same_segment(entry, wanted) for entry in held)
        case ValueCondition():
            return any(_value(entry, wanted) for entry in held)
    return False


def imply(held: Sequence[Condition], wanted: Sequence[Condition]) -> bool:
    """Whether they imply every one of the others."""
    return all(implies(held, condition) for condition in wanted)


def _by_each_alternative(held: Sequence[Condition], wanted: Condition) -> bool:
    """Whether ``wanted`` follows whichever alternative of an ``any_of`` it is that holds."""
    if sum(len(entry.alternatives) for entry in held if isinstance(entry, AnyOf)) > _MOST:
        return False
    for position, entry in enumerate(held):
        if isinstance(entry, AnyOf):
            others = [*held[:position], *held[position + 1 :]]
            if all(implies([*others, *alternative], wanted) for alternative in entry.alternatives):
                return True
    return False


def _same_segment(held: SameSegment, wanted: SameSegment) -> bool:
    if (held.segment, held.quantifier) != (wanted.segment, wanted.quantifier):
        return False
    if held.quantifier == "no":
        return imply(wanted.conditions, held.conditions)
    return imply(held.conditions, wanted.conditions)


def _value(held: Condition, wanted: ValueCondition) -> bool:
    if isinstance(held, SameSegment):
        return held.quantifier == "any" and _in_any_segment(wanted) and implies(held.conditions, wanted)
    if not isinstance(held, ValueCondition):
        return False
    if held.location is None or wanted.location is None:
        same = held.location is wanted.location and held.key == wanted.key
        return same and _check(held.check, wanted.check, held.key)
    return _located(held, held.location, wanted, wanted.location)


def _located(held: ValueCondition, here: Location, wanted: ValueCondition, there: Location) -> bool:
    if here == there:
        return _check(held.check, wanted.check, "")
    if _within(here, there):
        return isinstance(wanted.check, _NEEDS_VALUE) and _check(held.check, wanted.check, "")
    return _within(there, here) and _nothing_there(held.check, wanted.check)


def _in_any_segment(wanted: ValueCondition) -> bool:
    """Whether it holds for the message when it does for one of its segments."""
    where, check = wanted.location, wanted.check
    if where is None or where.occurrence is not None or isinstance(check, SameAs):
        return False
    elsewhere = isinstance(check, Before | After) and check.moment.location is not None
    return isinstance(check, _NEEDS_VALUE) and not elsewhere


def _within(narrow: Location, wide: Location) -> bool:
    """Whether every value at the one place is a value at the other too: PID-3[2].1 and PID-3.1."""
    segments = (wide.occurrence, wide.key) in ((narrow.occurrence, narrow.key), (None, None))
    repetitions = (wide.repetition, wide.repetition_key) in (
        (narrow.repetition, narrow.repetition_key),
        (None, None),
    )
    if not segments or not repetitions:
        return False
    return wide == replace(
        narrow,
        occurrence=wide.occurrence,
        key=wide.key,
        repetition=wide.repetition,
        repetition_key=wide.repetition_key,
    )


def _nothing_there(held: Check, wanted: Check) -> bool:
    """What no value at the wide place satisfies, none at the narrow one does."""
    if isinstance(held, Missing):
        return _check(held, wanted, "")
    return (
        isinstance(held, Not)
        and isinstance(wanted, Not)
        and isinstance(wanted.check, _NEEDS_VALUE)
        and _check(wanted.check, held.check, "")
    )


def _check(held: Check, wanted: Check, key: str) -> bool:
    """Whether values that satisfy the one check satisfy the other; ``key`` is the word they are of, if any."""
    if held == wanted:
        return True
    match wanted:
        case Present():
            return isinstance(held, _NEEDS_VALUE) or held == Not(Missing())
        case Missing():
            return held == Not(Present())
        case Not():
            return _denied(held, wanted.check, key)
    return _positive(held, wanted, key)


def _denied(held: Check, denied: Check, key: str) -> bool:
    match held:
        case Missing():
            return isinstance(denied, _NEEDS_VALUE)
        case Not():
            return _check(denied, held.check, key)
        case OneOf() if key in _SINGLE and isinstance(denied, OneOf):
            return held.folded.isdisjoint(denied.folded)
    return isinstance(denied, Missing) and isinstance(held, _NEEDS_VALUE)


def _positive(held: Check, wanted: Check, key: str) -> bool:
    match held:
        case OneOf():
            return _one_of(held, wanted, key)
        case Exactly():
            return _constant(wanted) and all(wanted((value,), _NOBODY) for value in held.values)
        case Containing() if isinstance(wanted, Containing):
            return _containing(held, wanted)
        case Longer() if isinstance(wanted, Longer):
            return held.limit >= wanted.limit
        case Before() | After():
            return _in_time(held, wanted)
    return False


def _in_time(held: Before | After, wanted: Check) -> bool:
    if not isinstance(wanted, Before | After) or not (held.moment.digits and wanted.moment.digits):
        return False
    one, other = held.moment.digits, wanted.moment.digits
    if isinstance(held, Before):
        return isinstance(wanted, Before) and (earliest(one) or "") <= (earliest(other) or "")
    return isinstance(wanted, After) and (latest(one) or "") >= (latest(other) or "")


def _one_of(held: OneOf, wanted: Check, key: str) -> bool:
    if isinstance(wanted, OneOf):
        return all(_equal(value, wanted, key) for value in held.folded)
    if isinstance(wanted, Containing):
        return all(wanted((value,), _NOBODY) for value in held.folded)
    digits = all(value.isascii() and value.isdigit() for value in held.values)  # which have no capitals
    return digits and _constant(wanted) and all(wanted((value,), _NOBODY) for value in held.values)


def _equal(value: str, wanted: OneOf, key: str) -> bool:
    """VXU^V04 is a VXU: of MSH-9 a rule names as many components as it cares for."""
    if key != "message":
        return value in wanted.folded
    parts = value.split("^")
    return any("^".join(parts[:count]) in wanted.folded for count in range(1, len(parts) + 1))


def _containing(held: Containing, wanted: Containing) -> bool:
    text, part = held.text.casefold(), wanted.text.casefold()
    return held.start and text.startswith(part) if wanted.start else part in text


def _constant(check: Check) -> bool:
    """Whether it looks at nothing but the value."""
    if isinstance(check, Before | After):
        return bool(check.moment.digits)
    return isinstance(check, OneOf | Exactly | Matching | Containing | Wording | Longer)


_NOBODY = cast(Subject, None)
"""Stands where a constant check takes the request."""
