"""Small values in a case file: text, choices, durations, locations. Each complaint says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, PlainValidator

from mockiis.document import complaint
from mockiis.er7 import Location, LocationError

T = TypeVar("T")


def _some(value: Any) -> Any:
    if not isinstance(value, list):
        raise complaint("write a list here, each entry after '- ' or in [ ]")
    if not value:
        raise complaint("the list is empty")
    return value


def _one_or_more(value: Any) -> Any:
    return value if isinstance(value, tuple) else _some(value if isinstance(value, list) else [value])


Some = Annotated[tuple[T, ...], BeforeValidator(_some)]
"""A list that is not empty."""
OneOrMore = Annotated[tuple[T, ...], BeforeValidator(_one_or_more)]
"""The same; one value may stand without the list."""


def read_text(value: Any) -> str:
    """Text that is not empty."""
    if isinstance(value, dict | list):
        kind = "a mapping; quote text that begins with {" if isinstance(value, dict) else "a list"
        raise complaint(f"write text here, not {kind}")
    if not value.strip():
        raise complaint("the value is missing")
    return str(value)


Text = Annotated[str, PlainValidator(read_text)]


def choice(what: str, values: Sequence[str]) -> Callable[[Any], str]:
    """A reader for one of ``values``."""

    def read(value: Any) -> str:
        text = read_text(value)
        if text in values:
            return text
        raise complaint(f"'{text}' is not {what}; {nearest(text, values)}")

    return read


def nearest(text: str, names: Sequence[str]) -> str:
    """Advice for a name that is none of ``names``: the nearest one, or all of them."""
    near = get_close_matches(text, names, n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else f"write one of: {', '.join(names)}"


_DURATION = re.compile(r"(\d{1,5}(?:\.\d{1,3})?) ?(ms|s)", re.ASCII)


def _duration(value: Any) -> float:
    text = read_text(value)
    match = _DURATION.fullmatch(text)
    if match is None:
        raise complaint(f"'{text}' is not a duration; write one such as 200ms or 2s")
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


Duration = Annotated[float, PlainValidator(_duration)]
"""Seconds, written ``200ms`` or ``2s``."""

_LOOSE = re.compile(r"([A-Za-z][A-Za-z0-9]{2})[-._^ ]?(\d+)(?:[-._^](\d+))?", re.ASCII)


def read_location(value: Any) -> Location:
    """An HL7 location such as PID-5.1, or a complaint with the one that was probably meant."""
    if isinstance(value, Location):
        return value
    text = read_text(value)
    try:
        return Location.parse(text)
    except LocationError:
        pass
    match = _LOOSE.fullmatch(text)
    if match is None:
        raise complaint(f"'{text}' is not an HL7 location; write one such as PID-22, PID-5.1 or RXA[2]-15")
    guess = f"{match[1].upper()}-{match[2]}" + (f".{match[3]}" if match[3] else "")
    raise complaint(f"'{text}' is not an HL7 location; did you mean '{guess}'?")


def looks_like_location(key: str) -> bool:
    """Whether a key was meant as a location rather than as a word of the case language."""
    return re.match(r"[A-Za-z][A-Za-z0-9]{2}([-._^\[ ]?\d|[-\[]|$)", key) is not None
