"""Rules about the fields of one dose that must go together, and about doses that a message reports twice.

What usage predicates and conformance statements already say (RXA-18 and RXA-20, 999 in RXA-6, 9999 in ORC-3) is not
said here again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mockiis.er7 import Location, Segment
from mockiis.profile.facts import NO_VACCINE, Dose, Facts, code_in
from mockiis.profile.flaw import MOST, shown
from mockiis.profile.rule import (
    EVERY,
    GIVEN,
    NEW,
    NOT_GIVEN,
    Entry,
    Hit,
    fields,
    hit,
    of_codes,
    of_doses,
    of_messages,
    value,
)
from mockiis.profile.rules_codes import vaccine_of
from mockiis.profile.scene import at


def no_dose(facts: Facts, _entry: Entry) -> Iterator[Hit]:
    """A message without a dose."""
    if not facts.doses:
        yield Hit(_NO_DOSE, "a vaccination", "none")


def no_vaccine_given(dose: Dose, _entry: Entry, _facts: Facts) -> Iterator[Hit]:
    """RXA-20 says that a dose was given, RXA-5 that there was none (998)."""
    if dose.said.status in ("CP", "PA"):
        yield hit(dose.rxa, 20, f"NA, as RXA-5 is {NO_VACCINE}", dose.said.status)


def no_vaccine_refused(dose: Dose, _entry: Entry, _facts: Facts) -> Iterator[Hit]:
    """A refusal of no vaccine (998)."""
    if dose.said.status == "RE" and dose.said.code == NO_VACCINE:
        yield hit(dose.rxa, 5, "the CVX code of the vaccine that was refused", NO_VACCINE, 1)


def reason_without_text(dose: Dose, entry: Entry, _facts: Facts) -> Iterator[Hit]:
    """RXA-18 has the reason ``reason``, which needs words, and no words."""
    rxa = dose.rxa
    for number, text in enumerate(rxa.repetitions(18)[:MOST], 1):
        if rxa.matches(text, 1, entry["with"]["reason"]) and not rxa.part(text, 2).strip('" '):
            yield Hit(at(rxa, 18, 2, number if number > 1 else None), "the reason in words", "nothing")


def sent_for_no_dose(dose: Dose, entry: Entry, _facts: Facts) -> Iterator[Hit]:
    """A dose that was not given has a value at ``at`` (of RXA), which says something of a dose."""
    for _owner, field in fields(entry):
        found = value(dose.rxa, field)
        if found:
            yield hit(dose.rxa, field, "nothing, as no dose was given", found)


def route_of_no_dose(dose: Dose, _entry: Entry, _facts: Facts) -> Iterable[Hit]:
    """A dose that was not given has an RXR."""
    if dose.order.rxr is not None:
        return [Hit(at(dose.order.rxr), "no RXR, as no dose was given", "an RXR")]
    return ()


def observed_in_vain(dose: Dose, entry: Entry, _facts: Facts) -> Iterator[Hit]:
    """An observation of ``observations`` with a dose that is historical or was not given."""
    for code in entry["with"]["observations"]:
        for segment in dose.order.observed.get(code, ()):
            yield hit(segment, 3, "nothing, as the sender gave no dose", code, 1)


def amount_absurd(dose: Dose, entry: Entry, _facts: Facts) -> Iterator[Hit]:
    """A dose of nothing, of less, or of more than ``most`` where RXA-7 is one of ``units``."""
    most, units = entry["with"]["most"], entry["with"]["units"]
    text = dose.rxa.raw(6)
    if text != "999" and _NUMBER.fullmatch(text[:_DIGITS]):
        amount = float(text[:_DIGITS])
        if amount <= 0 or (amount > float(most) and dose.rxa.get(7, 1) in units):
            yield hit(dose.rxa, 6, f"more than 0, and up to {most} {next(iter(units))}", text)


def amount_unknown(dose: Dose, _entry: Entry, _facts: Facts) -> Iterator[Hit]:
    """A new dose of an unknown amount (999)."""
    if dose.rxa.raw(6) == "999":
        yield hit(dose.rxa, 6, "the amount that was given", "999")


def numbered_as_none(dose: Dose, _entry: Entry, _facts: Facts) -> Iterable[Hit]:
    """A dose that was given, now or once, has the order number of one that was not (9999)."""
    orc = dose.order.orc
    if orc is None or code_in(orc, 3) != _NO_NUMBER or dose.said.status in ("RE", "NA"):
        return ()
    return [hit(orc, 3, "a number of its own", _NO_NUMBER, 1)] if dose.said.code != NO_VACCINE else ()


def dose_twice(facts: Facts, _entry: Entry) -> Iterator[Hit]:
    """Two doses of the same vaccine on the same day."""
    given = [(dose.date.parts[:3], dose) for dose in facts.doses if dose.date is not None and dose.said.kind in GIVEN]
    if len({day for day, _dose in given}) == len(given):
        return
    first: dict[tuple[str, tuple[int, ...]], Segment] = {}
    for day, dose in given:
        vaccine = vaccine_of(dose, facts.codes)
        if vaccine:
            earlier = first.setdefault((vaccine, day), dose.rxa)
            if earlier is not dose.rxa:
                yield Hit(at(dose.rxa), "each dose once", f"the same vaccine and day as {at(earlier)}")


def number_twice(facts: Facts, _entry: Entry) -> Iterator[Hit]:
    """Two doses with the same order number and namespace in ORC-3."""
    if len(facts.doses) < 2:
        return
    first: dict[str, Segment] = {}
    for dose in facts.doses:
        orc = dose.order.orc
        number = code_in(orc, 3) if orc is not None and dose.said.kind != "deleted" else ""
        if orc is not None and number not in ("", _NO_NUMBER):
            earlier = first.setdefault(orc.repetitions(3)[0].rstrip(orc.delimiters.component), orc)
            if earlier is not orc:
                yield Hit(at(orc, 3), f"another number than that of {at(earlier)}", shown(number))


CHECKS = {
    **of_codes(NOT_GIVEN, no_vaccine_given, no_vaccine_refused, reason_without_text),
    **of_codes(GIVEN, amount_absurd),
    **of_codes(NEW, amount_unknown),
    **of_doses(NOT_GIVEN, route_of_no_dose, sent_for_no_dose),
    **of_doses(("historical", *NOT_GIVEN), observed_in_vain),
    **of_doses(EVERY, numbered_as_none),
    **of_messages(dose_twice, no_dose, number_twice),
}

_NO_DOSE = Location(segment="RXA", occurrence=1)
_NO_NUMBER = "9999"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_DIGITS = 20
"""Characters of an amount that are read; what is longer is absurd anyway."""
