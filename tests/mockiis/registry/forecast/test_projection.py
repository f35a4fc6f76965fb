"""Forecasts of the shipped series, worked out by hand from ``series.yaml``. Most children are born on 2024-01-15."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from mockiis.message.person import Coded, Forecast, Person
from mockiis.registry.forecast import shipped

Child = Callable[..., Person]
BORN = "2024-01-15"
THREE = "2024-03-15 {0}, 2024-05-15 {0}, 2024-07-15 {0}"
LATER = "due in the future"

HEPATITIS_B = [
    ("", "2024-01-20", "due 2024-01-15 2024-01-15 2024-02-12 2043-01-14"),
    ("", "2024-02-11", "due 2024-01-15 2024-01-15 2024-02-12 2043-01-14"),
    ("", "2024-02-12", "past due 2024-01-15 2024-01-15 2024-02-12 2043-01-14"),
    ("2024-01-15 08", "2024-01-20", "due in the future 2024-02-12 2024-02-15 2024-07-13 2043-01-14"),
    ("2024-01-15 08, 2024-03-15 08", "2024-07-15", "due 2024-07-01 2024-07-15 2025-09-12 2043-01-14"),
    ("2024-01-15 08, 2024-03-15 08, 2024-07-15 08", "2024-07-15", "complete"),
    (
        "2024-01-15 08, 2024-03-15 08, 2024-06-01 08",
        "2024-06-02",
        f"{LATER} 2024-07-27 2024-07-27 2025-09-12 2043-01-14",
    ),
    ("", "2043-01-14", "past due 2024-01-15 2024-01-15 2024-02-12 2043-01-14"),
    ("", "2043-01-15", "aged out"),
]
DTAP = [
    ("", "2024-02-01", "due in the future 2024-02-26 2024-03-15 2024-05-13 2031-01-14"),
    ("", "2024-03-14", "due in the future 2024-02-26 2024-03-15 2024-05-13 2031-01-14"),
    ("", "2024-03-15", "due 2024-02-26 2024-03-15 2024-05-13 2031-01-14"),
    ("", "2024-05-13", "past due 2024-02-26 2024-03-15 2024-05-13 2031-01-14"),
    ("2024-03-15 20", "2024-04-01", "due in the future 2024-04-12 2024-05-15 2024-07-13 2031-01-14"),
    ("2025-01-15 20", "2025-02-20", "due in the future 2025-02-12 2025-03-12 2025-04-16 2031-01-14"),
    (THREE.format("20"), "2025-02-01", "due in the future 2025-01-15 2025-04-15 2025-09-12 2031-01-14"),
    (f"{THREE}, 2025-04-15 {{0}}".format("20"), "2028-02-01", f"{LATER} 2028-01-15 2028-04-15 2031-01-14 2031-01-14"),
    (f"{THREE}, 2028-01-15 {{0}}".format("20"), "2028-02-01", "complete"),
    ("2030-08-01 20", "2030-09-01", "due in the future 2030-08-29 2030-09-26 2030-10-31 2031-01-14"),
    ("2030-12-01 20, 2030-12-29 20", "2031-01-02", "aged out"),
    (THREE.format("20"), "2031-01-15", "aged out"),
    ("2024-02-01 20", "2024-02-10", "due in the future 2024-02-29 2024-03-15 2024-05-13 2031-01-14"),
]
POLIO = [
    (THREE.format("10"), "2028-01-15", "due 2028-01-15 2028-01-15 2031-02-12 2042-01-14"),
    ("2024-03-15 110, 2024-05-15 120", "2024-06-01", f"{LATER} 2024-06-12 2024-07-15 2025-09-12 2042-01-14"),
    ("2024-03-15 10, 2024-05-15 10, 2028-02-01 10", "2028-03-01", "complete"),
    ("", "2042-01-15", "aged out"),
]
MMR = [
    ("", "2025-01-14", "due in the future 2025-01-15 2025-01-15 2025-06-12 2043-01-14"),
    ("2025-01-15 03 RE", "2025-06-12", "past due 2025-01-15 2025-01-15 2025-06-12 2043-01-14"),
    ("2025-01-15 21", "2025-01-20", "due in the future 2025-02-12 2025-02-12 2025-06-12 2043-01-14"),
    ("2025-01-15 03", "2025-06-01", "due in the future 2025-02-15 2028-01-15 2031-02-12 2043-01-14"),
    ("2025-01-05 03", "2025-01-20", "due in the future 2025-02-02 2025-02-02 2025-06-12 2043-01-14"),
    ("2025-01-15 94, 2028-01-15 94", "2028-01-15", "complete"),
]
VARICELLA = [
    ("2025-01-15 21", "2025-06-01", "due in the future 2025-04-15 2028-01-15 2031-02-12 2043-01-14"),
    ("2025-01-15 94, 2028-01-15 94", "2028-01-15", "complete"),
]
INFLUENZA = [
    (BORN, "", "2024-05-01", "due in the future 2024-07-15 2024-09-01 2024-11-01 2025-06-30"),
    (BORN, "", "2024-09-01", "due 2024-07-15 2024-09-01 2024-11-01 2025-06-30"),
    (BORN, "", "2024-11-01", "past due 2024-07-15 2024-09-01 2024-11-01 2025-06-30"),
    (BORN, "", "2025-06-30", "past due 2024-07-15 2024-09-01 2024-11-01 2025-06-30"),
    (BORN, "", "2025-07-01", "due in the future 2025-07-01 2025-09-01 2025-11-01 2026-06-30"),
    (BORN, "2024-10-01 150", "2024-10-15", "due in the future 2024-10-29 2024-10-29 2024-11-26 2025-06-30"),
    (BORN, "2024-10-01 150, 2024-10-29 150", "2024-12-01", f"{LATER} 2025-07-01 2025-09-01 2025-11-01 2026-06-30"),
    ("2015-01-15", "2024-10-01 150", "2024-12-01", "due in the future 2025-07-01 2025-09-01 2025-11-01 2026-06-30"),
    ("2024-08-20", "", "2025-03-01", "due 2025-02-20 2025-02-20 2025-03-20 2025-06-30"),
    ("2024-08-20", "2025-06-10 150", "2025-06-20", f"{LATER} 2025-07-08 2025-09-01 2025-11-01 2026-06-30"),
]
ODD_DAYS = [
    ("03", "2024-02-29", "", "2025-02-28", "due in the future 2025-03-01 2025-03-01 2025-07-27 2043-02-28"),
    ("107", "2023-12-31", "", "2024-02-01", "due in the future 2024-02-11 2024-03-01 2024-04-28 2030-12-30"),
]
CASES = [
    *[("45", BORN, *case) for case in HEPATITIS_B],
    *[("107", BORN, *case) for case in DTAP],
    *[("89", BORN, *case) for case in POLIO],
    *[("03", BORN, *case) for case in MMR],
    *[("21", BORN, *case) for case in VARICELLA],
    *[("88", *case) for case in INFLUENZA],
    *ODD_DAYS,
]


def told(person: Person, today: str, group: str) -> str:
    """Status, earliest, due, overdue and latest of a group."""
    judged = shipped().assess(person, date.fromisoformat(today))
    (one,) = [forecast for forecast in judged.forecast if forecast.vaccine.code == group]
    dates = (one.earliest, one.due, one.overdue, one.latest)
    return " ".join([one.status, *(f"{day[:4]}-{day[4:6]}-{day[6:]}" for day in dates if day)])


@pytest.mark.parametrize(("group", "born", "doses", "today", "expected"), CASES)
def test_what_is_due(child: Child, group: str, born: str, doses: str, today: str, expected: str) -> None:
    """Status, earliest day, due day, past due from, last day."""
    assert expected == told(child(born, doses), today, group)


def test_every_group_is_told_once_with_its_schedule(child: Child) -> None:
    """One forecast for each series of the file, in its order; the day it was made is today."""
    judged = shipped().assess(child(BORN, "2024-01-15 08"), date(2024, 1, 20))

    assert ["45", "107", "89", "03", "21", "88"] == [one.vaccine.code for one in judged.forecast]
    assert "20240120" == judged.forecast_made
    assert (
        Forecast(
            vaccine=Coded("107", "DTaP, unspecified formulation", "CVX"),
            schedule=Coded("VXC16", "ACIP Schedule", "CDCPHINVS"),
            status="due in the future",
            earliest="20240226",
            due="20240315",
            overdue="20240513",
            latest="20310114",
        )
        == judged.forecast[1]
    )
