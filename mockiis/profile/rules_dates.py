"""Rules about dates: none in the future, and none before or after what must come first.

Dates are compared to the precision of the coarser one; a date that is none is the business of its data type.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from mockiis.profile.codes import CodeSets
from mockiis.profile.dates import before, years_earlier
from mockiis.profile.facts import clock, date_in, facts
from mockiis.profile.rule import Entry, Hit, hit, told, value, valued
from mockiis.profile.scene import Scene


def in_future(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """The date at ``at`` is later than now."""
    now = facts(scene).now
    for segment, field in valued(scene, entry):
        time = date_in(segment, field)
        if time is not None and before(now, time):
            yield hit(segment, field, "not in the future", value(segment, field, 1))


def long_ago(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """The date at ``at`` is more than ``years`` ago."""
    now, years = facts(scene).now, int(entry["with"]["years"])
    for segment, field in valued(scene, entry):
        time = date_in(segment, field)
        if time is not None and time.year <= now.year - years and before(time, years_earlier(now, years)):
            yield hit(segment, field, f"not more than {years} years ago", value(segment, field, 1))


def dose_in_future(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """RXA-3 is later than now."""
    known = facts(scene)
    for dose in known.doses:
        if dose.date is not None and dose.kind != "deleted" and before(known.now, dose.date):
            yield hit(dose.rxa, 3, "not in the future", value(dose.rxa, 3, 1))


def dose_long_ago(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """RXA-3 of a dose that was given is more than ``years`` ago."""
    known, years = facts(scene), int(entry["with"]["years"])
    for dose in known.given:
        time = dose.date
        if time is not None and time.year <= known.now.year - years and before(time, years_earlier(known.now, years)):
            yield hit(dose.rxa, 3, f"not more than {years} years ago", value(dose.rxa, 3, 1))


def observed_in_future(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """The date in OBX-5 of the observation ``observation`` is later than now."""
    code = entry["with"]["observation"]
    known = facts(scene)
    for dose in known.doses:
        for segment in dose.observed.get(code, ()):
            time = date_in(segment, 5)
            if time is not None and dose.kind != "deleted" and before(known.now, time):
                yield hit(segment, 5, "not in the future", value(segment, 5, 1))


def sent_in_future(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """MSH-7 is more than ``hours`` later than now."""
    for header in scene.by_id.get("MSH", ()):
        time = date_in(header, 7)
        if time is None or not before(facts(scene).now, time):
            continue
        hours = int(entry["with"]["hours"])
        if before(clock(scene.received + timedelta(hours=hours), time.zone), time):
            yield hit(header, 7, f"not more than {hours} hours after it is received", value(header, 7, 1))


def dose_before_birth(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """RXA-3 is earlier than PID-7. With a birth date in the future, that one is wrong and not the doses."""
    known = facts(scene)
    if known.birth is not None and not before(known.now, known.birth):
        for dose in known.doses:
            if dose.date is not None and dose.kind != "deleted" and before(dose.date, known.birth):
                yield hit(dose.rxa, 3, "not before the birth date (PID-7)", value(dose.rxa, 3, 1))


def dose_after_death(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A dose was given later than PID-29. With a death before birth, that one is wrong and not the doses."""
    known = facts(scene)
    if known.death is not None and not (known.birth is not None and before(known.death, known.birth)):
        for dose in known.given:
            if dose.date is not None and before(known.death, dose.date):
                yield hit(dose.rxa, 3, "not after the death date (PID-29)", value(dose.rxa, 3, 1))


def death_before_birth(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """PID-29 is earlier than PID-7."""
    for pid in scene.by_id.get("PID", ()):
        death = date_in(pid, 29)
        birth = date_in(pid, 7) if death is not None else None
        if death is not None and birth is not None and before(death, birth):
            yield hit(pid, 29, "not before the birth date (PID-7)", value(pid, 29, 1))


def expired(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A dose was given later than its lot expired (RXA-16)."""
    for dose in facts(scene).given:
        expiry = date_in(dose.rxa, 16)
        if expiry is not None and dose.date is not None and before(expiry, dose.date):
            yield hit(dose.rxa, 16, "not before the vaccination (RXA-3)", value(dose.rxa, 16, 1))


RULES = {
    check.__name__: told(check)
    for check in (
        death_before_birth,
        dose_after_death,
        dose_before_birth,
        dose_in_future,
        dose_long_ago,
        expired,
        in_future,
        long_ago,
        observed_in_future,
        sent_in_future,
    )
}
