"""What a condition may ask of a value: the operators, read into checks."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from mockiis.document import complaint, unknown_key
from mockiis.entry_types import kind, probable_location, read_location, read_text
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
from mockiis.scenario.moment import Moment
from mockiis.scenario.values import every, in_calendar, read_date

Reader = Callable[[Any], str]


def read_check(wanted: Any, read: Reader, *, closed: bool = False) -> Check:
    """A value means equals, a list one of, a mapping an operator; ``closed`` places know no operators."""
    if isinstance(wanted, list):
        return OneOf.of(*every(read, "values")(wanted))
    if isinstance(wanted, str):
        return OneOf.of(_plain(wanted, read))
    if closed:
        raise complaint("write one value here, or a list of them")
    if len(wanted) != 1:
        raise complaint("write exactly one operator here, such as {missing: true}; any_of and not combine conditions")
    [(operator, operand)] = wanted.items()
    make = OPERATORS.get(operator)
    if make is None:
        raise unknown_key(operator, list(OPERATORS))
    return make(operand, read)


def _plain(text: str, read: Reader) -> str:
    """A bare value. One that is nothing, or names an operator, is surely meant otherwise."""
    if text.strip() in ("", "~", "null"):
        raise complaint("there is no value; write {missing: true} for an absent or empty one, {present: true} for any")
    if text in ("missing", "present"):
        raise complaint(f"write {{{text}: true}}, or {{exact: {text}}} for the word itself")
    return read(text)


def read_value(value: Any) -> str:
    """A value of a field. HL7 dates have no hyphens, so one that has them would never match."""
    text = read_text(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise complaint(
            f"dates in messages have no hyphens; write {text.replace('-', '')}, or {{exact: {text}}} to mean it so"
        )
    return text


def _one_of(operand: Any, read: Reader) -> Check:
    return OneOf.of(*every(read, "values")(operand))


def _not(operand: Any, read: Reader) -> Check:
    return Not(read_check(operand, read))


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


def _containing(operand: Any, _read: Reader) -> Check:
    return Containing(read_text(operand))


def _starting(operand: Any, _read: Reader) -> Check:
    return Containing(read_text(operand), start=True)


def _wording(operand: Any, _read: Reader) -> Check:
    return Wording.of(read_text(operand))


def _longer(operand: Any, _read: Reader) -> Check:
    text = read_text(operand)
    if not re.fullmatch(r"\d{1,7}", text, re.ASCII):
        raise complaint(f"'{text}' is not a number of characters; write one such as {{longer_than: 48}}")
    return Longer(int(text))


_TODAY = re.compile(r"today(?: ?([+-]) ?(\d{1,5})d)?", re.ASCII)


def read_moment(value: Any) -> Moment:
    """``today``, ``today - 30d``, a date of any precision, or a location such as PID-7."""
    text = read_text(value).strip()
    today = _TODAY.fullmatch(text)
    if today:
        return Moment(text, days=int(f"{today[1] or '+'}{today[2] or 0}"))
    if re.fullmatch(r"\d{4}(\d\d){0,5}", text, re.ASCII):
        return Moment(text, digits=in_calendar(text))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return Moment(text, digits=read_date(text))
    near = probable_location(text)
    if near and near == text:
        return Moment(text, location=Location.parse(text))
    advice = f"did you mean '{near}'?" if near else "write one such as 2024-04-02, today, today - 30d or PID-7"
    raise complaint(f"'{text}' is not a date, today or a location; {advice}")


def _before(operand: Any, _read: Reader) -> Check:
    return Before(read_moment(operand))


def _after(operand: Any, _read: Reader) -> Check:
    return After(read_moment(operand))


def _same_as(operand: Any, _read: Reader) -> Check:
    text = read_text(operand)
    if text in ("username", "facility"):
        return SameAs(text)
    location = read_location(text)
    if location.field is None:
        raise complaint(f"'{text}' names a segment; name a field of it, such as {text}-3")
    return SameAs(text, location)


OPERATORS: Mapping[str, Callable[[Any, Reader], Check]] = {
    "not": _not,
    "in": _one_of,
    "missing": _flag(Missing(), "present"),
    "present": _flag(Present(), "missing"),
    "matches": _matching,
    "contains": _containing,
    "starts": _starting,
    "word": _wording,
    "before": _before,
    "after": _after,
    "longer_than": _longer,
    "exact": _exactly,
    "same_as": _same_as,
}
"""What a mapping under a condition may say, and the check it makes."""
