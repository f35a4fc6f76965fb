"""Predicates and places of the data, compiled: where a value is looked up, and whether a condition holds.

A place in another segment means that of the same order group, else the message's first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockiis.er7 import NULL, Segment
from mockiis.profile.place import Place
from mockiis.profile.scene import Order, Scene
from mockiis.profile.specification import Condition, Default, Predicate

Test = Callable[[Segment | None, Order | None, Scene], bool]
"""Holds for this segment, in this order group, of this message?"""
HasCode = Callable[[str, str], bool]
"""Whether a table (name) has a code."""
Lookup = Callable[[Segment | None, Order | None, Scene], str]


def compiled(predicate: Predicate, has_code: HasCode, defaults: Mapping[Place, Default]) -> Test | None:
    """The test of a predicate; None for the empty one, which is always true."""
    if not predicate:
        return None
    tests = tuple(_condition(condition, has_code, defaults) for condition in predicate)
    if len(tests) == 1:
        return tests[0]

    def holds(segment: Segment | None, order: Order | None, scene: Scene) -> bool:
        for test in tests:  # noqa: SIM110  # asked too often for a generator
            if not test(segment, order, scene):
                return False
        return True

    return holds


def looked_at(predicate: Predicate, owner: str, defaults: Mapping[Place, Default]) -> frozenset[int] | None:
    """The fields of the segment ``owner`` that decide a predicate; None where another segment has a say."""
    found: set[int] = set()
    for place in (condition.place for condition in predicate):
        default = defaults.get(place)
        beside = looked_at(default.when, owner, {}) if default is not None else frozenset[int]()
        if place.owner != owner or beside is None:
            return None
        found |= beside | ({place.field} if place.field is not None else set())
    return frozenset(found)


def _condition(condition: Condition, has_code: HasCode, defaults: Mapping[Place, Default]) -> Test:
    value, values = lookup(condition.place, has_code, defaults), condition.values
    match condition.test:
        case "in":
            return lambda segment, order, scene: value(segment, order, scene) in values
        case "not in":
            return lambda segment, order, scene: value(segment, order, scene) not in values
        case "valued":
            return lambda segment, order, scene: value(segment, order, scene) != ""
        case "empty":
            return lambda segment, order, scene: value(segment, order, scene) == ""
        case "table":
            return lambda segment, order, scene: any(has_code(t, value(segment, order, scene)) for t in values)
        case "not in table":
            return lambda segment, order, scene: not any(has_code(t, value(segment, order, scene)) for t in values)


def lookup(place: Place, has_code: HasCode, defaults: Mapping[Place, Default]) -> Lookup:
    """What reads the value at a place: the first repetition unless the place names one."""
    owner, field, component, subcomponent = place.owner, place.field, place.component, place.subcomponent
    repetition = (place.repetition or 1) - 1

    def read(segment: Segment | None, order: Order | None, scene: Scene) -> str:
        own = segment is not None and segment.id == owner
        owning = segment if own else owner_of(owner, segment, order, scene)
        if owning is None:
            return ""
        if field is None:
            return owning.id
        if repetition == 0:
            text = owning.get(field, component, subcomponent)
        else:
            piece = owning.repetitions(field)[repetition : repetition + 1]
            text = owning.part(piece[0], component, subcomponent) if piece else ""
        return "" if text == NULL else text

    default = defaults.get(place)
    if default is None:
        return read
    when = compiled(default.when, has_code, {})
    return lambda segment, order, scene: (
        read(segment, order, scene) or (default.value if when is None or when(segment, order, scene) else "")
    )


def owner_of(owner: str, segment: Segment | None, order: Order | None, scene: Scene) -> Segment | None:
    """The segment that a place with this owner means here."""
    if segment is not None and segment.id == owner:
        return segment
    if order is not None:
        if owner == "RXA":
            return order.rxa
        if owner == "ORC":
            return order.orc
        if owner == "RXR":
            return order.rxr
        if owner == "OBX":
            return order.observations[0] if order.observations else None
    found = scene.by_id.get(owner)
    return found[0] if found else None
