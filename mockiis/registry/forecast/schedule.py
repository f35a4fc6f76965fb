"""The schedule as ``series.yaml`` writes it: doses with ages and intervals. For interface testing, not for care.

The counterpart of the comments in that file, which say what each key means. ``read_schedule`` reads a file of the
same form that somebody wrote in its place.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import Field, PlainValidator, model_validator

from mockiis.document import Entry, complaint, load
from mockiis.entry_types import Text, read_text
from mockiis.message.person import Coded
from mockiis.registry.forecast.span import Length

__all__ = ["DoseRule", "NotNeeded", "Schedule", "Season", "Series", "read_schedule", "shipped_schedule"]


def _cvx(value: Any) -> str:
    text = read_text(value)
    if not re.fullmatch(r"\d{2,3}", text, re.ASCII):
        raise complaint(f"'{text}' is not a CVX code; write two or three digits, such as 03")
    return text


def _day_of_year(value: Any) -> tuple[int, int]:
    text = read_text(value)
    try:
        day = date.fromisoformat(f"2023-{text}")
    except ValueError:
        raise complaint(f"'{text}' is not a day of the year; write month and day, such as 07-01") from None
    return day.month, day.day


CVX = Annotated[str, PlainValidator(_cvx)]
DayOfYear = Annotated[tuple[int, int], PlainValidator(_day_of_year)]


class NotNeeded(Entry):
    """When a dose is left out: the one before was given at this age or later, this long after the one before it."""

    age: Length
    interval: Length


class DoseRule(Entry):
    """One dose of a series."""

    minimum_age: Length
    accepted_age: Length | None = None
    recommended_age: Length
    past_due_age: Length
    minimum_interval: Length | None = None
    accepted_interval: Length | None = None
    minimum_from_first: Length | None = None
    recommended_interval: Length | None = None
    past_due_interval: Length | None = None
    not_needed: NotNeeded | None = None
    source: Text


class Season(Entry):
    """What makes a series yearly."""

    begins: DayOfYear
    recommended: DayOfYear
    past_due: DayOfYear
    one_dose_from_age: Length
    one_dose_after: Annotated[int, Field(ge=1)]


class Group(Entry):
    """The vaccine group: the CVX code that stands for it, and its name."""

    cvx: CVX
    name: Text


class Series(Entry):
    """The doses against one group of diseases, in order."""

    name: Text
    group: Group
    vaccines: Annotated[tuple[CVX, ...], Field(min_length=1)]
    live: bool = False
    counts_before: Length | None = None
    forecast_before: Length | None = None
    season: Season | None = None
    doses: Annotated[tuple[DoseRule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _intervals_are_there(self) -> Series:
        for number, dose in enumerate(self.doses, 1):
            if number > 1 and dose.minimum_interval is None:
                raise complaint(f"dose {number} has no minimum_interval; every dose after the first needs one")
        if self.season and len(self.doses) != 2:
            raise complaint("a yearly series has two doses: the yearly one, and the second one of young children")
        return self

    @property
    def vaccine(self) -> Coded:
        """The group as OBX-5 tells it."""
        return Coded(self.group.cvx, self.group.name, "CVX")


class Live(Entry):
    """How far apart live vaccines must be that are not given on the same day."""

    interval: Length
    vaccines: tuple[CVX, ...]
    source: Text


class Schedule(Entry):
    """Everything the forecaster knows."""

    label: Text
    grace: Length
    repeat_interval: Length
    live: Live
    series: Annotated[tuple[Series, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _groups_differ(self) -> Schedule:
        groups = [series.group.cvx for series in self.series]
        if twice := {group for group in groups if groups.count(group) > 1}:
            raise complaint(f"two series are of the same group (CVX {', '.join(sorted(twice))})", "series")
        return self


def read_schedule(text: str, name: str) -> Schedule:
    """The schedule in the text of the file ``name``. Raises DocumentError with every problem, its line and column."""
    return load(text, name, Schedule)


@cache
def shipped_schedule() -> Schedule:
    """The schedule of this package."""
    place = files(__package__ or "").joinpath("series.yaml")
    return read_schedule(place.read_text(encoding="utf-8"), "series.yaml")
