"""Ages and intervals added to dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from mockiis.registry.forecast.span import read_span


@pytest.mark.parametrize(
    ("day", "span", "expected"),
    [
        ("2024-01-15", "0 days", "2024-01-15"),
        ("2024-01-15", "4 days", "2024-01-19"),
        ("2024-01-15", "6 weeks", "2024-02-26"),
        ("2023-01-15", "1 day", "2023-01-16"),
        ("2024-01-15", "1 month", "2024-02-15"),
        ("2024-01-31", "1 month", "2024-03-01"),
        ("2023-01-29", "1 month", "2023-03-01"),
        ("2024-01-29", "1 month", "2024-02-29"),
        ("2024-03-31", "6 months", "2024-10-01"),
        ("2024-12-31", "2 months", "2025-03-01"),
        ("2024-11-30", "12 months", "2025-11-30"),
        ("2024-02-29", "1 year", "2025-03-01"),
        ("2024-02-29", "4 years", "2028-02-29"),
        ("2024-02-28", "4 years", "2028-02-28"),
        ("2024-10-31", "1 month + 4 weeks", "2024-12-29"),
        ("2024-01-15", "3 months + 4 weeks", "2024-05-13"),
        ("2024-01-15", "1 year + 1 month + 1 week + 1 day", "2025-02-23"),
        ("9999-12-31", "1 day", "9999-12-31"),
        ("9990-01-15", "19 years", "9999-12-31"),
        ("9999-12-31", "2 months", "9999-12-31"),
    ],
)
def test_months_first_then_days_and_no_day_that_does_not_exist(day: str, span: str, expected: str) -> None:
    """A day that the month does not have is the first of the next; nothing is later than the last date there is."""
    assert expected == read_span(span).after(date.fromisoformat(day)).isoformat()


@pytest.mark.parametrize(
    "text", ["6", "weeks", "6 fortnights", "-1 days", "6  weeks", "1 month +4 weeks", "", "99999 days"]
)
def test_other_texts_are_refused(text: str) -> None:
    """With an example of what to write."""
    with pytest.raises(PydanticCustomError, match=r"write one such as 6 weeks|the value is missing"):
        read_span(text)


@given(st.dates(), st.dates(), st.integers(0, 300), st.integers(0, 400))
def test_what_is_later_stays_later(one: date, other: date, months: int, days: int) -> None:
    """The order of two days is the order of the days that long after them, and no day is before where it began."""
    span = read_span(f"{months} months + {days} days")
    earlier, later = sorted((one, other))

    assert earlier <= span.after(earlier) <= span.after(later)
    assert span.after(one) == read_span(f"{days} days").after(read_span(f"{months} months").after(one))


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 9999))
def test_days_are_days(day: date, days: int) -> None:
    """Without months it is plain arithmetic."""
    assert day + timedelta(days=days) == read_span(f"{days} days").after(day)
