"""The file of series: what is shipped holds together, and what somebody else writes is read or refused with reasons."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from mockiis.errors import DocumentError
from mockiis.profile.codes import shipped as shipped_codes
from mockiis.registry.forecast import SeriesForecaster, read_schedule, shipped_schedule
from mockiis.registry.forecast.schedule import Series

TEXT = files("mockiis.registry.forecast").joinpath("series.yaml").read_text(encoding="utf-8")
SERIES = {series.name: series for series in shipped_schedule().series}
BORN = date(2024, 1, 15)


def test_it_says_what_it_is_for() -> None:
    """In the file's first lines and as data."""
    assert "for interface testing, not for care" == shipped_schedule().label
    assert "FOR INTERFACE TESTING, NOT FOR CARE" in TEXT.splitlines()[1]


@pytest.mark.parametrize("series", SERIES.values(), ids=SERIES)
def test_codes_are_those_of_their_group(series: Series) -> None:
    """The group has CDC's code and name, and every vaccine that counts is in CDC's vaccine group."""
    codes = shipped_codes()
    group = codes.cvx(series.group.cvx)

    assert group
    assert group.name == series.group.name
    for code in series.vaccines:
        vaccine = codes.cvx(code)
        assert vaccine, code
        pentavalent_of_a_later_file = code == "198" and not vaccine.groups
        assert pentavalent_of_a_later_file or series.group.cvx in {one.cvx for one in vaccine.groups}, code


@pytest.mark.parametrize("series", SERIES.values(), ids=SERIES)
def test_ages_and_intervals_rise(series: Series) -> None:
    """Minimum, recommended, past due; each dose is later than the one before; every row has a source."""
    ages = [
        [age.after(BORN) for age in (rule.minimum_age, rule.recommended_age, rule.past_due_age)]
        for rule in series.doses
    ]

    assert all(sorted(row) == row for row in ages)
    assert all(sorted(column) == list(column) for column in zip(*ages, strict=True))
    assert all(": " in rule.source for rule in series.doses)
    for rule in series.doses:
        spans = (rule.accepted_interval, rule.minimum_interval, rule.recommended_interval, rule.past_due_interval)
        days = [span.after(BORN) for span in spans if span]
        assert sorted(days) == days


def test_live_vaccines_are_known_codes() -> None:
    """Each is a CVX code, and the live series are among them."""
    assert all(shipped_codes().cvx(code) for code in shipped_schedule().live.vaccines)
    assert all(
        set(series.vaccines) <= set(shipped_schedule().live.vaccines) for series in SERIES.values() if series.live
    )


def test_another_file_of_the_same_form_takes_its_place() -> None:
    """Somebody's own schedule."""
    own = read_schedule(TEXT.replace("label: for interface testing, not for care", "label: ours"), "ours.yaml")

    assert "ours" == SeriesForecaster(own).schedule.label


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("grace: 4 days", "grace: four", "grace: 'four' is not an age or interval; write one such as 6 weeks"),
        ("grace: 4 days", "grase: 4 days", "unknown key 'grase'; did you mean 'grace'?"),
        ('cvx: "107"', 'cvx: "45"', "two series are of the same group (CVX 45)"),
        ('cvx: "107"', "cvx: DTaP", "'DTaP' is not a CVX code; write two or three digits, such as 03"),
        ("begins: 07-01", "begins: 07-32", "'07-32' is not a day of the year; write month and day, such as 07-01"),
        ("one_dose_after: 2", "one_dose_after: none", "write a whole number here"),
        ("        minimum_interval: 8 weeks\n", "", "dose 3 has no minimum_interval"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, complaint: str) -> None:
    """File, line, and what to write."""
    assert old in TEXT
    line = TEXT[: TEXT.index(old)].count("\n") + 1

    with pytest.raises(DocumentError) as caught:
        read_schedule(TEXT.replace(old, new, 1), "mine.yaml")

    assert complaint in str(caught.value)
    assert str(caught.value).startswith("mine.yaml:")
    assert "series" in complaint or "dose" in complaint or f"mine.yaml:{line}:" in str(caught.value)


def test_a_yearly_series_has_two_doses() -> None:
    """The yearly one and the second one of young children."""
    text = TEXT[: TEXT.rindex("      - minimum_age: 6 months")]

    with pytest.raises(DocumentError, match="a yearly series has two doses"):
        read_schedule(text, "mine.yaml")
