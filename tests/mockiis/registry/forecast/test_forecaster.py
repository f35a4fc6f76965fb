"""Forecasters as a whole: whatever is in a record, they answer, and the same record gets the same answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mockiis.message.person import Coded, Dose, Evaluation, Forecast, Identifier, Name, Person
from mockiis.registry.forecast import Forecaster, NoForecaster, Scripted, shipped
from mockiis.registry.forecast.projection import STATUSES

Child = Callable[..., Person]
FORECASTER = shipped()
CODES = ["03", "08", "10", "20", "21", "28", "45", "48", "94", "107", "110", "111", "120", "150", "998", "", "DTaP"]
BIRTH = date(2020, 2, 29)


def hl7(day: date) -> str:
    return day.isoformat().replace("-", "")


DAYS = st.dates(date(2019, 12, 1), date(2034, 1, 1))
TEXTS = st.one_of(
    DAYS.map(hl7), st.dates().map(hl7), st.sampled_from(["", "2024", "202402", "20230229", "00000000", "x"])
)


def dose(given: str, code: str, completion: str = "CP", lot: str = "") -> Dose:
    return Dose(given=given, vaccine=Coded(code, "", "CVX"), completion=completion, lot=lot)


DOSES = st.builds(
    dose, DAYS.map(hl7), st.sampled_from(CODES), st.sampled_from(["CP"] * 5 + ["RE", "NA", "PA"]), st.sampled_from("ab")
)
ANY_DOSES = st.builds(dose, TEXTS, st.sampled_from(CODES), st.sampled_from(["CP", "RE", "NA", "PA", "", "??"]))


def person(birth_date: str, doses: list[Dose]) -> Person:
    name = Name(family="Adams")
    return Person(identifiers=(Identifier("1"),), name=name, birth_date=birth_date, sex="F", doses=tuple(doses))


@given(TEXTS, st.lists(ANY_DOSES, max_size=12), st.dates())
def test_whatever_is_in_a_record_it_is_assessed(born: str, doses: list[Dose], today: date) -> None:
    """Never an exception; nothing but evaluations and forecast is changed; a second time changes nothing."""
    before = person(born, doses)
    after = FORECASTER.assess(before, today)

    bare = tuple(replace(dose, evaluations=()) for dose in after.doses)
    assert before == replace(after, doses=bare, forecast=(), forecast_made="")
    assert after == FORECASTER.assess(after, today)
    assert all(forecast.status in STATUSES for forecast in after.forecast)


def test_the_first_and_the_last_date_there_is_are_dates_too() -> None:
    """Seasons and ages beyond them end there."""
    for born, today in (("00010101", date.min), ("00010101", date.max), ("99991231", date.max)):
        assert len(FORECASTER.schedule.series) == len(FORECASTER.assess(person(born, []), today).forecast)


@given(st.lists(DOSES, max_size=12), st.dates(BIRTH, date(2060, 1, 1)))
def test_dates_are_in_order(doses: list[Dose], today: date) -> None:
    """Earliest, due, overdue, and none after the latest; the status says on which side of them today is."""
    for forecast in FORECASTER.assess(person(hl7(BIRTH), doses), today).forecast:
        dates = [forecast.earliest, forecast.due, forecast.overdue, *([forecast.latest] if forecast.latest else [])]
        assert sorted(dates) == dates
        if forecast.status in {"complete", "aged out"}:
            assert not any(dates)
        else:
            assert all(dates)
            passed = (hl7(today) >= forecast.due) + (hl7(today) >= forecast.overdue)
            assert ["due in the future", "due", "past due"][passed] == forecast.status


@given(st.lists(DOSES, max_size=10), st.sampled_from(CODES), st.integers(0, 400))
def test_a_later_dose_changes_nothing_about_earlier_ones(doses: list[Dose], code: str, days: int) -> None:
    """Each dose is judged by those before it."""
    today = date(2040, 1, 1)
    last = max((date.fromisoformat(one.given) for one in doses), default=BIRTH)
    added = dose(hl7(last + timedelta(days=days + 1)), code)
    before = FORECASTER.assess(person(hl7(BIRTH), doses), today)
    after = FORECASTER.assess(person(hl7(BIRTH), [*doses, added]), today)

    assert before.doses == after.doses[:-1]


@given(st.lists(DOSES, max_size=10).flatmap(lambda doses: st.tuples(st.just(doses), st.permutations(doses))))
def test_the_order_in_a_record_does_not_matter(orders: tuple[list[Dose], list[Dose]]) -> None:
    """The same doses in another order: the same evaluations and the same forecast."""
    one, other = (FORECASTER.assess(person(hl7(BIRTH), doses), date(2034, 1, 1)) for doses in orders)

    assert one.forecast == other.forecast
    assert sorted(one.doses, key=repr) == sorted(other.doses, key=repr)


@given(st.lists(DOSES, max_size=10))
def test_numbers_of_valid_doses_count_up(doses: list[Dose]) -> None:
    """In each series that is not yearly: 1, 2, 3 by day, one of each."""
    numbers: dict[str, list[tuple[str, int]]] = {}
    for judged in FORECASTER.assess(person(hl7(BIRTH), doses), date(2034, 1, 1)).doses:
        for one in judged.evaluations:
            assert (one.validity == "Y") == (bool(one.dose_number) or one.reason.startswith("extra"))
            if one.dose_number and one.series != "Influenza yearly":
                numbers.setdefault(one.series, []).append((judged.given, int(one.dose_number)))

    for counted in numbers.values():
        assert list(range(1, len(counted) + 1)) == [number for _, number in sorted(counted)]


def test_a_script_says_what_is_told_of_its_persons(child: Child) -> None:
    """Forecast and evaluations word for word; other persons are worked out."""
    said = Evaluation(validity="N", reason="recalled lot")
    due = Forecast(vaccine=Coded("17", "Hib, unspecified formulation", "CVX"), due="20240809", status="overdue")
    alice = child("2024-01-15", "2024-03-15 20, 2024-05-15 20")
    script = replace(alice, doses=(replace(alice.doses[0], evaluations=(said,)),), forecast=(due,))
    forecaster: Forecaster = Scripted([script], otherwise=FORECASTER)
    today = date(2024, 6, 1)
    told = forecaster.assess(alice, today)

    assert ((said,), ()) == tuple(dose.evaluations for dose in told.doses)
    assert ((due,), "20240601") == (told.forecast, told.forecast_made)
    bob = replace(alice, identifiers=(Identifier("77002"),))
    assert FORECASTER.assess(bob, today) == forecaster.assess(bob, today)


def test_a_registry_can_do_without_a_forecaster(child: Child) -> None:
    """Then doses have no evaluation and nothing is due."""
    alice = child("2024-01-15", "2024-03-15 20")
    told = FORECASTER.assess(alice, date(2024, 6, 1))

    assert alice == NoForecaster().assess(told, date(2024, 6, 1))
