"""A request as conditions see it: every place is read once, however many rules ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mockiis.er7 import Location, Message, Segment
from mockiis.message.request import Request

GROUPED = frozenset({"ORC", "RXA", "RXR", "OBX", "NTE"})
"""Segments of one order in a VXU or RSP: a condition on an RXA may ask for the others that belong to it."""


class Subject:
    """A request, or one segment of it with those that belong to it (``whole`` is then the request itself).

    ``state`` is that of the tracked key; whoever walks through the files sets it for each.
    """

    __slots__ = ("_parts", "_values", "message", "request", "state", "whole")

    def __init__(self, request: Request, message: Message | None = None, whole: Subject | None = None) -> None:
        self.request = request
        self.message = message or request.message
        self.state: str = whole.state if whole else ""
        self.whole = whole
        self._values: dict[str, Sequence[str]] = {}
        self._parts: dict[str, list[tuple[Segment, Subject]]] = {}

    def values(self, key: str, location: Location | None = None) -> Sequence[str]:
        """Every value that is not empty at a location, or of one of the words that a script knows."""
        if key == "state":
            return (self.state,)
        values = self._values.get(key)
        if values is None:
            values = self._values[key] = self._read(key, location)
        return values

    def located(self, location: Location) -> Sequence[str]:
        """Every value that is not empty at the location, in this part or else in the whole request."""
        found = self.values(str(location), location)
        return found or (self.whole.located(location) if self.whole else ())

    @property
    def now(self) -> datetime:
        """When the request was received."""
        return self.request.received

    def parts(self, segment_id: str) -> list[tuple[Segment, Subject]]:
        """Each segment of that name as a subject of its own. An RXA brings the rest of its order with it."""
        found = self._parts.get(segment_id)
        if found is None:
            found = self._parts[segment_id] = [
                (segment, Subject(self.request, group, self)) for segment, group in self._split(segment_id)
            ]
        return found

    def _split(self, segment_id: str) -> list[tuple[Segment, Message]]:
        if self.message is None:
            return []
        marks = self.message.delimiters
        if segment_id == "RXA":
            return [
                (segment, Message([part.text for part in order], None, delimiters=marks))
                for segment, order in orders(self.message)
            ]
        return [
            (segment, Message([segment.text], None, delimiters=marks)) for segment in self.message.named(segment_id)
        ]

    def _read(self, key: str, location: Location | None) -> Sequence[str]:
        message = self.message
        if location is not None:
            return message.filled(location) if message else ()
        match key:
            case "message":
                return message_types(message) if message else ()
            case "profile":
                return message.values("MSH-21.1") if message else ()
        value = str(getattr(self.request, key))
        return (value,) if value else ()


def orders(message: Message) -> list[tuple[Segment, list[Segment]]]:
    """Each RXA with the segments of its order: the ORC before it, and what follows up to the next order."""
    found: list[tuple[Segment, list[Segment]]] = []
    before: list[Segment] = []
    for segment in message.segments:
        if segment.id == "RXA":
            found.append((segment, [*before, segment]))
            before = []
        elif segment.id == "ORC":
            before = [segment]
        elif segment.id not in GROUPED:
            before = []
        elif found and not before:
            found[-1][1].append(segment)
    return found


def message_types(message: Message) -> list[str]:
    """MSH-9 by its first component, its first two, and whole, so that a rule may name as many as it cares for."""
    header = message.header
    first = header.repetitions(9)[0]
    parts = [header.part(first, number) for number in (1, 2, 3)]
    return ["^".join(parts[:count]) for count in (1, 2, 3) if parts[count - 1]]
