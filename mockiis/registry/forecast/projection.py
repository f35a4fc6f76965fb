"""The next dose of one series: from when it may be given, when it is due, and from when it is past due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mockiis.message.person import Forecast
from mockiis.registry.forecast.evaluation import ACIP, Standing
from mockiis.registry.forecast.history import Given
from mockiis.registry.forecast.schedule import DoseRule, Schedule, Season, Series
from mockiis.registry.forecast.seasons import on, season_of, within
from mockiis.registry.forecast.span import Span

COMPLETE = "complete"
AGED_OUT = "aged out"
PAST_DUE = "past due"
DUE = "due"
LATER = "due in the future"
STATUSES = (COMPLETE, AGED_OUT, PAST_DUE, DUE, LATER)
"""What 59783-1 says, a local table."""


@dataclass(frozen=True, slots=True)
class _Dates:
    """Always in this order; ``latest`` is the last day on which the dose may be given, where there is one."""

    earliest: date
    due: date
    overdue: date
    latest: date | None


def projected(standing: Standing, schedule: Schedule, given: Sequence[Given], today: date) -> Forecast:
    """The forecast for the group of a series."""
    series = standing.series
    rule = standing.next_rule(today, schedule.grace)
    if series.season:
        dates = _yearly(series.season, rule, standing, schedule, given, today)
    elif rule:
        dates = _ordered(rule, standing, _floors(rule, standing, schedule, given), _last_day(standing))
    else:
        return _told(series, COMPLETE)
    if dates.latest and max(today, dates.earliest) > dates.latest:
        return _told(series, AGED_OUT)
    status = PAST_DUE if dates.overdue <= today else DUE if dates.due <= today else LATER
    return _told(series, status, dates)


def _yearly(
    season: Season,
    rule: DoseRule | None,
    standing: Standing,
    schedule: Schedule,
    given: Sequence[Given],
    today: date,
) -> _Dates:
    """The dates in this season, or in the next when this one has its doses or will be over."""
    begins = season_of(season, today)
    if rule is None:
        begins = on(begins.year + 1, season.begins)
    rule = rule or standing.series.doses[0]
    earliest = max(begins, *_floors(rule, standing, schedule, given))
    if season_of(season, earliest) > begins:
        begins, rule = season_of(season, earliest), standing.series.doses[0]
    latest = _day_before(on(begins.year + 1, season.begins))
    asked = (within(begins, season.recommended), within(begins, season.past_due))
    return _ordered(rule, standing, [earliest], latest, *asked)


def _ordered(
    rule: DoseRule,
    standing: Standing,
    floors: Iterable[date],
    latest: date | None,
    recommended: date = date.min,
    past_due: date = date.min,
) -> _Dates:
    """The dates of a dose, each at least the one before; none is after the last day on which it may be given."""
    birth, last = standing.birth, standing.last
    earliest = max(floors)
    due = max(earliest, recommended, rule.recommended_age.after(birth), _since(last, rule.recommended_interval))
    overdue = max(due, past_due, rule.past_due_age.after(birth), _since(last, rule.past_due_interval))
    if latest and earliest <= latest:
        due, overdue = min(due, latest), min(overdue, latest)
    return _Dates(earliest, due, overdue, latest)


def _since(last: date | None, interval: Span | None) -> date:
    return interval.after(last) if last and interval else date.min


def _floors(rule: DoseRule, standing: Standing, schedule: Schedule, given: Sequence[Given]) -> list[date]:
    """The days before which the dose may not be given."""
    series = standing.series
    floors = [
        rule.minimum_age.after(standing.birth),
        _since(standing.last, rule.minimum_interval or schedule.repeat_interval),
    ]
    if standing.valid:
        floors.append(_since(standing.valid[0], rule.minimum_from_first))
    if series.live:
        others = (one for one in given if one.cvx in schedule.live.vaccines and one.cvx not in series.vaccines)
        floors += [schedule.live.interval.after(one.day) for one in others]
    return floors


def _told(series: Series, status: str, dates: _Dates | None = None) -> Forecast:
    if dates is None:
        return Forecast(vaccine=series.vaccine, schedule=ACIP, status=status)
    return Forecast(
        vaccine=series.vaccine,
        schedule=ACIP,
        status=status,
        earliest=hl7_date(dates.earliest),
        due=hl7_date(dates.due),
        latest=hl7_date(dates.latest) if dates.latest else "",
        overdue=hl7_date(dates.overdue),
    )


def hl7_date(day: date) -> str:
    """YYYYMMDD."""
    return day.isoformat().replace("-", "")


def _last_day(standing: Standing) -> date | None:
    limit = standing.series.counts_before or standing.series.forecast_before
    return _day_before(limit.after(standing.birth)) if limit else None


def _day_before(day: date) -> date:
    return day - timedelta(days=1) if day > date.min else day
