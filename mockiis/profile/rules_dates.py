"""Rules about dates: none in the future, and none before or after what must come first.

Dates are compared to the precision of the coarser one; a date that is none is the business of its data type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from mockiis.profile.dates import before, parse, years_earlier
from mockiis.profile.facts import Dose, Facts, Repetition, clock, date_in
from mockiis.profile.rule import (
    GIVEN,
    NOT_DELETED,
    Entry,
    Hit,
    hit,
    of_doses,
    of_messages,
    of_repetitions,
    value,
)


def in_future(one: Repetition, _entry: Entry, facts: Facts) -> Iterable[Hit]:
    """The date at ``at`` is later than now."""
    time = parse(one.parts[1]) if one.number is None else None
    if time is not None and before(facts.now, time):
        return [hit(one.segment, one.field, "not in the future", value(one.segment, one.field, 1))]
    return ()


def long_ago(one: Repetition, entry: Entry, facts: Facts) -> Iterable[Hit]:
    """The date at ``at`` is more than ``years`` ago."""
    now, years = facts.now, int(entry["with"]["years"])
    time = parse(one.parts[1]) if one.number is None else None
    if time is not None and time.year <= now.year - years and before(time, years_earlier(now, years)):
        return [hit(one.segment, one.field, f"not more than {years} years ago", value(one.segment, one.field, 1))]
    return ()


def dose_in_future(dose: Dose, _entry: Entry, facts: Facts) -> Iterable[Hit]:
    """RXA-3 is later than now."""
    if dose.date is not None and before(facts.now, dose.date):
        return [hit(dose.rxa, 3, "not in the future", value(dose.rxa, 3, 1))]
    return ()


def dose_long_ago(dose: Dose, entry: Entry, facts: Facts) -> Iterable[Hit]:
    """RXA-3 of a dose that was given is more than ``years`` ago."""
    now, time, years = facts.now, dose.date, int(entry["with"]["years"])
    if time is not None and time.year <= now.year - years and before(time, years_earlier(now, years)):
        return [hit(dose.rxa, 3, f"not more than {years} years ago", value(dose.rxa, 3, 1))]
    return ()


def observed_in_future(dose: Dose, entry: Entry, facts: Facts) -> Iterator[Hit]:
    """The date in OBX-5 of the observation ``observation`` is later than now."""
    for segment in dose.order.observed.get(entry["with"]["observation"], ()):
        time = date_in(segment, 5)
        if time is not None and before(facts.now, time):
            yield hit(segment, 5, "not in the future", value(segment, 5, 1))


def sent_in_future(facts: Facts, entry: Entry) -> Iterator[Hit]:
    """MSH-7 is more than ``hours`` later than now."""
    for header in facts.scene.by_id.get("MSH", ()):
        time = date_in(header, 7)
        if time is None or not before(facts.now, time):
            continue
        hours = int(entry["with"]["hours"])
        if before(clock(facts.scene.received + timedelta(hours=hours), time.zone), time):
            yield hit(header, 7, f"not more than {hours} hours after it is received", value(header, 7, 1))


def dose_before_birth(dose: Dose, _entry: Entry, facts: Facts) -> Iterable[Hit]:
    """RXA-3 is earlier than PID-7. With a birth date in the future, that one is wrong and not the doses."""
    born = facts.birth
    if born is not None and dose.date is not None and before(dose.date, born) and not before(facts.now, born):
        return [hit(dose.rxa, 3, "not before the birth date (PID-7)", value(dose.rxa, 3, 1))]
    return ()


def dose_after_death(dose: Dose, _entry: Entry, facts: Facts) -> Iterable[Hit]:
    """A dose was given later than PID-29. With a death before birth, that one is wrong and not the doses."""
    born, died = facts.birth, facts.death
    if died is None or dose.date is None or not before(died, dose.date):
        return ()
    if born is None or not before(died, born):
        return [hit(dose.rxa, 3, "not after the death date (PID-29)", value(dose.rxa, 3, 1))]
    return ()


def death_before_birth(facts: Facts, _entry: Entry) -> Iterator[Hit]:
    """PID-29 is earlier than PID-7."""
    for pid in facts.scene.by_id.get("PID", ()):
        death = date_in(pid, 29)
        birth = date_in(pid, 7) if death is not None else None
        if death is not None and birth is not None and before(death, birth):
            yield hit(pid, 29, "not before the birth date (PID-7)", value(pid, 29, 1))


def expired(dose: Dose, _entry: Entry, _facts: Facts) -> Iterable[Hit]:
    """A dose was given later than its lot expired (RXA-16)."""
    expiry = date_in(dose.rxa, 16)
    if expiry is not None and dose.date is not None and before(expiry, dose.date):
        return [hit(dose.rxa, 16, "not before the vaccination (RXA-3)", value(dose.rxa, 16, 1))]
    return ()


CHECKS = {
    **of_doses(NOT_DELETED, dose_before_birth, dose_in_future, observed_in_future),
    **of_doses(GIVEN, dose_after_death, dose_long_ago, expired),
    **of_repetitions(in_future, long_ago),
    **of_messages(death_before_birth, sent_in_future),
}
