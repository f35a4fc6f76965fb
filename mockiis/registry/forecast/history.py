"""Which doses of a person can be judged at all: those given on a known day between birth and today.

All others are told with the reason, and count for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from mockiis.message.person import Dose
from mockiis.profile.dates import RANK, parse

_NOT_GIVEN = {"RE": "refused: does not count", "NA": "not given: does not count"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A dose that can be judged. ``position`` is its place in the person's doses."""

    position: int
    day: date
    cvx: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """Why a dose cannot be judged. ``validity`` is N for one that was given, empty for one that was not."""

    validity: str
    reason: str


def known_day(text: str) -> date | None:
    """The day that an HL7 date or time names; None for one that is not a date, or not known to the day."""
    time = parse(text)
    if time is None or RANK[time.precision] < RANK["day"] or time.year < 1:
        return None
    return date(time.year, time.month, time.day)


def sorted_out(doses: Sequence[Dose], birth: date, today: date) -> tuple[tuple[Given, ...], dict[int, Unfit]]:
    """The doses that can be judged, by day (the same whatever their order was), and the others by position."""
    given: list[Given] = []
    unfit: dict[int, Unfit] = {}
    for position in sorted(range(len(doses)), key=lambda position: _total_order(doses[position])):
        dose = doses[position]
        day = known_day(dose.given)
        if reason := unfit_reason(dose, day, birth, today):
            unfit[position] = Unfit(validity="" if dose.completion in _NOT_GIVEN else "N", reason=reason)
        elif day:
            given.append(Given(position=position, day=day, cvx=dose.vaccine.code))
    return tuple(sorted(given, key=lambda one: one.day)), unfit


def _total_order(dose: Dose) -> str:
    """Doses of one day are taken by code, and then by all else that tells them apart."""
    return repr((dose.vaccine.code, replace(dose, evaluations=())))


def unfit_reason(dose: Dose, day: date | None, birth: date, today: date) -> str:
    """Why a dose cannot be judged; empty when it can."""
    if dose.completion in _NOT_GIVEN:
        return _NOT_GIVEN[dose.completion]
    if dose.completion == "PA":
        return "only partly given: does not count"
    if day is None:
        return "the date is not known to the day"
    if day < birth:
        return "given before birth"
    return "dated after today" if day > today else ""
