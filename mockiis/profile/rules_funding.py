"""Rules about the money: eligibility and funding source of new doses, and vaccine that is borrowed between stocks.

Which observations are required, and which codes count, is in the entries: registries differ in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockiis.er7 import Segment
from mockiis.profile.codes import CodeSets
from mockiis.profile.rule import Entry, Hit, hit, is_new, told, value
from mockiis.profile.scene import Order, Scene, at


def not_observed(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A new dose has no OBX of ``observation`` that has a value."""
    code = entry["with"]["observation"]
    for order, rxa in _new(scene):
        if not any(value(segment, 5, 1) for segment in order.observed(code)):
            yield Hit(at(rxa), f"an OBX with {code} in OBX-3 and a value", "none")


def not_accepted(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """The ``observation`` of a new dose has a code that is none of ``accepted``."""
    accepted = entry["with"]["accepted"]
    for order, _rxa in _new(scene):
        for segment in order.observed(entry["with"]["observation"]):
            code = value(segment, 5, 1)
            if code and code not in accepted:
                yield hit(segment, 5, " or ".join(accepted), code, 1)


def taken_for_now(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """The ``observation`` of a new dose has one of ``codes``, which the registry takes and does not list."""
    for order, _rxa in _new(scene):
        for segment in order.observed(entry["with"]["observation"]):
            code = value(segment, 5, 1)
            if code in entry["with"]["codes"]:
                yield hit(segment, 5, " or ".join(entry["with"]["listed"]), code, 1)


def borrowed(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A new dose from a stock (``funding``) that is not for patients of this ``eligibility``."""
    given = entry["with"]
    for order, _rxa in _new(scene):
        for segment in order.observed(_FUNDING):
            eligibility = {value(one, 5, 1) for one in order.observed(_ELIGIBILITY)}
            if value(segment, 5, 1) in given["funding"] and eligibility.intersection(given["eligibility"]):
                yield hit(segment, 5, given["expected"], value(segment, 5, 1), 1)


RULES = {check.__name__: told(check) for check in (borrowed, not_accepted, not_observed, taken_for_now)}

_ELIGIBILITY = "64994-7"
_FUNDING = "30963-3"


def _new(scene: Scene) -> Iterator[tuple[Order, Segment]]:
    return ((order, order.rxa) for order in scene.orders if order.rxa is not None and is_new(order.rxa))
