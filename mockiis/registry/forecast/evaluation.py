"""Doses judged by one series, in the order they were given: which count, as which dose, and why others do not.

A dose is judged by those before it alone, so that a later dose never changes what was said of an earlier one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from mockiis.message.person import Coded, Evaluation
from mockiis.registry.forecast.history import Given, Unfit
from mockiis.registry.forecast.schedule import DoseRule, Schedule, Series
from mockiis.registry.forecast.seasons import season_of
from mockiis.registry.forecast.span import Span

ACIP = Coded("VXC16", "ACIP Schedule", "CDCPHINVS")
EXTRA = "extra: the series was complete before this dose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a person is in a series: the days of valid doses, and of the last dose of the group, valid or not."""

    series: Series
    birth: date
    valid: tuple[date, ...] = ()
    last: date | None = None

    def next_rule(self, day: date, grace: Span) -> DoseRule | None:
        """The dose that one given on ``day`` would be; None when no more is needed."""
        number = self.count(day)
        if number >= self.needed(day):
            return None
        rule = self.series.doses[number]
        return None if self._left_out(rule, grace) else rule

    def count(self, day: date) -> int:
        """How many valid doses there are; of a yearly series, in the season of ``day``."""
        season = self.series.season
        if season is None:
            return len(self.valid)
        begins = season_of(season, day)
        return sum(one >= begins for one in self.valid)

    def needed(self, day: date) -> int:
        """How many there must be; of a yearly series, in the season of ``day``."""
        season = self.series.season
        if season is None:
            return len(self.series.doses)
        begins = season_of(season, day)
        earlier = sum(one < begins for one in self.valid)
        first = next((one for one in self.valid if one >= begins), day)
        old_enough = first >= season.one_dose_from_age.after(self.birth)
        return 1 if old_enough or earlier >= season.one_dose_after else 2

    def _left_out(self, rule: DoseRule, grace: Span) -> bool:
        if rule.not_needed is None or len(self.valid) < 2:
            return False
        before, last = self.valid[-2:]
        floors = (rule.not_needed.age.after(self.birth), rule.not_needed.interval.after(before))
        return grace.after(last) >= max(floors)


def evaluated(
    series: Series, schedule: Schedule, birth: date, given: Sequence[Given]
) -> tuple[dict[int, Evaluation], Standing]:
    """The evaluation of each dose that is of the series, by its position, and where the person stands after them."""
    standing = Standing(series=series, birth=birth)
    told: dict[int, Evaluation] = {}
    for dose in given:
        if dose.cvx in series.vaccines:
            rule = standing.next_rule(dose.day, schedule.grace)
            reason = _fault(dose, rule, schedule, standing, given) if rule else EXTRA
            counts = rule is not None and not reason
            number = str(standing.count(dose.day) + 1) if counts else ""
            validity = "Y" if counts or rule is None else "N"
            told[dose.position] = _said(series, dose_number=number, validity=validity, reason=reason)
            valid = (*standing.valid, dose.day) if counts else standing.valid
            standing = replace(standing, valid=valid, last=dose.day)
    return told, standing


def not_judged(series: Series, unfit: Unfit) -> Evaluation:
    """What is told of a dose that cannot be judged."""
    return _said(series, validity=unfit.validity, reason=unfit.reason)


def _said(series: Series, *, dose_number: str = "", validity: str, reason: str) -> Evaluation:
    return Evaluation(
        vaccine=series.vaccine,
        schedule=ACIP,
        dose_number=dose_number,
        series=series.name,
        validity=validity,
        reason=reason,
    )


def _fault(dose: Given, rule: DoseRule, schedule: Schedule, standing: Standing, given: Sequence[Given]) -> str:
    """Why a dose does not count, in words; empty when it does."""
    series, birth, last = standing.series, standing.birth, standing.last
    if last == dose.day:
        return "given on the same day as another dose of this group"
    if series.counts_before and dose.day >= series.counts_before.after(birth):
        return f"given at the age of {series.counts_before} or later"
    if _too_soon(dose.day, birth, rule.minimum_age, rule.accepted_age, schedule.grace):
        return f"given before the age of {rule.accepted_age or rule.minimum_age}"
    wait = rule.minimum_interval or schedule.repeat_interval
    if last and _too_soon(dose.day, last, wait, rule.accepted_interval, schedule.grace):
        return f"given less than {rule.accepted_interval or wait} after the dose before"
    first = rule.minimum_from_first
    if first and standing.valid and _too_soon(dose.day, standing.valid[0], first, None, schedule.grace):
        return f"given less than {first} after the first dose"
    return _too_near(dose, schedule, series, given)


def _too_soon(day: date, since: date, minimum: Span, accepted: Span | None, grace: Span) -> bool:
    return grace.after(day) < minimum.after(since) and (accepted is None or day < accepted.after(since))


def _too_near(dose: Given, schedule: Schedule, series: Series, given: Sequence[Given]) -> str:
    """Why a live vaccine does not count: another one was given shortly before. No grace is given."""
    if dose.cvx not in schedule.live.vaccines:
        return ""
    for other in given:
        is_other = other.cvx in schedule.live.vaccines and other.cvx not in series.vaccines
        if is_other and other.day < dose.day < schedule.live.interval.after(other.day):
            return f"given less than {schedule.live.interval} after another live vaccine (CVX {other.cvx})"
    return ""
