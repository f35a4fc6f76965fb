"""Ages and intervals as analysts write them (``6 weeks``, ``3 months + 4 weeks``), added to dates.

Months and years are calendar months, added first; a day that the month does not have is the first day of the next
month: 31 January + 1 month is 1 March, 29 February + 1 year is 1 March. Weeks and days follow. So computes CDC's
specification of immunization logic (CDSi).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import Annotated, Any

from pydantic import PlainValidator

from mockiis.document import complaint
from mockiis.entry_types import read_text

_TERM = re.compile(r"(\d{1,4}) (day|week|month|year)s?", re.ASCII)
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time; ``text`` is how it was written."""

    text: str
    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The date that long after ``day``; the last date there is, when it would be later."""
        try:
            return _months_later(day, self.months) + timedelta(days=self.days)
        except OverflowError:
            return date.max

    def __str__(self) -> str:
        return self.text


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > MAXYEAR:
        raise OverflowError
    last = monthrange(year, month)[1]
    if day.day <= last:
        return date(year, month, day.day)
    return date(year, month, last) + timedelta(days=1)


def read_span(value: Any) -> Span:
    """The span that a text writes, or a complaint."""
    text = read_text(value)
    months = days = 0
    for term in text.split(" + "):
        match = _TERM.fullmatch(term)
        if match is None:
            raise complaint(
                f"'{text}' is not an age or interval; write one such as 6 weeks, 4 years, 3 months + 4 weeks"
            )
        days += int(match[1]) * _DAYS.get(match[2], 0)
        months += int(match[1]) * _MONTHS.get(match[2], 0)
    return Span(text, months, days)


Length = Annotated[Span, PlainValidator(read_span)]
