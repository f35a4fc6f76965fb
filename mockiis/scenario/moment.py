"""Dates as conditions compare them: with the precision they have, against a date, today, or another place.

A value of lower precision stands for its whole period, so 2024 is neither before nor after July 2024. Hours count
only where both sides have them; zones are not converted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from mockiis.er7 import Location
from mockiis.scenario.subject import Subject

_DATE = re.compile(r"(\d{4}(?:\d\d){0,5})(?:\.\d{1,4})?(?:[+-]\d{4})?", re.ASCII)
_DIGITS = 14


@dataclass(frozen=True, slots=True)
class Moment:
    """A date of the file (digits as HL7 writes them), today moved by some days, or what stands at a location."""

    text: str
    digits: str = ""
    days: int = 0
    location: Location | None = None

    def earliest(self, subject: Subject) -> str | None:
        """The first instant it stands for; None when the request has no date there."""
        return earliest(self._of(subject))

    def latest(self, subject: Subject) -> str | None:
        """The last instant it stands for; None when the request has no date there."""
        return latest(self._of(subject))

    def _of(self, subject: Subject) -> str:
        if self.location is not None:
            return next(iter(subject.located(self.location)), "")
        return self.digits or (subject.now + timedelta(days=self.days)).strftime("%Y%m%d")

    def __str__(self) -> str:
        return self.text


def earliest(value: str) -> str | None:
    """The first instant that an HL7 date stands for, as 14 digits; None for what is no date."""
    match = _DATE.fullmatch(value)
    return match[1].ljust(_DIGITS, "0") if match else None


def latest(value: str) -> str | None:
    """The last instant that an HL7 date stands for, as 14 digits that only compare; None for what is no date."""
    match = _DATE.fullmatch(value)
    return match[1].ljust(_DIGITS, "9") if match else None
