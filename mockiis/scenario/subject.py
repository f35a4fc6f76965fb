"""A request as conditions see it: every place is read once, however many rules ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mockiis.er7 import Location, Message, Segment
from mockiis.message.request import Request

GROUPED = frozenset({"ORC", "RXA", "RXR", "OBX", "NTE"})
"""Segments of one order in a VXU or RSP: a condition on an RXA may ask for the others that belong to it."""
_OF_PATIENT = frozenset({"MSH", "PID", "PD1", "NK1", "PV1", "PV2", "GT1", "IN1", "IN2", "IN3"})
"""What ends an order; a segment of one's own (Z..) or of timing does not."""


class Subject:
    """A request, or one segment of it with those that belong to it (``whole`` is then the request itself).

    ``state`` is that of the tracked key, for its segments too; whoever walks through the files sets it for each.
    """

    __slots__ = ("_parts", "_state", "_values", "message", "request", "whole")

    def __init__(self, request: Request, message: Message | None = None, whole: Subject | None = None) -> None:
        self.request = request
        self.message = request.message if message is None else message
        self.whole = whole
        self._state = ""
        self._values: dict[str, Sequence[str]] = {}
        self._parts: dict[str, list[Part]] = {}

    @property
    def state(self) -> str:
        """The state of the tracked key in the file that is being tried."""
        return self.whole.state if self.whole else self._state

    @state.setter
    def state(self, state: str) -> None:
        self._state = state

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

    def parts(self, segment_id: str) -> list[Part]:
        """Each segment of that name as a subject of its own. An RXA brings the rest of its order with it."""
        found = self._parts.get(segment_id)
        if found is None:
            found = self._parts[segment_id] = self._split(segment_id)
        return found

    def _split(self, segment_id: str) -> list[Part]:
        message = self.message
        if message is None:
            return []
        groups = orders(message) if segment_id == "RXA" else [(each, [each]) for each in message.named(segment_id)]
        return [self._part(segment, group, message) for segment, group in groups]

    def _part(self, segment: Segment, group: Sequence[Segment], message: Message) -> Part:
        alone = Message([each.text for each in group], None, delimiters=message.delimiters)
        numbers = {each.id: each.occurrence for each in reversed(group)}
        return Part(segment=segment, message=alone, numbers=numbers, subject=Subject(self.request, alone, self))

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One segment of a request with those of its order, as a message and as a subject.

    ``numbers`` has for each name the first segment's number in the whole request.
    """

    segment: Segment
    message: Message
    numbers: Mapping[str, int]
    subject: Subject


def orders(message: Message) -> list[tuple[Segment, list[Segment]]]:
    """Each RXA with the segments of its order: the ORC before it, and what follows up to the next order."""
    found: list[tuple[Segment, list[Segment]]] = []
    before: list[Segment] = []
    order: list[Segment] | None = None
    for segment in message.segments:
        if segment.id == "RXA":
            order = [*before, segment]
            found.append((segment, order))
            before = []
        elif segment.id == "ORC":
            before, order = [segment], None
        elif segment.id in _OF_PATIENT:
            before, order = [], None
        elif segment.id in GROUPED and order is not None:
            order.append(segment)
    return found


def message_types(message: Message) -> list[str]:
    """MSH-9 by its first component, its first two, and whole, so that a rule may name as many as it cares for."""
    header = message.header
    first = header.repetitions(9)[0]
    parts = [header.part(first, number) for number in (1, 2, 3)]
    return ["^".join(parts[:count]) for count in (1, 2, 3) if parts[count - 1]]
