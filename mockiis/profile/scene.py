"""A message arranged for judging: header, patient, order groups; and what a check found there, before its effect.

The order groups are those of the grammar: ORC (or an RXA without one) with what belongs to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from mockiis.er7 import REPEATING, Location, Message, Segment
from mockiis.profile.finding import Severity
from mockiis.profile.flaw import Flaw


@dataclass(slots=True)
class Order:
    """One order group. ``number`` counts groups from 1; any segment may be missing. ``observed`` has the OBX by their
    LOINC code (OBX-3.1).
    """

    number: int
    orc: Segment | None = None
    rxa: Segment | None = None
    rxr: Segment | None = None
    observations: list[Segment] = field(default_factory=list)
    observed: dict[str, list[Segment]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Scene:
    """Everything a rule may look at. ``received`` (with zone) is now: rules about the future need it."""

    message: Message
    profile: str
    received: datetime
    pid: Segment | None = None
    orders: list[Order] = field(default_factory=list)
    by_id: Mapping[str, Sequence[Segment]]
    header: Segment
    """The MSH as it was sent."""
    numbers: dict[Segment, int] = field(default_factory=dict)
    """Which of its name a segment is in its order group, or since the last PID."""
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
    scene = Scene(message=message, profile=profile, received=received, by_id=message.by_id, header=message.header)
    numbers, groups, orders = scene.numbers, scene.groups, scene.orders
    order: Order | None = None
    counts: dict[str, int] = {}
    for segment in message.segments:
        name = segment.id
        if name == "PID":
            scene.pid = scene.pid or segment
            order, counts = None, {}
        elif name == "ORC" or (name == "RXA" and (order is None or order.rxa is not None)):
            order, counts = Order(len(orders) + 1), {}
            orders.append(order)
        if order is not None and name in _IN_ORDER:
            groups[segment] = order
            _put(order, name, segment)
        numbers[segment] = counts[name] = counts.get(name, 0) + 1
    return scene


def _put(order: Order, name: str, segment: Segment) -> None:
    """Put a segment at its place; the first ORC, RXA and RXR count."""
    if name == "OBX":
        text = segment.raw(3)
        code = segment.get(3, 1) if "\\" in text or "~" in text else text.partition("^")[0]
        order.observations.append(segment)
        order.observed.setdefault(code, []).append(segment)
    elif name == "RXA":
        order.rxa = order.rxa or segment
    elif name == "RXR":
        order.rxr = order.rxr or segment
    elif name == "ORC":
        order.orc = order.orc or segment


_IN_ORDER = frozenset({"ORC", "TQ1", "TQ2", "RXA", "RXR", "OBX", "NTE"})
