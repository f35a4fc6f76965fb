"""``when``: what an author wrote, read into conditions. Every line that is wrong is reported at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from itertools import chain
from typing import Any, cast

from mockiis.document import complaint, unknown_key
from mockiis.entry_types import choice, kind, not_a_location, probable_location, read_text
from mockiis.er7 import Location, LocationError
from mockiis.scenario.checks import Missing, Present
from mockiis.scenario.conditions import AnyOf, Condition, NotAll, Quantifier, SameSegment, ValueCondition
from mockiis.scenario.operators import Reader, read_check, read_value
from mockiis.scenario.subject import GROUPED
from mockiis.scenario.values import every, read_each

_ALMOST = re.compile(r"[A-Z][A-Z0-9]{2}[-.\[]")
_SAME_SEGMENT = re.compile(r"(any|every|no) ([A-Z][A-Z0-9]{2})")
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")
_FIELD = re.compile(r"[1-9]\d{0,2}(\[[^\]]*\])?(\.[1-9]\d{0,2}){0,2}", re.ASCII)


def read_conditions(value: Any, segment: str = "") -> tuple[Condition, ...]:
    """Read the mapping under ``when``, or one below it; all of it is about one ``segment`` if that is named."""
    if not isinstance(value, dict):
        raise complaint(f"write conditions here, such as {_example(segment)}, not {kind(value)}")
    return tuple(chain.from_iterable(read_each(value.items(), lambda key, wanted: _conditions(key, wanted, segment))))


def _example(segment: str) -> str:
    return "{3: {present: true}}" if segment else "message: VXU"


def _conditions(key: str, wanted: Any, segment: str) -> list[Condition]:
    combinator = COMBINATORS.get(key)
    if combinator is not None:
        return [combinator(wanted, segment)]
    same = _SAME_SEGMENT.fullmatch(key)
    if same is None:
        return [_value_condition(_in_segment(segment, key) if segment else key, wanted)]
    if segment:
        raise complaint(f"'{key}' stands in a condition on one {segment}; ask for it outside")
    return _same_segment(cast(Quantifier, same[1]), same[2], wanted)


def _value_condition(key: str, wanted: Any) -> ValueCondition:
    read = READERS.get(key)
    if read is not None:
        return ValueCondition(key=key, check=read_check(wanted, read, closed=key in _CLOSED))
    location = _location(key)
    if location.field is None:
        return ValueCondition(key=key, location=location, check=_segment_check(key, wanted))
    return ValueCondition(key=key, location=location, check=read_check(wanted, read_value))


def _location(key: str) -> Location:
    try:
        return Location.parse(key)
    except LocationError:
        pass
    if probable_location(key) or _ALMOST.match(key):
        raise not_a_location(key)
    raise unknown_key(key, [*READERS, *COMBINATORS, *_EXAMPLES])


_EXAMPLES = ("any RXA", "every RXA", "no RXA", "an HL7 location such as PID-5.1")


def _segment_check(key: str, wanted: Any) -> Missing | Present:
    check = read_check(wanted, read_text) if isinstance(wanted, dict) else None
    if not isinstance(check, Missing | Present):
        raise complaint(
            f"'{key}' names a segment; name a field such as {key}-3, or ask {{missing: true}} or {{present: true}}"
        )
    return check


def _any_of(wanted: Any, segment: str) -> Condition:
    read = every(lambda entry: _some(entry, segment), "alternatives, each a mapping such as {PID-8: F},")
    alternatives = read(wanted)
    if len(alternatives) == 1:
        raise complaint("one alternative is no choice; write its conditions in 'when' itself")
    return AnyOf(alternatives=alternatives)


def _not(wanted: Any, segment: str) -> Condition:
    return NotAll(conditions=_some(wanted, segment))


def _some(wanted: Any, segment: str) -> tuple[Condition, ...]:
    """Conditions, at least one: none would always hold."""
    conditions = read_conditions(wanted, segment)
    if not conditions:
        raise complaint("there is no condition here; write some, such as {PID-8: F}")
    return conditions


COMBINATORS: Mapping[str, Callable[[Any, str], Condition]] = {"any_of": _any_of, "not": _not}
"""The keys of ``when`` that hold conditions themselves."""


def _same_segment(quantifier: Quantifier, segment: str, wanted: Any) -> list[Condition]:
    """One condition; with a list, one for each entry, so that two doses can be asked for."""
    if not isinstance(wanted, list):
        return [_on_one(quantifier, segment, wanted)]
    return list(every(lambda entry: _on_one(quantifier, segment, entry), f"conditions on one {segment}")(wanted))


def _on_one(quantifier: Quantifier, segment: str, wanted: Any) -> Condition:
    if not isinstance(wanted, dict) or not wanted:
        raise complaint(f"write conditions on one {segment} here, such as {_example(segment)}, not {kind(wanted)}")
    return SameSegment(quantifier=quantifier, segment=segment, conditions=read_conditions(wanted, segment))


def _in_segment(segment: str, key: str) -> str:
    """``20`` under ``any RXA`` is RXA-20. An RXA may ask for the other segments of its order."""
    if _FIELD.fullmatch(key):
        return f"{segment}-{key}"
    if key in READERS:
        raise complaint(f"'{key}' is not in {segment}; ask for it outside")
    if not probable_location(key) and not _ALMOST.match(key) and not _SEGMENT.fullmatch(key):
        raise complaint(f"'{key}' is not a field of {segment}; write its number, such as 3 or 5.1")
    location = _location(key)
    others = GROUPED if segment == "RXA" else frozenset[str]()
    if location.segment != segment and location.segment not in others:
        raise complaint(f"'{key}' is not in {segment}; ask for it outside, or write a field of {segment} such as 3")
    if location.segment == segment and location.occurrence is not None:
        raise complaint(f"each {segment} is looked at by itself; leave the number out of '{key}'")
    return key


_TYPE = re.compile(
    r"([A-Z][A-Z0-9]{2})(?:\^([A-Z][A-Z0-9]{2})(?:\^([A-Z][A-Z0-9]{2}(?:_[A-Z][A-Z0-9]{2})?))?)?", re.IGNORECASE
)


def _message_type(value: Any) -> str:
    text = read_text(value)
    if _TYPE.fullmatch(text):
        return text
    parts = re.findall(r"[A-Za-z][A-Za-z0-9]{2}", text)
    guess = "^".join(part.upper() for part in parts[:2])
    near = get_close_matches(guess, ["VXU", "VXU^V04", "QBP", "QBP^Q11"], n=1, cutoff=0.7)
    advice = f"did you mean '{near[0]}'?" if near else "write one such as VXU, VXU^V04 or VXU^V04^VXU_V04"
    raise complaint(f"'{text}' is not a message type (MSH-9); {advice}")


def _profile(value: Any) -> str:
    text = read_text(value)
    if "^" in text:
        raise complaint(f"profile is MSH-21.1 alone; write {text.partition('^')[0]}")
    return text


_transport = choice("a transport", ("soap", "mllp", "http"), {"HTTPS": "http", "POST": "http", "TCP": "mllp"})
_operation = choice("an operation", ("submitSingleMessage", "connectivityTest"))
_CLOSED = frozenset({"transport", "operation"})

READERS: Mapping[str, Reader] = {
    "message": _message_type,
    "profile": _profile,
    "transport": _transport,
    "operation": _operation,
    "username": read_text,
    "facility": read_text,
    "state": read_text,
}
"""The keys of ``when`` that are no HL7 locations and hold no conditions, and how a value of each is read."""
