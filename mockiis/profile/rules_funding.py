"""Rules about the money: eligibility and funding source of new doses, and vaccine that is borrowed between stocks.

That a new dose has them, and which codes count, is said by statements and tables, which differ from registry to
registry.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockiis.er7 import Segment
from mockiis.profile.codes import CodeSets
from mockiis.profile.rule import Entry, Hit, hit, is_new, told, value
from mockiis.profile.scene import Order, Scene


def observed_without_value(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """An ``observation`` of a new dose has no code, which is as good as none."""
    for order, _rxa in _new(scene):
        for segment in order.observed(entry["with"]["observation"]):
            if not value(segment, 5, 1):
                yield hit(segment, 5, "a code", value(segment, 5) or "nothing")


def borrowed(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A new dose from a stock (``funding``) that is not for patients of this ``eligibility``."""
    given = entry["with"]
    for order, _rxa in _new(scene):
        for segment in order.observed(_FUNDING):
            eligibility = {value(one, 5, 1) for one in order.observed(_ELIGIBILITY)}
            if value(segment, 5, 1) in given["funding"] and eligibility.intersection(given["eligibility"]):
                yield hit(segment, 5, given["expected"], value(segment, 5, 1), 1)


RULES = {check.__name__: told(check) for check in (borrowed, observed_without_value)}

_ELIGIBILITY = "64994-7"
_FUNDING = "30963-3"


def _new(scene: Scene) -> Iterator[tuple[Order, Segment]]:
    return ((order, order.rxa) for order in scene.orders if order.rxa is not None and is_new(order.rxa))
