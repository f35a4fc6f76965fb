"""HL7 locations that an author typed: read, or refused with the location that was probably meant."""

from __future__ import annotations

import re

from pydantic_core import PydanticCustomError

from mockiis.document import complaint
from mockiis.er7 import Location, LocationError

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
    near = nearest(text)
    advice = f"did you mean '{near}'?" if near else "write one such as PID-7, PID-5.1, PID-3[5=MR].1 or RXA[2]-3"
    return complaint(f"'{text}' is not an HL7 location; {advice}")


def nearest(text: str) -> str:
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
