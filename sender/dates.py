"""Dates and times as people write them in a record -> as HL7 writes them (data types DT and TS).

``2014-10-27``, ``2014-10-27T11:16``, ``2014-10-27T11:16:00-05:00`` and the HL7 forms are read; precision is kept.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator

from mockiis.document import complaint

_WRITTEN = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d\d)"
    r"(?:-?(?P<day>\d\d)(?:[T ]?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d))?(?P<zone>Z|[+-]\d\d:?\d\d)?)?)?"
)


def day(value: Any) -> str:
    """A date to the day: YYYYMMDD."""
    parts = _read(value, "a date", "YYYY-MM-DD, for example 2014-10-27")
    if not parts["day"] or parts["hour"]:
        raise complaint(f"'{value}' is not a date to the day; write YYYY-MM-DD, for example 2014-10-27")
    return _joined(parts)


def moment(value: Any) -> str:
    """A date, with the time of day when it is known: YYYYMMDD[HHMM[SS]], without a zone."""
    parts = _read(value, "a date", "YYYY-MM-DD or YYYY-MM-DDTHH:MM")
    if not parts["day"]:
        raise complaint(f"'{value}' has no day; write YYYY-MM-DD or YYYY-MM-DDTHH:MM")
    if parts["zone"]:
        raise complaint(f"'{value}' has a time zone, which does not belong here; leave it out")
    return _joined(parts)


def month(value: Any) -> str:
    """A date known to the month at least: YYYYMM[DD]."""
    parts = _read(value, "a date", "YYYY-MM-DD or YYYY-MM")
    if parts["hour"]:
        raise complaint(f"'{value}' has a time of day, which does not belong here; write YYYY-MM-DD or YYYY-MM")
    return _joined(parts)


def timestamp(value: Any) -> str:
    """A point in time: YYYYMMDDHHMMSS and the zone."""
    parts = _read(value, "a time", "YYYY-MM-DDTHH:MM:SS-05:00")
    if not parts["zone"]:
        raise complaint(f"'{value}' has no time of day or no zone; write YYYY-MM-DDTHH:MM:SS-05:00")
    zone = "+0000" if parts["zone"] == "Z" else parts["zone"].replace(":", "")
    return _joined({**parts, "second": parts["second"] or "00"}) + zone


def _read(value: Any, what: str, form: str) -> dict[str, str]:
    match = _WRITTEN.fullmatch(value) if isinstance(value, str) and value.isascii() else None
    if match is None:
        raise complaint(f"'{value}' is not {what}; write {form}")
    parts = {name: text or "" for name, text in match.groupdict().items()}
    if not _real(parts):
        raise complaint(f"'{value}' is not a real date; write {form}")
    return parts


def _real(parts: dict[str, str]) -> bool:
    numbers = [int(parts[name] or default) for name, default in _DEFAULTS]
    try:
        datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 - only whether there is such a day and time
    except ValueError:
        return False
    zone = parts["zone"].replace(":", "")
    return zone in ("", "Z") or (int(zone[1:3]) <= 14 and int(zone[3:]) < 60)


def _joined(parts: dict[str, str]) -> str:
    return "".join(parts[name] for name, _ in _DEFAULTS)


_DEFAULTS = (("year", ""), ("month", ""), ("day", "1"), ("hour", "0"), ("minute", "0"), ("second", "0"))

Day = Annotated[str, BeforeValidator(day)]
Moment = Annotated[str, BeforeValidator(moment)]
Month = Annotated[str, BeforeValidator(month)]
Timestamp = Annotated[str, BeforeValidator(timestamp)]
