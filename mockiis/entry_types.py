"""Small values that people write in files of any kind: text, one of a few choices, durations, HL7 locations.

Each reader takes what ``document`` read and gives the value, or a complaint that says what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from mockiis.document import closest, complaint
from mockiis.er7 import Location, LocationError


def kind(value: object) -> str:
    """What an author wrote, in words."""
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list):
        return "a list"
    return f"'{value}'" if value else "nothing"


def read_text(value: Any) -> str:
    """Text that is not empty, as written."""
    if not isinstance(value, str):
        hint = "; quote text that begins with {" if isinstance(value, dict) else ""
        raise complaint(f"write text here, not {kind(value)}{hint}")
    if not value.strip():
        raise complaint("the value is missing")
    return value


Text = Annotated[str, PlainValidator(read_text)]


def choice(what: str, values: Sequence[str], meant: Mapping[str, str] | None = None) -> Callable[[Any], str]:
    """A reader for one of ``values``; ``meant`` maps other words (upper case) to the value they stand for."""
    stands_for = {value: value for value in values} | dict(meant or {})

    def read(value: Any) -> str:
        text = read_text(value)
        if text in values:
            return text
        near = closest(text, stands_for)
        advice = f"did you mean '{stands_for[near]}'?" if near else f"write one of: {', '.join(values)}"
        raise complaint(f"'{text}' is not {what}; {advice}")

    return read


_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,6})?) ?(ms|s|m)", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}
MAX_DURATION = 3600.0
"""An hour: nobody waits longer for an answer, and a larger number is a slip of the unit."""


def read_duration(value: Any) -> float:
    """``250ms``, ``8s`` or ``2m`` as seconds."""
    text = read_text(value)
    match = _DURATION.fullmatch(text)
    if match is None:
        seconds_meant = text.isascii() and text.isdigit()
        advice = f"did you mean '{text}s'?" if seconds_meant else "write one such as 250ms, 8s or 2m"
        raise complaint(f"'{text}' is not a duration; {advice}")
    seconds = float(match[1]) * _SECONDS[match[2]]
    if seconds > MAX_DURATION:
        raise complaint(f"'{text}' is longer than an hour; write at most 60m")
    return seconds


Duration = Annotated[float, PlainValidator(read_duration)]
"""Seconds."""


_LOOSE = re.compile(
    r"\s*(?P<segment>[A-Za-z][A-Za-z0-9]{2})(?P<which>\[[^\]]*\])?[-._^: ]*(?P<field>\d{1,6})"
    r"(?P<repetition>\[[^\]]*\])?(?P<parts>(?:[-._^: ]\d{1,6}){0,2})\s*",
    re.ASCII,
)


def read_location(text: str) -> Location:
    """The location, or a complaint with the nearest one."""
    try:
        return Location.parse(text)
    except LocationError:
        raise not_a_location(text) from None


def not_a_location(text: str) -> PydanticCustomError:
    """The complaint about text that should have been a location."""
    near = probable_location(text)
    advice = f"did you mean '{near}'?" if near else "write one such as PID-7, PID-5.1, PID-3[5=MR].1 or RXA[2]-3"
    return complaint(f"'{text}' is not an HL7 location; {advice}")


def probable_location(text: str) -> str:
    """The location that ``PID.7``, ``pid-7``, ``PID7`` or ``PID-5-1`` stands for; empty when there is none."""
    match = _LOOSE.fullmatch(text)
    if match is None:
        return ""
    parts = "".join(f".{int(number)}" for number in re.findall(r"\d+", match["parts"]))
    guess = f"{match['segment'].upper()}{match['which'] or ''}-{int(match['field'])}{match['repetition'] or ''}{parts}"
    try:
        Location.parse(guess)
    except LocationError:
        return ""
    return guess
