"""Dates and times as HL7 writes them (DT and TS), read into parts that compare to the precision both of them have.

Rules across fields and the formats of data types stand on it. Source: HL7 v2.5.1 chapter 2.A, data types DT and TS:
``YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

Precision = Literal["year", "month", "day", "hour", "minute", "second", "fraction"]

RANK: dict[Precision, int] = {"year": 1, "month": 2, "day": 3, "hour": 4, "minute": 5, "second": 6, "fraction": 7}
"""How many parts a time of that precision has; the more, the finer."""


class HL7Time(NamedTuple):
    """A real date or time of day. Parts beyond ``precision`` are their lowest value and mean nothing.

    ``zone`` is minutes east of UTC, None where none was written. A fraction of a second is read and not kept.
    """

    year: int
    month: int = 1
    day: int = 1
    hour: int = 0
    minute: int = 0
    second: int = 0
    zone: int | None = None
    precision: Precision = "day"

    @property
    def parts(self) -> tuple[int, int, int, int, int, int]:
        """Year to second, as written."""
        return self.year, self.month, self.day, self.hour, self.minute, self.second


def parse(text: str) -> HL7Time | None:
    """The date or time that ``text`` writes; None unless it is one that exists (no 30 February, no hour 24)."""
    return _parsed(text) if len(text) <= _LONGEST else None


def before(a: HL7Time, b: HL7Time) -> bool:
    """Whether ``a`` is earlier than ``b`` as far as both are precise: 2024 is not before 20240605.

    Zones count only where both have one and both have hours: a date alone is the date that people there wrote.
    """
    common = min(RANK[a.precision], RANK[b.precision], _ALL)
    if a.zone == b.zone or common <= _DAY or a.zone is None or b.zone is None:
        return a[:common] < b[:common]
    return _in_utc(a)[: common - 2] < _in_utc(b)[: common - 2]


def moment(when: datetime) -> HL7Time:
    """A Python date and time to the second; its zone is kept."""
    offset = when.utcoffset()
    return HL7Time(
        year=when.year,
        month=when.month,
        day=when.day,
        hour=when.hour,
        minute=when.minute,
        second=when.second,
        zone=None if offset is None else offset // timedelta(minutes=1),
        precision="second",
    )


def years_earlier(time: HL7Time, years: int) -> HL7Time:
    """The same day that many years before; 29 February becomes the 28th, and nothing is before the year 1."""
    year = max(1, time.year - years)
    return time._replace(year=year, day=min(time.day, monthrange(year, time.month)[1]))


_N = "([0-9]{2})"
_TIME = re.compile(rf"([0-9]{{4}})(?:{_N}(?:{_N}(?:{_N}(?:{_N}(?:{_N}(\.[0-9]{{1,4}})?)?)?)?)?)?([+-][0-9]{{4}})?")
_LONGEST = len("20240131235959.9999+0000")
_BY_PARTS: dict[int, Precision] = {rank: precision for precision, rank in RANK.items()}
_LOWEST = (1, 1, 1, 0, 0, 0)
_DAY, _ALL = RANK["day"], RANK["second"]
"""How many parts count for a date, and how many there are; a fraction of a second is not kept."""
_EASTERNMOST = 14 * 60


@lru_cache(maxsize=4096)
def _parsed(text: str) -> HL7Time | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    *parts, fraction, offset = match.groups()
    written = [int(part) for part in parts if part]
    year, month, day, hour, minute, second = numbers = (*written, *_LOWEST[len(written) :])
    zone = _zone(offset) if offset else None
    if not _exists(numbers) or (offset and zone is None):
        return None
    return HL7Time(year, month, day, hour, minute, second, zone, _BY_PARTS[len(written) + bool(fraction)])


def _exists(numbers: Sequence[int]) -> bool:
    try:
        datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001  # only asked whether there is such a time
    except ValueError:
        return False
    return True


def _zone(offset: str) -> int | None:
    """Minutes east of UTC; None for one that no clock on Earth shows."""
    hours, minutes = int(offset[1:3]), int(offset[3:])
    distance = hours * 60 + minutes
    if minutes > 59 or distance > _EASTERNMOST:
        return None
    return -distance if offset[0] == "-" else distance


def _in_utc(time: HL7Time) -> tuple[int, int, int, int]:
    """Day (counted, so that the ends of the calendar are no special case), hour, minute and second in UTC."""
    days, minutes = divmod(time.hour * 60 + time.minute - (time.zone or 0), 24 * 60)
    return date(time.year, time.month, time.day).toordinal() + days, *divmod(minutes, 60), time.second
