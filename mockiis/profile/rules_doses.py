"""Rules about the fields of one dose that must go together, and about doses that a message reports twice.

What usage predicates and conformance statements already say (RXA-18 and RXA-20, 999 in RXA-6, 9999 in ORC-3) is not
said here again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mockiis.er7 import Location, Segment
from mockiis.profile.codes import CodeSets
from mockiis.profile.dates import parse
from mockiis.profile.flaw import shown
from mockiis.profile.rule import (
    REPETITIONS,
    Entry,
    Hit,
    doses,
    fields,
    hit,
    is_deleted,
    is_given,
    is_historical,
    is_new,
    is_not_given,
    told,
    value,
)
from mockiis.profile.rules_codes import vaccine_of
from mockiis.profile.scene import Scene, at


def sent_for_no_dose(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A dose that was not given has a value at ``at`` (of RXA), which says something of a dose."""
    for rxa in doses(scene, is_not_given):
        for _owner, field in fields(entry):
            found = value(rxa, field)
            if found:
                yield hit(rxa, field, "nothing, as no dose was given", found)


def route_of_no_dose(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A dose that was not given has an RXR."""
    for order in scene.orders:
        if order.rxr is not None and order.rxa is not None and is_not_given(order.rxa):
            yield Hit(at(order.rxr), "no RXR, as no dose was given", "an RXR")


def no_vaccine_given(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """RXA-20 says that a dose was given, RXA-5 that there was none (998)."""
    for rxa in doses(scene, lambda rxa: rxa.raw(20) in ("CP", "PA") and rxa.get(5, 1) == "998"):
        yield hit(rxa, 20, "NA, as RXA-5 is 998", rxa.raw(20))


def no_vaccine_refused(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A refusal of no vaccine (998)."""
    for rxa in doses(scene, lambda rxa: rxa.raw(20) == "RE" and rxa.get(5, 1) == "998"):
        yield hit(rxa, 5, "the CVX code of the vaccine that was refused", "998")


def reason_without_text(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """RXA-18 has the reason ``reason``, which needs words, and no words."""
    for rxa in doses(scene, lambda rxa: rxa.raw(18) != ""):
        for number, text in enumerate(rxa.repetitions(18)[:REPETITIONS], 1):
            if rxa.matches(text, 1, entry["with"]["reason"]) and not rxa.part(text, 2).strip('" '):
                repetition = number if number > 1 else None
                yield Hit(at(rxa, 18, 2, repetition), "the reason in words", "nothing")


def amount_absurd(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A dose of nothing, of less, or of more than ``most`` where RXA-7 is one of ``units``."""
    most, units = entry["with"]["most"], entry["with"]["units"]
    for rxa in doses(scene, is_given):
        text = rxa.get(6)
        if text == "999" or not _NUMBER.fullmatch(text[:_DIGITS]):
            continue
        amount = float(text[:_DIGITS])
        if amount <= 0 or (amount > float(most) and rxa.get(7, 1) in units):
            yield hit(rxa, 6, f"more than 0, and up to {most} {units[0]}", text)


def amount_unknown(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A new dose of an unknown amount (999)."""
    for rxa in doses(scene, is_new):
        if rxa.get(6) == "999":
            yield hit(rxa, 6, "the amount that was given", "999")


def numbered_as_none(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A dose that was given has the order number of one that was not (9999)."""
    for order in scene.orders:
        orc, rxa = order.orc, order.rxa
        if orc is not None and rxa is not None and orc.get(3, 1) == "9999" and not is_not_given(rxa):
            yield hit(orc, 3, "a number of its own", "9999", 1)


def observed_in_vain(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """An observation of ``observations`` with a dose that is historical or was not given."""
    for order in scene.orders:
        rxa = order.rxa
        if rxa is not None and order.observations and (is_historical(rxa) or is_not_given(rxa)):
            for segment in order.observations:
                code = segment.get(3, 1)
                if code in entry["with"]["observations"]:
                    yield hit(segment, 3, "nothing, as the sender gave no dose", code, 1)


def dose_twice(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """Two doses of the same vaccine on the same day."""
    if len(scene.orders) < 2:
        return
    first: dict[tuple[str, tuple[int, ...]], Segment] = {}
    for rxa in doses(scene, is_given):
        day = parse(rxa.get(3, 1))
        vaccine = vaccine_of(rxa, codes)
        if day is not None and vaccine:
            earlier = first.setdefault((vaccine, day.parts[:3]), rxa)
            if earlier is not rxa:
                yield Hit(at(rxa), "each dose once", f"the same vaccine and day as {at(earlier)}")


def number_twice(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """Two doses with the same order number and namespace in ORC-3."""
    if len(scene.orders) < 2:
        return
    first: dict[tuple[str, ...], Segment] = {}
    for order in scene.orders:
        orc, rxa = order.orc, order.rxa
        number = value(orc, 3, 1) if orc is not None else ""
        if orc is None or number in ("", "9999") or (rxa is not None and is_deleted(rxa)):
            continue
        earlier = first.setdefault((number, orc.get(3, 2), orc.get(3, 3)), orc)
        if earlier is not orc:
            yield Hit(at(orc, 3), f"another number than that of {at(earlier)}", shown(number))


def no_dose(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A message without a dose."""
    if not any(order.rxa for order in scene.orders):
        yield Hit(_NO_DOSE, "a vaccination", "none")


RULES = {
    check.__name__: told(check)
    for check in (
        amount_absurd,
        amount_unknown,
        dose_twice,
        no_dose,
        no_vaccine_given,
        no_vaccine_refused,
        number_twice,
        numbered_as_none,
        observed_in_vain,
        reason_without_text,
        route_of_no_dose,
        sent_for_no_dose,
    )
}

_NO_DOSE = Location(segment="RXA", occurrence=1)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_DIGITS = 20
"""Characters of an amount that are read; what is longer is absurd anyway."""
