"""Rules about the fields of one dose that must go together, and about doses that a message reports twice.

What usage predicates and conformance statements already say (RXA-18 and RXA-20, 999 in RXA-6, 9999 in ORC-3) is not
said here again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mockiis.er7 import Location, Segment
from mockiis.profile.codes import CodeSets
from mockiis.profile.facts import NO_VACCINE, Dose, code_in, facts
from mockiis.profile.flaw import MOST, shown
from mockiis.profile.rule import Entry, Hit, fields, hit, told, value
from mockiis.profile.rules_codes import vaccine_of
from mockiis.profile.scene import Scene, at


def no_dose(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A message without a dose."""
    if not facts(scene).doses:
        yield Hit(_NO_DOSE, "a vaccination", "none")


def no_vaccine_given(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """RXA-20 says that a dose was given, RXA-5 that there was none (998)."""
    for dose in _not_given(scene):
        if dose.status in ("CP", "PA"):
            yield hit(dose.rxa, 20, f"NA, as RXA-5 is {NO_VACCINE}", dose.status)


def no_vaccine_refused(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A refusal of no vaccine (998)."""
    for dose in _not_given(scene):
        if dose.status == "RE" and dose.code == NO_VACCINE:
            yield hit(dose.rxa, 5, "the CVX code of the vaccine that was refused", NO_VACCINE, 1)


def reason_without_text(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """RXA-18 has the reason ``reason``, which needs words, and no words."""
    for dose in _not_given(scene):
        rxa = dose.rxa
        for number, text in enumerate(rxa.repetitions(18)[:MOST], 1):
            if rxa.matches(text, 1, entry["with"]["reason"]) and not rxa.part(text, 2).strip('" '):
                yield Hit(at(rxa, 18, 2, number if number > 1 else None), "the reason in words", "nothing")


def sent_for_no_dose(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A dose that was not given has a value at ``at`` (of RXA), which says something of a dose."""
    for dose in _not_given(scene):
        for _owner, field in fields(entry):
            found = value(dose.rxa, field)
            if found:
                yield hit(dose.rxa, field, "nothing, as no dose was given", found)


def route_of_no_dose(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A dose that was not given has an RXR."""
    for dose in _not_given(scene):
        if dose.order.rxr is not None:
            yield Hit(at(dose.order.rxr), "no RXR, as no dose was given", "an RXR")


def observed_in_vain(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """An observation of ``observations`` with a dose that is historical or was not given."""
    for dose in facts(scene).doses:
        if dose.kind in ("historical", "not given"):
            for code in entry["with"]["observations"]:
                for segment in dose.observed.get(code, ()):
                    yield hit(segment, 3, "nothing, as the sender gave no dose", code, 1)


def amount_absurd(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A dose of nothing, of less, or of more than ``most`` where RXA-7 is one of ``units``."""
    most, units = entry["with"]["most"], entry["with"]["units"]
    for dose in facts(scene).given:
        text = dose.rxa.raw(6)
        if text == "999" or not _NUMBER.fullmatch(text[:_DIGITS]):
            continue
        amount = float(text[:_DIGITS])
        if amount <= 0 or (amount > float(most) and dose.rxa.get(7, 1) in units):
            yield hit(dose.rxa, 6, f"more than 0, and up to {most} {units[0]}", text)


def amount_unknown(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A new dose of an unknown amount (999)."""
    for dose in facts(scene).new:
        if dose.rxa.raw(6) == "999":
            yield hit(dose.rxa, 6, "the amount that was given", "999")


def numbered_as_none(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A dose that was given, now or once, has the order number of one that was not (9999)."""
    for dose in facts(scene).doses:
        orc = dose.order.orc
        is_none = dose.status in ("RE", "NA") or dose.code == NO_VACCINE
        if orc is not None and not is_none and code_in(orc, 3) == _NO_NUMBER:
            yield hit(orc, 3, "a number of its own", _NO_NUMBER, 1)


def dose_twice(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """Two doses of the same vaccine on the same day."""
    given = facts(scene).given
    if len(given) < 2:
        return
    first: dict[tuple[str, tuple[int, ...]], Segment] = {}
    for dose in given:
        vaccine = vaccine_of(dose, codes)
        if dose.date is not None and vaccine:
            earlier = first.setdefault((vaccine, dose.date.parts[:3]), dose.rxa)
            if earlier is not dose.rxa:
                yield Hit(at(dose.rxa), "each dose once", f"the same vaccine and day as {at(earlier)}")


def number_twice(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """Two doses with the same order number and namespace in ORC-3."""
    doses = facts(scene).doses
    if len(doses) < 2:
        return
    first: dict[str, Segment] = {}
    for dose in doses:
        orc = dose.order.orc
        number = code_in(orc, 3) if orc is not None and dose.kind != "deleted" else ""
        if orc is not None and number not in ("", _NO_NUMBER):
            earlier = first.setdefault(orc.repetitions(3)[0].rstrip(orc.delimiters.component), orc)
            if earlier is not orc:
                yield Hit(at(orc, 3), f"another number than that of {at(earlier)}", shown(number))


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
_NO_NUMBER = "9999"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_DIGITS = 20
"""Characters of an amount that are read; what is longer is absurd anyway."""


def _not_given(scene: Scene) -> list[Dose]:
    return [dose for dose in facts(scene).doses if dose.kind == "not given"]
