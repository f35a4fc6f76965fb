"""Locations in words, as findings and reports show them: "Patient address - city (PID-11.3)".

The names are in ``data/names.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from mockiis.er7 import REPEATING, Location
from mockiis.profile.data import read


def in_words(location: Location | None) -> str:
    """What stands there and where: ``Vaccine 2: lot number (RXA[2]-15)``; None is the whole message.

    A place that has no name is shown as the location alone.
    """
    if location is None:
        return "Whole message"
    segments = _names()["segments"]
    entry = segments.get(location.segment)
    if entry is None:
        return str(location)
    words = _segment_words(entry, location)
    if location.field is None:
        return f"{words} ({_shown(location)})"
    field = entry["fields"].get(str(location.field))
    if field is None:
        return f"{words} ({_shown(location)})"
    name, data_type = (field, "") if isinstance(field, str) else field
    separator = ": " if ":" not in words and words[-1].isdigit() else " "
    words += f"{separator}{name}"
    if location.repetition and location.repetition > 1:
        words += f" {location.repetition}"
    component = _names()["types"].get(data_type, {}).get(str(location.component))
    if component:
        words += f" - {component}"
    return f"{words} ({_shown(location)})"


def segment_in_words(segment: str) -> str:
    """``Patient`` for PID; empty for a segment that has no name."""
    return str(_names()["segments"].get(segment, {}).get("name", ""))


def field_in_words(segment: str, field: int) -> tuple[str, Mapping[str, str]]:
    """``birth date`` for PID-7, and what its components are called, by number; empty where there are no names."""
    found = _names()["segments"].get(segment, {}).get("fields", {}).get(str(field), "")
    name, data_type = (found, "") if isinstance(found, str) else found
    return name, _names()["types"].get(data_type, {})


def _segment_words(entry: dict[str, Any], location: Location) -> str:
    number = location.occurrence or 1
    repeats = location.segment in REPEATING and location.occurrence is not None
    if repeats or number > 1:
        return f"{entry['name']} {number}"
    return str(entry["name"])


def _shown(location: Location) -> str:
    """The location as the guides print it; PID[1] is PID, a first repetition keeps no number."""
    if location.occurrence == 1 and location.segment not in REPEATING:
        location = replace(location, occurrence=None)
    return str(replace(location, repetition=None) if location.repetition == 1 else location)


@cache
def _names() -> dict[str, Any]:
    return dict(read("names"))
