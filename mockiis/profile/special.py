"""Conformance statements that no data can express: each a function that says whether it is fulfilled."""

from __future__ import annotations

from mockiis.er7 import Segment
from mockiis.profile.scene import Order, Scene
from mockiis.profile.standard import Statement
from mockiis.profile.statements import Special


def vis_complete(_statement: Statement, _segment: Segment, order: Order | None, _scene: Scene) -> bool:
    """IZ-24: a statement that was shared is named by its document type, or by vaccine type and publication date.

    69764-9 with 29769-7, or 30956-7 with 29768-9 and 29769-7; the same OBX-4 holds them together.
    """
    if order is None:
        return True
    sets: dict[str, set[str]] = {}
    for segment in order.observations:
        sets.setdefault(segment.get(4), set()).add(segment.get(3, 1))
    return any({"69764-9", "29769-7"} <= codes or {"30956-7", "29768-9", "29769-7"} <= codes for codes in sets.values())


SPECIAL: dict[str, Special] = {
    "vis_complete": Special(vis_complete, "an OBX set that names the statement and its dates", "no such set"),
}
"""By the name that ``check:`` has in the data."""
