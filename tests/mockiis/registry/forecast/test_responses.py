"""Assessed persons in query responses: valid by their profile, read back as they were, seen alike by python-hl7."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import hl7
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.er7 import read
from mockiis.message import Request, query_response, read_answer
from mockiis.message.person import Coded, Dose, Identifier, Name, Person
from mockiis.profile.validator import validator
from mockiis.registry.forecast import NoForecaster, shipped

Child = Callable[..., Person]
TODAY = date(2025, 2, 1)
NAMES = {"Z34": "Request Immunization History", "Z44": "Request Evaluated History and Forecast"}
HISTORIES = {
    "nothing": "",
    "birth dose": "2024-01-15 08",
    "combination vaccines": "2024-01-15 08, 2024-03-15 110, 2024-05-15 110, 2024-07-15 110, 2025-01-15 94",
    "too early": "2024-01-15 08, 2024-01-20 08, 2025-01-09 03",
    "refused": "2024-03-15 20 RE",
    "of no series": "2024-03-15 48",
    "everything": "2024-01-15 08, 2024-03-15 120, 2024-03-15 48, 2024-05-15 10 RE, 2024-10-01 150, 2025-01-20 21",
}


def answer(person: Person, query: str, standard: str) -> str:
    """What the registry will answer: Z42 to Z44, Z32 to Z34, there with the forecast only for NDIIS."""
    text = (
        f"MSH|^~\\&|EHR|CLINIC|NDIIS|ND0000|20250201120000-0600||QBP^Q11^QBP_Q11|Q1|T|2.5.1|||ER|AL|||||{query}^CDCPHINVS\r"
        f"QPD|{query}^{NAMES[query]}^CDCPHINVS|7|77001^^^NDIIS^SR|ADAMS^ALICE^^^^^L||20240115|F\r"
        "RCP|I|5^RD&Records&HL70126\r"
    )
    received = datetime(2025, 2, 1, 18, tzinfo=UTC)
    request = Request(transport="mllp", received=received, control_id="1", message=read(text))
    profile = {"Z44": "Z42", "Z34": "Z32"}[query]
    built = query_response(request, profile, "OK", [person], evaluated=False, forecast=standard == "ndiis")
    judged = validator(standard).judge(read(built), received)
    assert (profile, ()) == (judged.profile, judged.findings)
    return built


@pytest.mark.parametrize("standard", ["cdc", "ndiis"])
@pytest.mark.parametrize("doses", HISTORIES.values(), ids=HISTORIES)
def test_z42_tells_all_of_it(child: Child, doses: str, standard: str) -> None:
    """Evaluations and forecast come back as they were worked out; a dose of no series has its vaccine type."""
    person = shipped().assess(child("2024-01-15", doses), TODAY)
    (back,) = read_answer(read(answer(person, "Z44", standard))).persons

    assert (person.forecast, person.forecast_made) == (back.forecast, back.forecast_made)
    for dose, told in zip(person.doses, back.doses, strict=True):
        assert dose.evaluations == told.evaluations or not dose.evaluations
        assert told.evaluations


@pytest.mark.parametrize("doses", HISTORIES.values(), ids=HISTORIES)
def test_z32_is_the_history_and_for_ndiis_the_forecast(child: Child, doses: str) -> None:
    """A mistake of peers: the forecast in Z32 by the guide's profile."""
    person = shipped().assess(child("2024-01-15", doses), TODAY)
    (by_cdc,) = read_answer(read(answer(person, "Z34", "cdc"))).persons
    (by_ndiis,) = read_answer(read(answer(person, "Z34", "ndiis"))).persons

    assert ((), person.forecast) == (by_cdc.forecast, by_ndiis.forecast)
    assert not any(dose.evaluations for one in (by_cdc, by_ndiis) for dose in one.doses)
    assert len(person.doses) == len(by_cdc.doses) == len(by_ndiis.doses)


@pytest.mark.parametrize("doses", HISTORIES.values(), ids=HISTORIES)
@pytest.mark.parametrize("born", ["2024-01-15", "2026-01-01", "2024"])
def test_z42_has_an_observation_in_every_group(child: Child, doses: str, born: str) -> None:
    """Also of a person without a forecast and without a dose; python-hl7 counts the groups."""
    for forecaster in (shipped(), NoForecaster()):
        person = replace(forecaster.assess(child(born, doses), TODAY), birth_date="20240115")
        witness = hl7.parse(answer(person, "Z44", "ndiis"))
        order, groups = 0, Counter[int]()
        for segment in witness:
            order += str(segment[0]) == "RXA"
            groups[order] += str(segment[0]) == "OBX"

        assert order == len(witness.segments("ORC")) >= 1
        assert all(groups[number] for number in range(1, order + 1))


def test_python_hl7_finds_the_dates_of_each_group(child: Child) -> None:
    """OBX-4 keeps the groups apart; dates are DT in LOINC's places."""
    person = shipped().assess(child("2024-01-15", HISTORIES["combination vaccines"]), TODAY)
    witness = hl7.parse(answer(person, "Z44", "cdc"))
    due = {(str(obx[4]), str(obx[3][0][0])): str(obx[5]) for obx in witness.segments("OBX") if str(obx[2]) == "DT"}

    expected = {}
    for number, one in enumerate(person.forecast, 1):
        dates = {"30981-5": one.earliest, "30980-7": one.due, "59777-3": one.latest, "59778-1": one.overdue}
        expected |= {(str(number), code): day for code, day in dates.items() if day}
    assert expected == due


DOSES = st.builds(
    lambda day, code, completion, number: Dose(
        given=day.isoformat().replace("-", ""),
        vaccine=Coded(code, "", "CVX"),
        order_number=str(number),
        completion=completion,
        refusal=Coded("00", "Parental decision", "NIP002") if completion == "RE" else None,
    ),
    st.dates(date(2024, 1, 15), TODAY),
    st.sampled_from(["03", "08", "10", "20", "21", "48", "94", "110", "150"]),
    st.sampled_from(["CP", "CP", "CP", "PA", "RE"]),
    st.integers(1, 10**9),
)


@settings(max_examples=60)
@given(st.lists(DOSES, max_size=8, unique_by=(lambda dose: dose.order_number, lambda dose: (dose.given, dose.vaccine))))
def test_any_history_is_answered_validly_and_read_back(doses: list[Dose]) -> None:
    """Both queries by both standards."""
    name = Name(family="Adams", given="Alice")
    identifiers = (Identifier("77001"),)
    bare = Person(identifiers=identifiers, name=name, birth_date="20240115", sex="F", doses=tuple(doses))
    person = shipped().assess(bare, TODAY)
    for standard in ("cdc", "ndiis"):
        for query in ("Z34", "Z44"):
            (back,) = read_answer(read(answer(person, query, standard))).persons
            if query == "Z44":
                assert person.forecast == back.forecast
                assert all(
                    one.evaluations in ((), told.evaluations)
                    for one, told in zip(person.doses, back.doses, strict=True)
                )
