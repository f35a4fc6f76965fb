"""``when``: what an author wrote, read into compiled conditions. Every line that is wrong is reported at once."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic_core import PydanticCustomError

from mockiis.document import complaint, unknown_key
from mockiis.entry_types import choice, kind, not_a_location, probable_location, read_text
from mockiis.er7 import Location, LocationError
from mockiis.scenario.checks import Check, Exactly, Matching, Missing, Not, OneOf, Present
from mockiis.scenario.model import Condition
from mockiis.scenario.values import Complaint, every, not_yet, refuse

LATER = frozenset({"state", "any_of", "not", "password"})
LATER_OPERATORS = frozenset({"contains", "starts", "before", "after", "longer_than"})
_ALMOST = re.compile(r"[A-Z][A-Z0-9]{2}[-.\[]")
_SAME_SEGMENT = re.compile(r"(any|every|no) [A-Z][A-Z0-9]{2}")
Reader = Callable[[Any], str]


def read_conditions(value: Any) -> tuple[Condition, ...]:
    """Read the mapping under ``when``."""
    if not isinstance(value, dict):
        raise complaint(f"write conditions here, such as message: VXU, not {kind(value)}")
    conditions: list[Condition] = []
    complaints: list[Complaint] = []
    for key, wanted in value.items():
        try:
            conditions.append(_condition(key, wanted))
        except PydanticCustomError as error:
            complaints.append(((key,), error))
    refuse(complaints)
    return tuple(conditions)


def _condition(key: str, wanted: Any) -> Condition:
    read = READERS.get(key)
    if read is not None:
        return Condition(key=key, check=_check(wanted, read, closed=key in _CLOSED))
    location = _location(key)
    if location.field is None:
        return Condition(key=key, location=location, check=_segment_check(key, wanted))
    return Condition(key=key, location=location, check=_check(wanted, _value))


def _location(key: str) -> Location:
    try:
        return Location.parse(key)
    except LocationError:
        pass
    if key in LATER or _SAME_SEGMENT.fullmatch(key):
        raise complaint(f"'{key}' is not supported yet in 'when'")
    if probable_location(key) or _ALMOST.match(key):
        raise not_a_location(key)
    raise unknown_key(key, [*READERS, "an HL7 location such as PID-5.1"])


def _check(wanted: Any, read: Reader, *, closed: bool = False) -> Check:
    """A value means equals, a list one of, a mapping an operator; ``closed`` places know no operators."""
    if isinstance(wanted, list):
        return OneOf.of(*every(read, "values")(wanted))
    if isinstance(wanted, str):
        return OneOf.of(_plain(wanted, read))
    if closed:
        raise complaint("write one value here, or a list of them")
    if len(wanted) != 1:
        raise complaint("write exactly one operator here, such as {missing: true}")
    [(operator, operand)] = wanted.items()
    make = OPERATORS.get(operator)
    if make is not None:
        return make(operand, read)
    raise not_yet(operator) if operator in LATER_OPERATORS else unknown_key(operator, list(OPERATORS))


def _plain(text: str, read: Reader) -> str:
    """A bare value. One that is nothing, or names an operator, is surely meant otherwise."""
    if text.strip() in ("", "~", "null"):
        raise complaint("there is no value; write {missing: true} for an absent or empty one, {present: true} for any")
    if text in ("missing", "present"):
        raise complaint(f"write {{{text}: true}}, or {{exact: {text}}} for the word itself")
    return read(text)


def _segment_check(key: str, wanted: Any) -> Check:
    check = _check(wanted, read_text) if isinstance(wanted, dict) else None
    if not isinstance(check, Missing | Present):
        raise complaint(
            f"'{key}' names a segment; name a field such as {key}-3, or ask {{missing: true}} or {{present: true}}"
        )
    return check


def _value(value: Any) -> str:
    """A value of a field. HL7 dates have no hyphens, so one that has them would never match."""
    text = read_text(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise complaint(
            f"dates in messages have no hyphens; write {text.replace('-', '')}, or {{exact: {text}}} to mean it so"
        )
    return text


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


_transport = choice("a transport", ("soap", "mllp"), {"HTTP": "soap", "HTTPS": "soap", "TCP": "mllp"})
_operation = choice("an operation", ("submitSingleMessage", "connectivityTest"))
_CLOSED = frozenset({"transport", "operation"})

READERS: Mapping[str, Reader] = {
    "message": _message_type,
    "profile": _profile,
    "transport": _transport,
    "operation": _operation,
    "username": read_text,
    "facility": read_text,
}
"""The keys of ``when`` that are no HL7 locations, and how a value of each is read."""


def _one_of(operand: Any, read: Reader) -> Check:
    return OneOf.of(*every(read, "values")(operand))


def _not(operand: Any, read: Reader) -> Check:
    return Not(_check(operand, read))


def _exactly(operand: Any, _read: Reader) -> Check:
    return Exactly(every(read_text, "values")(operand) if isinstance(operand, list) else (read_text(operand),))


def _matching(operand: Any, _read: Reader) -> Check:
    text = read_text(operand)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return Matching(re.compile(text, re.IGNORECASE | re.DOTALL))
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise complaint(f"'{text}' is not a regular expression: {error}") from None


def _flag(check: Check, opposite: str) -> Callable[[Any, Reader], Check]:
    def make(operand: Any, _read: Reader) -> Check:
        if operand == "false":
            raise complaint(f"write {{{opposite}: true}} for the opposite")
        if operand != "true":
            raise complaint(f"write {{{check}: true}}, not {kind(operand)}")
        return check

    return make


OPERATORS: Mapping[str, Callable[[Any, Reader], Check]] = {
    "not": _not,
    "in": _one_of,
    "missing": _flag(Missing(), "present"),
    "present": _flag(Present(), "missing"),
    "matches": _matching,
    "exact": _exactly,
}
"""What a mapping under a condition may say, and the check it makes."""
