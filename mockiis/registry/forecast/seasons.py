"""The seasons of a yearly vaccine."""

from __future__ import annotations

from datetime import MAXYEAR, date

from mockiis.registry.forecast.schedule import DayOfYear, Season


def on(year: int, day: DayOfYear) -> date:
    """That day of a year; the first or last date there is, when the year is none."""
    if year > MAXYEAR:
        return date.max
    return date(year, *day) if year >= 1 else date.min


def season_of(season: Season, day: date) -> date:
    """The first day of the season that ``day`` is in."""
    begins = on(day.year, season.begins)
    return begins if begins <= day else on(day.year - 1, season.begins)


def within(begins: date, day: DayOfYear) -> date:
    """That day of the year in the season that begins on ``begins``."""
    found = on(begins.year, day)
    return found if found >= begins else on(begins.year + 1, day)
