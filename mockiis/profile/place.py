"""Places that conditions and conformance statements point at: ``RXA-9[1].1``, ``XPN.7``, ``OBX``.

A ``Location`` says where something stands in one message; a place stands for all of them, and may be a data type.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


class PlaceError(ValueError):
    """The text names no place such as RXA-9[1].1, XPN.7, OBX or (inside a data type) 2.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in every message: ``owner`` is a segment, or a data type (``field`` is None, ``component`` is not).

    Inside types.yaml the owner is empty: the data type that the condition stands in. Numbers count from 1;
    a repetition of None means every one in statements, the first one in conditions.
    """

    owner: str
    field: int | None = None
    repetition: int | None = None
    component: int | None = None
    subcomponent: int | None = None

    @staticmethod
    def parse(text: str) -> Place:
        """Read ``RXA-9[1].1``, ``XPN_M.7``, ``OBX`` or ``2.1``. Raises PlaceError."""
        match = _IN_SEGMENT.fullmatch(text) or _IN_TYPE.fullmatch(text)
        if match is None:
            raise PlaceError(f"'{text}' is not a place; write one such as PID-22, RXA-9.1, RXA-9[1].1 or XPN.7")
        owner, *numbers = match.groups(default="")
        names = ("field", "repetition", "component", "subcomponent")[4 - len(numbers) :]
        given = {name: int(number) for name, number in zip(names, numbers, strict=True) if number}
        return Place(owner=owner, **given)

    @property
    def in_type(self) -> bool:
        """Whether it is a component of a data type, wherever that is used."""
        return self.field is None and self.component is not None

    def __str__(self) -> str:
        text = self.owner + (f"-{self.field}" if self.field else "")
        text += f"[{self.repetition}]" if self.repetition else ""
        text += f".{self.component}" if self.component else ""
        return (text + (f".{self.subcomponent}" if self.subcomponent else "")).lstrip(".")


_N = "([1-9][0-9]{0,2})"
_IN_SEGMENT = re.compile(rf"([A-Z][A-Z0-9]{{2}})(?:-{_N}(?:\[{_N}\])?(?:\.{_N}(?:\.{_N})?)?)?")
_IN_TYPE = re.compile(rf"(?:([A-Z][A-Z0-9]{{1,2}}(?:_[A-Z]+)?)\.)?{_N}(?:\.{_N})?")
