"""Conformance statements that no data can express: each a function that says whether it is fulfilled."""

from __future__ import annotations

from mockiis.er7 import Segment
from mockiis.profile.scene import Order, Scene
from mockiis.profile.specification import Statement
from mockiis.profile.statements import Special


def vis_complete(_statement: Statement, _segment: Segment, order: Order | None, _scene: Scene) -> bool:
    """IZ-24: a statement that was shared is named by its document type, or by vaccine type and publication date.

    69764-9 with 29769-7, or 30956-7 with 29768-9 and 29769-7; the same OBX-4 holds them together.
    """
    if order is None:
        return True
    presented = _sets(order, "29769-7")
    if presented & _sets(order, "69764-9"):
        return True
    return bool(presented & _sets(order, "29768-9") & _sets(order, "30956-7"))


def _sets(order: Order, code: str) -> set[str]:
    """The OBX-4 of the observations with this code."""
    return {segment.get(4) for segment in order.observed.get(code, ())}


SPECIAL: dict[str, Special] = {
    "vis_complete": Special(vis_complete, "an OBX set that names the statement and its dates", "no such set"),
}
"""By the name that ``check:`` has in the data."""
