"""Rules about dates: none in the future, and none before or after what must come first.

Dates are compared to the precision of the coarser one; a date that is none is the business of its data type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from mockiis.er7 import Segment
from mockiis.profile.codes import CodeSets
from mockiis.profile.dates import RANK, HL7Time, before, moment, parse, years_earlier
from mockiis.profile.rule import Entry, Hit, doses, hit, is_deleted, is_given, told, value, valued
from mockiis.profile.scene import Scene


def in_future(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """The date at ``at`` is later than now."""
    return _wrong(scene, entry, "not in the future", lambda time: before(now(scene), time))


def long_ago(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """The date at ``at`` is more than ``years`` ago."""
    years = int(entry["with"]["years"])
    expected = f"not more than {years} years ago"
    return _wrong(scene, entry, expected, lambda time: before(time, years_earlier(now(scene), years)))


def observed_in_future(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """The date in OBX-5 of the observation ``observation`` is later than now."""
    code = entry["with"]["observation"]
    for order in scene.orders:
        for segment in order.observed(code):
            time = _time(segment, 5)
            if time is not None and before(now(scene), time):
                yield hit(segment, 5, "not in the future", value(segment, 5))


def sent_in_future(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """MSH-7 is more than ``hours`` later than now."""
    hours = entry["with"]["hours"]
    for header in scene.by_id.get("MSH", ()):
        time = _time(header, 7)
        if time is not None and before(_clock(scene.received + timedelta(hours=int(hours)), time.zone), time):
            yield hit(header, 7, f"not more than {hours} hours after it is received", value(header, 7, 1))


def dose_before_birth(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """RXA-3 is earlier than PID-7."""
    birth = _time(scene.pid, 7)
    if birth is not None:
        for rxa in doses(scene, _stands):
            time = _time(rxa, 3)
            if time is not None and before(time, birth):
                yield hit(rxa, 3, "not before the birth date (PID-7)", value(rxa, 3, 1))


def dose_after_death(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A dose was given later than PID-29."""
    death = _time(scene.pid, 29)
    if death is not None:
        for rxa in doses(scene, is_given):
            time = _time(rxa, 3)
            if time is not None and before(death, time):
                yield hit(rxa, 3, "not after the death date (PID-29)", value(rxa, 3, 1))


def death_before_birth(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """PID-29 is earlier than PID-7."""
    for pid in scene.by_id.get("PID", ()):
        death = _time(pid, 29)
        birth = _time(pid, 7) if death is not None else None
        if death is not None and birth is not None and before(death, birth):
            yield hit(pid, 29, "not before the birth date (PID-7)", value(pid, 29, 1))


def expired(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A dose was given later than its lot expired (RXA-16)."""
    for rxa in doses(scene, is_given):
        expiry = _time(rxa, 16)
        given = _time(rxa, 3) if expiry is not None else None
        if expiry is not None and given is not None and before(expiry, given):
            yield hit(rxa, 16, "not before the vaccination (RXA-3)", value(rxa, 16, 1))


RULES = {
    check.__name__: told(check)
    for check in (
        death_before_birth,
        dose_after_death,
        dose_before_birth,
        expired,
        in_future,
        long_ago,
        observed_in_future,
        sent_in_future,
    )
}


def now(scene: Scene) -> HL7Time:
    """Now where the sender is: in its zone when MSH-7 tells it, and by its clock when that is a little fast.

    So a dose of today is not in the future for a registry whose own day begins later.
    """
    header = scene.by_id.get("MSH")
    return _now(scene.received, value(header[0], 7, 1) if header else "")


@lru_cache(maxsize=16)
def _now(received: datetime, sent_text: str) -> HL7Time:
    sent = parse(sent_text)
    zone = sent.zone if sent is not None else None
    here = _clock(received, zone)
    if sent is None or RANK[sent.precision] <= RANK["day"]:
        return here
    is_fast = before(here, sent) and not before(_clock(received + timedelta(days=1), zone), sent)
    return sent if is_fast else here


def _clock(when: datetime, zone: int | None) -> HL7Time:
    """That moment on the clocks of a zone; None leaves it as it is."""
    if zone is not None and when.tzinfo is not None:
        when = when.astimezone(timezone(timedelta(minutes=zone)))
    return moment(when)


def _wrong(scene: Scene, entry: Entry, expected: str, is_wrong: Callable[[HL7Time], bool]) -> Iterator[Hit]:
    """Each date at the places of the entry that is wrong; those of deleted doses do not matter."""
    for segment, field in valued(scene, entry):
        time = _time(segment, field)
        if time is not None and is_wrong(time) and _stands(segment):
            yield hit(segment, field, expected, value(segment, field, 1))


def _stands(segment: Segment) -> bool:
    return segment.id != "RXA" or not is_deleted(segment)


def _time(segment: Segment | None, field: int) -> HL7Time | None:
    """The date or time in a field; None without one, or when it is not one."""
    return parse(segment.get(field, 1)) if segment is not None and segment.raw(field) else None
