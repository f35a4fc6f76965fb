"""A message arranged for judging: header, patient, order groups; and what a check found there, before its effect.

The order groups are those of the grammar: ORC (or an RXA without one) with what belongs to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from mockiis.er7 import Location, Message, Segment
from mockiis.profile.finding import Severity
from mockiis.profile.flaw import Flaw
from mockiis.profile.names import REPEATING


@dataclass(slots=True)
class Order:
    """One order group. ``number`` counts groups from 1; any segment may be missing."""

    number: int
    segments: list[Segment] = field(default_factory=list)
    orc: Segment | None = None
    rxa: Segment | None = None
    rxr: Segment | None = None
    observations: list[Segment] = field(default_factory=list)

    def add(self, segment: Segment) -> None:
        """Put a segment at its place; the first ORC, RXA and RXR count."""
        self.segments.append(segment)
        match segment.id:
            case "OBX":
                self.observations.append(segment)
            case "RXA":
                self.rxa = self.rxa or segment
            case "RXR":
                self.rxr = self.rxr or segment
            case "ORC":
                self.orc = self.orc or segment

    def observed(self, code: str) -> list[Segment]:
        """The OBX with this LOINC code in OBX-3.1."""
        return [segment for segment in self.observations if segment.get(3, 1) == code]

    def value(self, field_number: int, component: int | None = None) -> str:
        """A value of RXA; empty without one."""
        return self.rxa.get(field_number, component) if self.rxa else ""


@dataclass(slots=True, kw_only=True)
class Scene:
    """Everything a rule may look at. ``received`` (with zone) is now: rules about the future need it."""

    message: Message
    profile: str
    received: datetime
    pid: Segment | None = None
    orders: list[Order] = field(default_factory=list)
    by_id: Mapping[str, Sequence[Segment]]
    numbers: dict[Segment, int] = field(default_factory=dict)
    """Which of its name a segment is in its order group, or since the last PID."""
    facts: Any = None
    """What the rules have worked out about this message; see ``facts``."""
    header: Segment = field(init=False)
    """The MSH as it was sent."""
    groups: dict[Segment, Order] = field(default_factory=dict)
    """The order group of each segment that is in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What a check found: where and what, without its effect. ``kind`` is that of ``standard.Kind``, a statement's or
    a rule's id otherwise. ``severity`` None lets the effect decide.
    """

    location: Location | None
    kind: str
    code: str
    text: str
    application_code: str = ""
    expected: str = ""
    found: str = ""
    fix: str = ""
    severity: Severity | None = None
    statement: str = ""
    source: str = ""


def at(
    segment: Segment,
    field_number: int | None = None,
    component: int | None = None,
    repetition: int | None = None,
    subcomponent: int | None = None,
) -> Location:
    """The location of a field or component of this very segment, with the segment's number where it may repeat."""
    return _location(segment.id, segment.occurrence, field_number, repetition, component, subcomponent)


def fault_at(segment: Segment, field_number: int, flaw: Flaw) -> Fault:
    """The flaw as a fault of this very segment."""
    return Fault(
        location=_location(
            segment.id, segment.occurrence, field_number, flaw.repetition, flaw.component, flaw.subcomponent
        ),
        kind=flaw.kind,
        code=flaw.code,
        application_code=flaw.application_code,
        text=flaw.text,
        expected=flaw.expected,
        found=flaw.found,
        fix=flaw.fix,
        severity=flaw.severity,
        statement=flaw.statement,
        source=flaw.source,
    )


@lru_cache(maxsize=4096)
def _location(
    segment_id: str,
    occurrence: int,
    field_number: int | None,
    repetition: int | None,
    component: int | None,
    subcomponent: int | None,
) -> Location:
    """Made once for each place: most messages have the same faults."""
    return Location(
        segment=segment_id,
        occurrence=occurrence if segment_id in REPEATING or occurrence > 1 else None,
        field=field_number,
        repetition=repetition,
        component=component,
        subcomponent=subcomponent,
    )


def arranged(message: Message, profile: str, received: datetime) -> Scene:
    """The scene of a message: groups begin at ORC, or at an RXA that has no ORC before it."""
    scene = Scene(message=message, profile=profile, received=received, by_id=message.by_id)
    scene.header = message.header
    numbers, groups = scene.numbers, scene.groups
    order: Order | None = None
    counts: dict[str, int] = {}
    for segment in message.segments:
        name = segment.id
        if name == "PID":
            scene.pid = scene.pid or segment
            order, counts = None, {}
        elif name == "ORC" or (name == "RXA" and (order is None or order.rxa is not None)):
            order, counts = Order(len(scene.orders) + 1), {}
            scene.orders.append(order)
        if order is not None and name in _IN_ORDER:
            order.add(segment)
            groups[segment] = order
        numbers[segment] = counts[name] = counts.get(name, 0) + 1
    return scene


_IN_ORDER = frozenset({"ORC", "TQ1", "TQ2", "RXA", "RXR", "OBX", "NTE"})
