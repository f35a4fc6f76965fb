"""Dates and times of HL7: which exist, what they are made of, and which comes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.profile.dates import HL7Time, before, moment, parse, years_earlier

CENTRAL = -6 * 60


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024", HL7Time(year=2024, precision="year")),
        ("202402", HL7Time(year=2024, month=2, precision="month")),
        ("20240229", HL7Time(year=2024, month=2, day=29)),
        ("2024022900", HL7Time(year=2024, month=2, day=29, precision="hour")),
        ("202402292359", HL7Time(year=2024, month=2, day=29, hour=23, minute=59, precision="minute")),
        ("20240229235958", HL7Time(year=2024, month=2, day=29, hour=23, minute=59, second=58, precision="second")),
        (
            "20240229235958.1234-0600",
            HL7Time(year=2024, month=2, day=29, hour=23, minute=59, second=58, zone=CENTRAL, precision="fraction"),
        ),
        ("20240229+1400", HL7Time(year=2024, month=2, day=29, zone=14 * 60)),
        ("2024+0530", HL7Time(year=2024, zone=330, precision="year")),
        ("20240229-0000", HL7Time(year=2024, month=2, day=29, zone=0)),
    ],
)
def test_a_date_is_read_with_its_precision(text: str, expected: HL7Time) -> None:
    """What is not written is the lowest value, and the precision says so."""
    assert expected == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        '""',
        "0000",
        "00000101",
        "202",
        "20240",
        "202413",
        "202400",
        "20230229",
        "20240230",
        "2024022924",
        "202402292360",
        "20240229235960",
        "20240229235959.",
        "20240229235959.12345",
        "20240229235959+1401",
        "20240229235959+0060",
        "20240229235959+06",
        "20240229235959Z",
        "2024-02-29",
        "20240229 ",
        " 20240229",
        "20240229\n",
        "٢٠٢٤",
        "²024",
        "2" * 1_000_000,
    ],
    ids=lambda text: repr(text[:30]),
)
def test_what_is_no_date_is_none(text: str) -> None:
    """A date must exist, in digits, in the order of HL7 and in nothing else."""
    assert parse(text) is None


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("20240101", "20240102", True),
        ("20240101", "20240101", False),
        ("20240102", "20240101", False),
        ("2024", "20240605", False),
        ("2023", "20240605", True),
        ("20240605", "2024", False),
        ("202406", "20240605", False),
        ("202405", "20240605", True),
        ("202406051200", "20240605", False),
        ("20240605", "202406060001", True),
        ("202406051200", "202406051201", True),
        ("20240605120000.1", "20240605120000.2", False),
        ("20240605120000-0600", "20240605170000+0000", False),
        ("20240605120000-0600", "20240605190000+0000", True),
        ("20240605120000-0600", "20240605180000+0000", False),
        ("20240605233000-0600", "20240606053000+0000", False),
        ("20240605233000-0600", "20240606053001+0000", True),
        ("20240605120000-0600", "20240605120001", True),
        ("20240605-0600", "20240605+0600", False),
        ("00010101000000+1400", "00010101000000+0000", True),
        ("99991231235959-1200", "99991231235959+0000", False),
        ("20231231233000-0100", "20240101003000+0000", False),
    ],
)
def test_the_coarser_precision_decides(a: str, b: str, *, expected: bool) -> None:
    """A year is not before a day in it, and zones count only where both times have one and hours."""
    first, second = parse(a), parse(b)
    assert first is not None
    assert second is not None
    assert expected == before(first, second)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (datetime(2024, 2, 29, 23, 59, 58, 999999, tzinfo=UTC), "20240229235958+0000"),
        (datetime(2024, 2, 29, 23, 59, 58, tzinfo=timezone(timedelta(hours=-6))), "20240229235958-0600"),
        (datetime(2024, 2, 29, 23, 59, 58, tzinfo=timezone(timedelta(hours=5, minutes=30))), "20240229235958+0530"),
    ],
)
def test_a_python_time_is_one_to_the_second(when: datetime, expected: str) -> None:
    """The clock of the registry compares with what messages say."""
    assert parse(expected) == moment(when)


def test_a_time_without_zone_has_none() -> None:
    """A naive time stays one."""
    assert moment(datetime(2024, 2, 29)).zone is None  # noqa: DTZ001  # that is the case


@pytest.mark.parametrize(
    ("text", "years", "expected"),
    [("20240229", 120, "19040229"), ("20240229", 124, "19000228"), ("20240301", 4, "20200301"), ("0050", 120, "0001")],
)
def test_the_same_day_years_earlier(text: str, years: int, expected: str) -> None:
    """29 February becomes the 28th where it must, and the calendar begins with the year 1."""
    time = parse(text)
    assert time is not None
    assert parse(expected) == years_earlier(time, years)


FORMS = ("%Y", "%Y%m", "%Y%m%d", "%Y%m%d%H", "%Y%m%d%H%M", "%Y%m%d%H%M%S", "%Y%m%d%H%M%S%z")
TIMES = st.builds(
    lambda when, zone, form: when.replace(tzinfo=timezone(timedelta(minutes=zone))).strftime(form).zfill(4),
    st.datetimes(min_value=datetime(1800, 1, 1), max_value=datetime(2200, 1, 1)),  # noqa: DTZ001  # zones come apart
    st.integers(-12 * 60, 14 * 60),
    st.sampled_from(FORMS),
)


@given(TIMES)
def test_every_time_python_writes_is_read(text: str) -> None:
    """Nothing that exists is refused."""
    assert parse(text) is not None


@given(TIMES, TIMES)
def test_no_two_times_are_each_before_the_other(a: str, b: str) -> None:
    """Before has a direction, whatever the precisions and zones."""
    first, second = parse(a), parse(b)
    assert first is not None
    assert second is not None
    assert not (before(first, second) and before(second, first))
    assert not before(first, first)


@given(
    st.datetimes(min_value=datetime(1800, 1, 1), max_value=datetime(2200, 1, 1)),  # noqa: DTZ001  # zones come apart
    st.timedeltas(timedelta(days=-2), timedelta(days=2)),
    st.tuples(st.integers(-12 * 60, 14 * 60), st.integers(-12 * 60, 14 * 60)),
)
def test_times_with_zones_compare_as_python_compares_them(
    when: datetime, distance: timedelta, zones: tuple[int, int]
) -> None:
    """To the second, whatever the clocks on the wall say."""
    first, second = (timezone(timedelta(minutes=zone)) for zone in zones)
    a = when.replace(microsecond=0, tzinfo=UTC)
    b = a + timedelta(seconds=round(distance.total_seconds()))
    assert (a < b) == before(moment(a.astimezone(first)), moment(b.astimezone(second)))


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_none(text: str) -> None:
    """Nothing raises."""
    time = parse(text)
    assert time is None or text.isascii()
