"""Locations as the guides print them: ``PID-5[2].1``, ``RXA[2]-3``, ``PID-3[5=MR].1``, ``OBX[3.1=64994-7]-5.1``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_SEGMENT = "[A-Z][A-Z0-9]{2}"
_NUMBER = "[1-9][0-9]{0,5}"
_LOCATION = re.compile(
    rf"(?P<segment>{_SEGMENT})"
    rf"(?:\[(?:(?P<occurrence>{_NUMBER})"
    rf"|(?P<key_field>{_NUMBER})(?:\.(?P<key_component>{_NUMBER}))?=(?P<key_value>[^\]]*))\])?"
    rf"(?:-(?P<field>{_NUMBER})"
    rf"(?:\[(?:(?P<repetition>{_NUMBER})|(?P<repetition_component>{_NUMBER})=(?P<repetition_value>[^\]]*))\])?"
    rf"(?:\.(?P<component>{_NUMBER})(?:\.(?P<subcomponent>{_NUMBER}))?)?)?"
)
_ERL = re.compile(rf"{_SEGMENT}(?:\^[0-9]{{0,6}}){{0,5}}\^*")
_NUMBERS = ("occurrence", "field", "repetition", "component", "subcomponent")
_ADVICE = "write one such as PID-7, PID-5.1, PID-3[5=MR].1, RXA[2]-3 or OBX[3.1=64994-7]-5.1"


class LocationError(ValueError):
    """The text is not a location such as PID-5.1, PID-3[5=MR].1, RXA[2]-3 or OBX[3.1=64994-7]-5.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where something stands in a message. Every number counts from 1, as in the standard; None means any.

    ``occurrence`` counts segments of that name over the whole message; ``key`` (field, component, value) picks
    segments by the value of one of their components, ``repetition_key`` (component, value) picks repetitions of
    the field the same way. One that could not be printed and read back, such as a component without a field or
    field 0, raises LocationError.
    """

    segment: str
    occurrence: int | None = None
    key: tuple[int, int, str] | None = None
    field: int | None = None
    repetition: int | None = None
    repetition_key: tuple[int, str] | None = None
    component: int | None = None
    subcomponent: int | None = None

    def __post_init__(self) -> None:
        if not _LOCATION.fullmatch(str(self)):
            raise LocationError(f"'{self}' is not a location; {_ADVICE}")

    @staticmethod
    @lru_cache(maxsize=4096)
    def parse(text: str) -> Location:
        """Read a location such as ``PID-3[5=MR].1``. Raises LocationError."""
        match = _LOCATION.fullmatch(text)
        if match is None:
            raise LocationError(f"'{text}' is not a location; {_ADVICE}")
        part = match.groupdict()
        key = repetition_key = None
        if part["key_field"]:
            key = (int(part["key_field"]), int(part["key_component"] or 1), part["key_value"])
        if part["repetition_component"]:
            repetition_key = (int(part["repetition_component"]), part["repetition_value"])
        numbers = _given((name, part[name]) for name in _NUMBERS)
        return Location(segment=part["segment"], key=key, repetition_key=repetition_key, **numbers)

    @staticmethod
    def from_erl(text: str) -> Location:
        """Read ERR-2 (data type ERL): ``PID^1^5^1^2``, and the two-part form ``PID^22`` that NDIIS prints.

        ERL is segment, sequence, field, repetition, component, subcomponent. With two parts only, a number above
        1 is taken as the field, since no sender reports the 22nd PID. Raises LocationError.
        """
        segment, *numbers = text.rstrip("^").split("^")
        if len(numbers) == 1 and numbers != ["1"] and segment not in REPEATING:
            numbers = ["", *numbers]
        if _ERL.fullmatch(text):
            with suppress(LocationError):
                return Location(segment=segment, **_given(zip(_NUMBERS, numbers, strict=False)))
        raise LocationError(f"'{text}' is not an error location; one is written as PID^1^5^1^2")

    def erl(self) -> str:
        """The location as ERR-2: ``PID^1^5^1^2``. Unknown sequence and repetition are 1, as the guide says."""
        parts: list[int | None] = [self.field, self.repetition, self.component, self.subcomponent]
        while parts and parts[-1] is None:
            parts.pop()
        return "^".join([self.segment, str(self.occurrence or 1), *(str(part or 1) for part in parts)])

    def __str__(self) -> str:
        text = self.segment
        if self.occurrence is not None:
            text += f"[{self.occurrence}]"
        if self.key is not None:
            text += "[{}.{}={}]".format(*self.key)
        if (self.field, self.repetition, self.repetition_key) != (None, None, None):
            text += "-" if self.field is None else f"-{self.field}"
        if self.repetition is not None:
            text += f"[{self.repetition}]"
        if self.repetition_key is not None:
            text += "[{}={}]".format(*self.repetition_key)
        if self.component is not None:
            text += f".{self.component}"
        if self.subcomponent is not None:
            text += f".{self.subcomponent}" if self.component is not None else f"..{self.subcomponent}"
        return text


def _given(numbers: Iterable[tuple[str, str | None]]) -> dict[str, Any]:
    """Those that are there, as arguments; 0 counts as absent, as peers write it."""
    return {name: int(number) for name, number in numbers if number and number.strip("0")}


REPEATING = frozenset(
    {"NK1", "ORC", "TQ1", "TQ2", "RXA", "RXR", "OBX", "NTE", "ERR", "GT1", "IN1", "IN2", "IN3", "SFT"}
)
"""Segments that may repeat, so that ``RXA^2`` means the second RXA and not its second field, and so that findings
always name the segment's number; of others they name it only from the second on."""
