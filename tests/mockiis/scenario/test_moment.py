"""Dates compared with the precision they have."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.er7 import Location, read
from mockiis.message import Request
from mockiis.scenario.checks import After, Before
from mockiis.scenario.moment import Moment, earliest, latest
from mockiis.scenario.subject import Subject

SUBJECT = Subject(
    Request(
        transport="mllp",
        received=datetime(2024, 3, 1, 23, 59, tzinfo=UTC),
        control_id="1",
        message=read("MSH|^~\\&|\rPID|||||||20240229~2020\r"),
    )
)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024", "20240000000000", "20249999999999"),
        ("202402", "20240200000000", "20240299999999"),
        ("20240229", "20240229000000", "20240229999999"),
        ("202402291015", "20240229101500", "20240229101599"),
        ("20240229101530.1234-0600", "20240229101530", "20240229101530"),
        ("20240229-0600", "20240229000000", "20240229999999"),
        ("2024022", None, None),
        ("2024-02-29", None, None),
        ("Feb 29", None, None),
        ("٢٠٢٤", None, None),
        ('""', None, None),
        ("", None, None),
    ],
)
def test_period(value: str, first: str | None, last: str | None) -> None:
    """A value stands for its whole period; what is no date stands for none."""
    assert (first, last) == (earliest(value), latest(value))


@pytest.mark.parametrize(
    ("moment", "digits"),
    [
        (Moment("today"), "20240301"),
        (Moment("today - 1d", days=-1), "20240229"),
        (Moment("today + 31d", days=31), "20240401"),
        (Moment("2024", digits="2024"), "2024"),
        (Moment("PID-7", location=Location.parse("PID-7")), "20240229"),
        (Moment("PID-7[2]", location=Location.parse("PID-7[2]")), "2020"),
    ],
)
def test_moment(moment: Moment, digits: str) -> None:
    """Today is the day on which the request was received, in its zone; of a place the first value counts."""
    assert (earliest(digits), latest(digits)) == (moment.earliest(SUBJECT), moment.latest(SUBJECT))
    assert str(moment) == moment.text


def test_a_place_without_a_date() -> None:
    """Nothing is before or after it."""
    nowhere = Moment("PID-29", location=Location.parse("PID-29"))
    assert not Before(nowhere)(["1900"], SUBJECT)
    assert not After(nowhere)(["2900"], SUBJECT)


_dates = st.integers(1900, 2100).flatmap(
    lambda year: st.integers(0, 5).flatmap(
        lambda pairs: st.lists(st.integers(1, 12), min_size=pairs, max_size=pairs).map(
            lambda parts: f"{year}" + "".join(f"{part:02}" for part in parts)
        )
    )
)


@given(_dates, _dates)
def test_before_and_after_mirror_each_other(one: str, other: str) -> None:
    """One is before the other when the other is after it; never both, and of one within the other neither."""
    before = Before(Moment(other, digits=other))([one], SUBJECT)
    after = After(Moment(other, digits=other))([one], SUBJECT)
    assert not (before and after)
    assert before == After(Moment(one, digits=one))([other], SUBJECT)
    assert (before or after) == (not one.startswith(other) and not other.startswith(one))
