"""Locations as the guides print them: ``PID-5[2].1``, ``RXA[2]-3``, ``PID-3[5=MR].1``, ``OBX[3.1=64994-7]-5.1``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_LOCATION = re.compile(
    r"(?P<segment>[A-Z][A-Z0-9]{2})"
    r"(?:\[(?:(?P<occurrence>[1-9]\d{0,5})|(?P<key_field>[1-9]\d{0,5})(?:\.(?P<key_part>[1-9]\d{0,5}))?=(?P<key_value>[^\]]*))\])?"
    r"(?:-(?P<field>[1-9]\d{0,5})"
    r"(?:\[(?:(?P<repetition>[1-9]\d{0,5})|(?P<rep_component>[1-9]\d{0,5})=(?P<rep_value>[^\]]*))\])?"
    r"(?:\.(?P<component>[1-9]\d{0,5})(?:\.(?P<subcomponent>[1-9]\d{0,5}))?)?)?"
)


class LocationError(ValueError):
    """The text is not a location such as PID-5.1, PID-3[5=MR].1, RXA[2]-3 or OBX[3.1=64994-7]-5.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where something stands in a message. Every number counts from 1, as in the standard; None means any.

    ``occurrence`` counts segments of that name over the whole message; ``key`` picks segments by the value of
    one of their components, ``repetition_key`` picks repetitions of the field the same way.
    """

    segment: str
    occurrence: int | None = None
    key: tuple[int, int, str] | None = None
    field: int | None = None
    repetition: int | None = None
    repetition_key: tuple[int, str] | None = None
    component: int | None = None
    subcomponent: int | None = None

    @staticmethod
    @lru_cache(maxsize=4096)
    def parse(text: str) -> Location:
        """Read a location such as ``PID-3[5=MR].1``. Raises LocationError."""
        match = _LOCATION.fullmatch(text)
        if match is None:
            raise LocationError(
                f"'{text}' is not a location; write one such as PID-7, PID-5.1, PID-3[5=MR].1, RXA[2]-3"
                " or OBX[3.1=64994-7]-5.1"
            )
        part = match.groupdict()
        key = rep = None
        if part["key_field"]:
            key = (int(part["key_field"]), int(part["key_part"] or 1), part["key_value"])
        if part["rep_component"]:
            rep = (int(part["rep_component"]), part["rep_value"])
        return Location(
            segment=part["segment"],
            key=key,
            repetition_key=rep,
            **{
                name: int(part[name])
                for name in ("occurrence", "field", "repetition", "component", "subcomponent")
                if part[name]
            },
        )

    @staticmethod
    def from_erl(text: str) -> Location:
        """Read ERR-2 (data type ERL): ``PID^1^5^1^2``, and the two-part form ``PID^22`` that NDIIS prints.

        ERL is segment, sequence, field, repetition, component, subcomponent. With two parts only, a number is
        taken as the field, since no sender reports the 22nd PID. Raises LocationError.
        """
        parts = text.rstrip("^").split("^")
        numbers = parts[1:]
        if not re.fullmatch("[A-Z][A-Z0-9]{2}", parts[0]) or not all(re.fullmatch(r"\d{0,6}", n) for n in numbers):
            raise LocationError(f"'{text}' is not an error location; one is written as PID^1^5^1^2")
        if len(numbers) == 1 and parts[0] not in _REPEATING:
            numbers = ["", *numbers]
        names = ("occurrence", "field", "repetition", "component", "subcomponent")
        return Location(
            segment=parts[0], **{name: int(n) for name, n in zip(names, numbers, strict=False) if n.strip("0")}
        )

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
        elif self.key is not None:
            text += "[{}.{}={}]".format(*self.key)
        if self.field is None:
            return text
        text += f"-{self.field}"
        if self.repetition is not None:
            text += f"[{self.repetition}]"
        elif self.repetition_key is not None:
            text += "[{}={}]".format(*self.repetition_key)
        if self.component is not None:
            text += f".{self.component}"
        if self.subcomponent is not None:
            text += f".{self.subcomponent}"
        return text


_REPEATING = frozenset({"ERR", "NK1", "NTE", "OBX", "ORC", "RXA", "RXR"})
"""Segments that may repeat, so that ``RXA^2`` means the second RXA and not its second field."""
