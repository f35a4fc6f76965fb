"""Dates and times as people write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic_core import PydanticCustomError

from sender import dates


@pytest.mark.parametrize(
    ("read", "written", "expected"),
    [
        (dates.day, "2014-10-27", "20141027"),
        (dates.day, "20141027", "20141027"),
        (dates.day, "2024-02-29", "20240229"),
        (dates.moment, "2014-10-27", "20141027"),
        (dates.moment, "2014-10-27T11:16", "201410271116"),
        (dates.moment, "2014-10-27 11:16:05", "20141027111605"),
        (dates.moment, "201410271116", "201410271116"),
        (dates.month, "2014-10", "201410"),
        (dates.month, "2014-10-27", "20141027"),
        (dates.timestamp, "2014-10-27T11:16:05-05:00", "20141027111605-0500"),
        (dates.timestamp, "2014-10-27T11:16-05:00", "20141027111600-0500"),
        (dates.timestamp, "2014-10-27T11:16:05Z", "20141027111605+0000"),
        (dates.timestamp, "20141027111605-0500", "20141027111605-0500"),
    ],
)
def test_reads_iso_and_hl7_forms(read: Callable[[Any], str], written: Any, expected: Any) -> None:
    """A date may be written as people or as HL7 write it; its precision is kept."""
    assert expected == read(written)


@pytest.mark.parametrize(
    ("read", "written", "complaint"),
    [
        (dates.day, "27.10.2014", "'27.10.2014' is not a date; write YYYY-MM-DD, for example 2014-10-27"),
        (dates.day, "19981912", "'19981912' is not a real date; write YYYY-MM-DD, for example 2014-10-27"),
        (dates.day, "2023-02-29", "'2023-02-29' is not a real date; write YYYY-MM-DD, for example 2014-10-27"),
        (dates.day, "0000-01-01", "'0000-01-01' is not a real date; write YYYY-MM-DD, for example 2014-10-27"),
        (dates.day, "٢٠١٤-10-27", "'٢٠١٤-10-27' is not a date; write YYYY-MM-DD, for example 2014-10-27"),
        (dates.day, ["x"], "'['x']' is not a date; write YYYY-MM-DD, for example 2014-10-27"),
        (dates.day, "2014-10", "'2014-10' is not a date to the day; write YYYY-MM-DD, for example 2014-10-27"),
        (
            dates.day,
            "2014-10-27T11:16",
            "'2014-10-27T11:16' is not a date to the day; write YYYY-MM-DD, for example 2014-10-27",
        ),
        (dates.moment, "2014-10", "'2014-10' has no day; write YYYY-MM-DD or YYYY-MM-DDTHH:MM"),
        (
            dates.moment,
            "2014-10-27T25:00",
            "'2014-10-27T25:00' is not a real date; write YYYY-MM-DD or YYYY-MM-DDTHH:MM",
        ),
        (
            dates.moment,
            "2014-10-27T11:16Z",
            "'2014-10-27T11:16Z' has a time zone, which does not belong here; leave it out",
        ),
        (dates.month, "2014", "'2014' is not a date; write YYYY-MM-DD or YYYY-MM"),
        (
            dates.month,
            "2014-10-27T11:16",
            "'2014-10-27T11:16' has a time of day, which does not belong here; write YYYY-MM-DD or YYYY-MM",
        ),
        (
            dates.timestamp,
            "2014-10-27T11:16:05",
            "'2014-10-27T11:16:05' has no time of day or no zone; write YYYY-MM-DDTHH:MM:SS-05:00",
        ),
        (
            dates.timestamp,
            "2014-10-27T11:16-99:00",
            "'2014-10-27T11:16-99:00' is not a real date; write YYYY-MM-DDTHH:MM:SS-05:00",
        ),
        (dates.timestamp, "now", "'now' is not a time; write YYYY-MM-DDTHH:MM:SS-05:00"),
    ],
)
def test_refuses_what_is_no_date(read: Callable[[Any], str], written: Any, complaint: str) -> None:
    """The complaint shows what was found and how to write it."""
    with pytest.raises(PydanticCustomError) as caught:
        read(written)
    assert complaint == caught.value.message()
