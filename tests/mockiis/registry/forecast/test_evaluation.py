"""Doses judged by the shipped series, worked out by hand from ``series.yaml``. Most children are born on 2024-01-15:
4 weeks are then 02-12, 6 weeks 02-26, 10 weeks 03-25, 14 weeks 04-22, 24 weeks 07-01.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from mockiis.message.person import Evaluation, Person
from mockiis.registry.forecast import shipped

Child = Callable[..., Person]
TODAY = date(2032, 1, 1)
BORN = "2024-01-15"
EXTRA = "Y extra: the series was complete before this dose"
LIVE = "N given less than 28 days after another live vaccine"


def told(person: Person, group: str) -> list[str]:
    """For each dose that is of the group: number, validity, reason."""
    judged = shipped().assess(person, TODAY)
    of_group = [one for dose in judged.doses for one in dose.evaluations if one.vaccine and one.vaccine.code == group]
    return [" ".join(filter(None, (one.dose_number, one.validity, one.reason))) for one in of_group]


HEPATITIS_B = [
    ("2024-01-15 08", ["1 Y"]),
    ("2024-01-15 08, 2024-02-12 08", ["1 Y", "2 Y"]),
    ("2024-01-15 08, 2024-02-08 08", ["1 Y", "2 Y"]),
    ("2024-01-15 08, 2024-02-07 08", ["1 Y", "N given before the age of 4 weeks"]),
    ("2024-01-25 08, 2024-02-15 08", ["1 Y", "N given less than 4 weeks after the dose before"]),
    ("2024-01-15 08, 2024-03-15 08, 2024-07-01 08", ["1 Y", "2 Y", "3 Y"]),
    ("2024-01-15 08, 2024-03-15 08, 2024-06-27 08", ["1 Y", "2 Y", "3 Y"]),
    ("2024-01-15 08, 2024-03-15 08, 2024-06-26 08", ["1 Y", "2 Y", "N given before the age of 24 weeks"]),
    ("2024-01-15 08, 2024-05-20 08, 2024-07-11 08", ["1 Y", "2 Y", "3 Y"]),
    (
        "2024-01-15 08, 2024-05-20 08, 2024-07-10 08, 2024-08-30 08, 2024-10-25 08",
        ["1 Y", "2 Y", *["N given less than 8 weeks after the dose before"] * 2, "3 Y"],
    ),
    (
        "2024-05-01 08, 2024-06-01 08, 2024-08-01 08",
        ["1 Y", "2 Y", "N given less than 16 weeks after the first dose"],
    ),
    ("2024-05-01 08, 2024-06-01 08, 2024-08-17 08", ["1 Y", "2 Y", "3 Y"]),
    ("2024-01-15 08, 2024-03-15 08, 2024-07-01 08, 2025-01-15 08", ["1 Y", "2 Y", "3 Y", EXTRA]),
    ("2024-01-15 08, 2024-01-15 45", ["1 Y", "N given on the same day as another dose of this group"]),
    ("2024-01-15 08, 2024-03-15 110, 2024-05-15 110", ["1 Y", "2 Y", "N given before the age of 24 weeks"]),
]
DTAP = [
    ("2024-02-22 20", ["1 Y"]),
    ("2024-02-21 20", ["N given before the age of 6 weeks"]),
    ("2024-02-21 20, 2024-03-16 20", ["N given before the age of 6 weeks", "1 Y"]),
    (
        "2024-02-21 20, 2024-03-15 20",
        ["N given before the age of 6 weeks", "N given less than 4 weeks after the dose before"],
    ),
    ("2024-03-15 20, 2024-05-15 110, 2024-07-15 120, 2025-01-15 20", ["1 Y", "2 Y", "3 Y", "4 Y"]),
    ("2024-03-15 20, 2024-05-15 20, 2024-07-11 20, 2025-01-11 20", ["1 Y", "2 Y", "3 Y", "4 Y"]),
    (
        "2024-03-15 20, 2024-05-15 20, 2024-07-10 20, 2025-01-10 20",
        ["1 Y", "2 Y", "3 Y", "N given before the age of 12 months"],
    ),
    ("2024-03-15 20, 2024-05-15 20, 2024-09-15 20, 2025-01-15 20", ["1 Y", "2 Y", "3 Y", "4 Y"]),
    (
        "2024-03-15 20, 2024-05-15 20, 2024-09-16 20, 2025-01-15 20",
        ["1 Y", "2 Y", "3 Y", "N given less than 4 months after the dose before"],
    ),
    (
        "2024-03-15 20, 2024-05-15 20, 2024-07-15 20, 2028-01-15 20, 2028-08-01 20",
        ["1 Y", "2 Y", "3 Y", "4 Y", EXTRA],
    ),
    (
        "2024-03-15 20, 2024-05-15 20, 2024-07-15 20, 2028-01-11 20, 2028-08-01 20",
        ["1 Y", "2 Y", "3 Y", "4 Y", EXTRA],
    ),
    (
        "2024-03-15 20, 2024-05-15 20, 2024-07-15 20, 2028-01-10 20, 2028-07-10 20",
        ["1 Y", "2 Y", "3 Y", "4 Y", "5 Y"],
    ),
    ("2024-02-22 20, 2024-03-21 20, 2024-04-18 20", ["1 Y", "2 Y", "3 Y"]),
    ("2024-02-22 20, 2024-03-20 20", ["1 Y", "N given before the age of 10 weeks"]),
    ("2024-02-22 20, 2024-03-21 20, 2024-04-17 20", ["1 Y", "2 Y", "N given before the age of 14 weeks"]),
    ("2024-03-15 20, 2024-05-15 20, 2024-06-08 20", ["1 Y", "2 Y", "3 Y"]),
    ("2024-03-15 20, 2024-05-15 20, 2024-06-07 20", ["1 Y", "2 Y", "N given less than 4 weeks after the dose before"]),
    (
        "2024-03-15 20, 2024-05-15 20, 2027-07-15 20, 2028-01-15 20, 2028-08-01 20",
        ["1 Y", "2 Y", "3 Y", "4 Y", EXTRA],
    ),
    (
        "2024-03-15 20, 2024-05-15 20, 2027-08-15 20, 2028-01-15 20, 2028-07-15 20",
        ["1 Y", "2 Y", "3 Y", "4 Y", "5 Y"],
    ),
    ("2031-01-14 20", ["1 Y"]),
    ("2031-01-15 20", ["N given at the age of 7 years or later"]),
    ("2024-03-15 28, 2024-05-15 115", []),
]
POLIO = [
    ("2024-02-26 10, 2024-03-25 10, 2024-04-22 10", ["1 Y", "2 Y", "3 Y"]),
    ("2024-03-15 10, 2024-05-15 10, 2028-02-01 10, 2029-01-01 10", ["1 Y", "2 Y", "3 Y", EXTRA]),
    ("2024-03-15 10, 2027-10-01 10, 2028-02-01 10, 2028-08-01 10", ["1 Y", "2 Y", "3 Y", "4 Y"]),
    (
        "2024-03-15 10, 2024-05-15 10, 2024-07-15 10, 2027-06-01 10",
        ["1 Y", "2 Y", "3 Y", "N given before the age of 4 years"],
    ),
    ("2024-02-22 10, 2024-03-21 10, 2024-04-18 10", ["1 Y", "2 Y", "3 Y"]),
    ("2024-02-21 10", ["N given before the age of 6 weeks"]),
    ("2024-02-22 10, 2024-03-20 10", ["1 Y", "N given before the age of 10 weeks"]),
    ("2024-02-22 10, 2024-03-21 10, 2024-04-17 10", ["1 Y", "2 Y", "N given before the age of 14 weeks"]),
    ("2024-03-15 10, 2024-04-08 10", ["1 Y", "2 Y"]),
    ("2024-03-15 10, 2024-04-07 10", ["1 Y", "N given less than 4 weeks after the dose before"]),
    ("2024-03-15 10, 2024-05-15 10, 2027-06-01 10, 2028-01-15 10", ["1 Y", "2 Y", "3 Y", "4 Y"]),
    (
        "2024-03-15 10, 2024-05-15 10, 2027-10-01 10, 2028-03-01 10",
        ["1 Y", "2 Y", "3 Y", "N given less than 6 months after the dose before"],
    ),
    ("2024-03-15 10, 2027-08-01 10, 2028-02-01 10, 2029-01-01 10", ["1 Y", "2 Y", "3 Y", EXTRA]),
    ("2024-03-15 10, 2027-09-01 10, 2028-02-01 10, 2028-08-01 10", ["1 Y", "2 Y", "3 Y", "4 Y"]),
    ("2024-03-15 178, 2024-05-15 182", []),
]
MMR = [
    ("2025-01-11 03", ["1 Y"]),
    ("2025-01-10 03, 2025-02-07 03, 2025-03-07 03", ["N given before the age of 12 months", "1 Y", "2 Y"]),
    ("2025-01-15 03, 2025-02-08 03", ["1 Y", "N given before the age of 13 months"]),
    ("2025-03-01 03, 2025-03-25 03", ["1 Y", "2 Y"]),
    ("2025-03-01 03, 2025-03-24 03", ["1 Y", "N given less than 4 weeks after the dose before"]),
    ("2026-10-01 111, 2026-10-15 03", [f"{LIVE} (CVX 111)"]),
    ("2025-01-15 03, 2025-02-11 94", ["1 Y", "2 Y"]),
]
VARICELLA = [
    ("2025-01-11 21", ["1 Y"]),
    ("2025-01-10 21", ["N given before the age of 12 months"]),
    ("2025-01-15 21, 2025-04-15 21", ["1 Y", "2 Y"]),
    ("2025-01-15 21, 2025-02-15 21", ["1 Y", "2 Y"]),
    ("2025-01-15 21, 2025-02-14 21", ["1 Y", "N given before the age of 13 months"]),
    ("2025-03-01 21, 2025-03-28 21", ["1 Y", "N given less than 4 weeks after the dose before"]),
    ("2025-01-15 03, 2025-01-15 21", ["1 Y"]),
    ("2025-01-15 03, 2025-02-11 21", [f"{LIVE} (CVX 03)"]),
    ("2025-01-15 03, 2025-02-12 21", ["1 Y"]),
    ("2025-01-15 03, 2025-02-11 94", [f"{LIVE} (CVX 03)"]),
]
INFLUENZA = [
    (BORN, "2024-07-11 150", ["1 Y"]),
    (BORN, "2024-07-10 150", ["N given before the age of 6 months"]),
    (BORN, "2024-10-01 150, 2024-10-29 150, 2024-12-01 150", ["1 Y", "2 Y", EXTRA]),
    (BORN, "2024-10-01 150, 2024-10-24 150", ["1 Y", "N given less than 4 weeks after the dose before"]),
    (BORN, "2024-10-01 150, 2024-10-29 150, 2025-09-15 140, 2025-10-20 140", ["1 Y", "2 Y", "1 Y", EXTRA]),
    (BORN, "2024-10-01 150, 2025-09-15 140, 2025-10-15 140", ["1 Y", "1 Y", "2 Y"]),
    (BORN, "2025-06-20 140, 2025-07-05 140", ["1 Y", "N given less than 4 weeks after the dose before"]),
    ("2015-01-15", "2024-10-01 150, 2024-11-01 150", ["1 Y", EXTRA]),
    ("2015-11-01", "2024-10-15 150, 2024-11-20 150", ["1 Y", "2 Y"]),
]
CASES = [
    *[("45", BORN, *case) for case in HEPATITIS_B],
    *[("107", BORN, *case) for case in DTAP],
    *[("89", BORN, *case) for case in POLIO],
    *[("03", BORN, *case) for case in MMR],
    *[("21", BORN, *case) for case in VARICELLA],
    *[("88", *case) for case in INFLUENZA],
]


@pytest.mark.parametrize(("group", "born", "doses", "expected"), CASES)
def test_which_doses_count(child: Child, group: str, born: str, doses: str, expected: list[str]) -> None:
    """As which dose of the series, or why not."""
    assert expected == told(child(born, doses), group)


NOT_JUDGED = [
    ("2024-03-15 20 RE", "refused: does not count"),
    ("2024-03-15 20 NA", "not given: does not count"),
    ("2024-03-15 20 PA", "N only partly given: does not count"),
    ("2024 20", "N the date is not known to the day"),
    ("202403 20", "N the date is not known to the day"),
    ("20240230 20", "N the date is not known to the day"),
    ("soon 20", "N the date is not known to the day"),
    ("2024-01-14 20", "N given before birth"),
    ("2032-01-02 20", "N dated after today"),
]


@pytest.mark.parametrize(("dose", "expected"), NOT_JUDGED)
def test_what_cannot_be_judged_is_told_and_does_not_count(child: Child, dose: str, expected: str) -> None:
    """The dose after it is dose 1."""
    assert {expected, "1 Y"} == set(told(child(BORN, f"{dose}, 2024-05-15 20"), "107"))


def test_a_combination_vaccine_is_judged_for_each_group(child: Child) -> None:
    """DTaP-Hep B-IPV: three evaluations with the code of the unspecified formulation, series and schedule."""
    (dose,) = shipped().assess(child(BORN, "2024-02-26 110"), TODAY).doses

    assert ["45", "107", "89"] == [one.vaccine.code for one in dose.evaluations if one.vaccine]
    assert {"VXC16"} == {one.schedule.code for one in dose.evaluations if one.schedule}
    assert ["Hepatitis B 3-dose", "DTaP 5-dose", "Polio 4-dose"] == [one.series for one in dose.evaluations]


def test_a_vaccine_of_no_series_is_not_judged(child: Child) -> None:
    """Hib is not in the file; a time of day does not matter."""
    hib, dtap = shipped().assess(child(BORN, "2024-03-15 48, 202403151030 20"), TODAY).doses

    assert () == hib.evaluations
    assert [("1", "Y")] == [(one.dose_number, one.validity) for one in dtap.evaluations]


@pytest.mark.parametrize(
    ("born", "reason"),
    [
        ("", "not evaluated: the birth date is not known to the day"),
        ("2024", "not evaluated: the birth date is not known to the day"),
        ("20241301", "not evaluated: the birth date is not known to the day"),
        ("20320102", "not evaluated: born after today"),
    ],
)
def test_without_a_birth_date_nothing_is_judged(child: Child, born: str, reason: str) -> None:
    """No forecast either; the reason is told."""
    judged = shipped().assess(child(born, "2024-03-15 21"), TODAY)
    (said,) = judged.doses[0].evaluations

    assert Evaluation(vaccine=said.vaccine, schedule=said.schedule, series="Varicella 2-dose", reason=reason) == said
    assert ((), "") == (judged.forecast, judged.forecast_made)
