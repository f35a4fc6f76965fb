"""What conformance statements ask for, as checks of one segment: places that are not as asked, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mockiis.er7 import NULL, Location, Segment
from mockiis.profile.dates import before, parse
from mockiis.profile.flaw import MOST, shown
from mockiis.profile.place import Place
from mockiis.profile.predicate import Lookup
from mockiis.profile.scene import Order, Scene, at
from mockiis.profile.specification import Must

Broken = Sequence[tuple[Location, str]]
"""Places in a segment that are not as asked, each with what was found."""
Check = Callable[[Segment, Order | None, Scene], Broken]


def _values(segment: Segment, place: Place) -> Sequence[tuple[int, str]]:
    """The values there that are not empty, each with the number of its repetition."""
    text = segment.raw(place.field) if place.field is not None else ""
    if not text:
        return ()
    if place.component is None and place.repetition is None and text.isalnum():
        return ((1, text),)
    found = []
    for number, text in enumerate(segment.repetitions(place.field or 0)[:MOST], 1):
        if place.repetition in (None, number):
            value = segment.part(text, place.component, place.subcomponent)
            if value and value != NULL:
                found.append((number, value))
    return found


def location(segment: Segment, place: Place, number: int = 1) -> Location:
    """The place in this segment, in that repetition."""
    return at(segment, place.field, place.component, number if number > 1 else None, place.subcomponent)


def each_value(place: Place, holds: Callable[[str], bool]) -> Check:
    """Every value there is as ``holds`` has it."""

    def check(segment: Segment, _order: Order | None, _scene: Scene) -> Broken:
        found = _values(segment, place)
        return [(location(segment, place, number), shown(value)) for number, value in found if not holds(value)]

    return check


def as_sent(place: Place, holds: Callable[[str], bool]) -> Check:
    """The field of the header is as ``holds`` has it, before the message is put into the standard characters."""

    def check(_segment: Segment, _order: Order | None, scene: Scene) -> Broken:
        text = scene.header.raw(place.field or 1)
        if not text or text == NULL or holds(text):
            return ()
        return [(location(scene.header, place), shown(text))]

    return check


def _valued(_must: Must, place: Place) -> Check:
    def check(segment: Segment, _order: Order | None, _scene: Scene) -> Broken:
        return () if _values(segment, place) else [(location(segment, place), "")]

    return check


def _present(_must: Must, place: Place) -> Check:
    """Checked at the MSH, since a segment that is missing cannot ask for itself."""

    def check(_segment: Segment, _order: Order | None, scene: Scene) -> Broken:
        return () if place.owner in scene.by_id else [(Location(segment=place.owner), "")]

    return check


def _observed(must: Must, _place: Place) -> Check:
    wanted = frozenset(must.values)

    def check(segment: Segment, order: Order | None, _scene: Scene) -> Broken:
        if order is None or not wanted.isdisjoint(order.observed):
            return ()
        return [(at(order.rxa or segment), "no such OBX")]

    return check


def same_as(place: Place, other: Lookup) -> Check:
    """Every value there is the one that ``other`` finds."""

    def check(segment: Segment, order: Order | None, scene: Scene) -> Broken:
        found = _values(segment, place)
        if not found:
            return ()
        wanted = other(segment, order, scene)
        return [
            (location(segment, place, number), shown(value)) for number, value in found if not _equal(value, wanted)
        ]

    return check


def _equal(one: str, two: str) -> bool:
    """The same text, or the same time to the precision of the coarser."""
    first, second = (None, None) if one == two else (parse(one), parse(two))
    if first is None or second is None:
        return one == two
    return not before(first, second) and not before(second, first)


def _sequential(must: Must, place: Place) -> Check:
    """Through the message, or from 1 again in each group: at an ORC, or at a PID."""
    through = "message" in must.values
    again = set(must.values) != {"message"}

    def check(segment: Segment, _order: Order | None, scene: Scene) -> Broken:
        allowed = (again and str(scene.numbers[segment]), through and str(segment.occurrence))
        if segment.raw(place.field or 1) in allowed:
            return ()
        value = segment.get(place.field or 1)
        return () if value in allowed or not value else [(at(segment, place.field), shown(value))]

    return check


def _some_repetition(must: Must, place: Place) -> Check:
    """One repetition begins with these components; none at all is the business of the field's usage."""
    wanted = must.values[0]

    def check(segment: Segment, _order: Order | None, _scene: Scene) -> Broken:
        texts = segment.repetitions(place.field or 1)[:MOST]
        if texts == [""] or any(text == wanted or text.startswith(f"{wanted}^") for text in texts):
            return ()
        return [(at(segment, place.field), shown(texts[0]))]

    return check


STRUCTURAL: Mapping[str, Callable[[Must, Place], Check]] = {
    "observation": _observed,
    "present": _present,
    "sequential": _sequential,
    "some_repetition": _some_repetition,
    "valued": _valued,
}
"""By kind: those that look at more than the text of a field, or at one that may be empty."""
