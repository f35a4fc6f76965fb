"""RSP messages as they are built, and read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.er7 import Location, read, write
from mockiis.message import Request, query_response, read_answer
from mockiis.message.person import (
    Address,
    Coded,
    Dose,
    Evaluation,
    Forecast,
    Identifier,
    Name,
    NextOfKin,
    Observation,
    Person,
    Phone,
)
from mockiis.profile import Finding
from mockiis.profile.validator import validator

QBP = (
    "MSH|^~\\&|EHR|CLINIC||ND0000|20240102||QBP^Q11^QBP_Q11|Q1|T|2.5.1|||ER|AL|||||Z44^CDCPHINVS\r"
    "QPD|Z44^Request Evaluated History and Forecast^CDCPHINVS|007|0001^^^NDIIS^SR~^^|DOE^JO\\T\\Y|||\r"
    "RCP|I|5^RD&records&HL70126\r"
)
ACIP = Coded("VXC16", "ACIP Schedule", "CDCPHINVS")
JOY = Person(
    identifiers=(Identifier("0001"), Identifier("A-7", "CLINIC", "MR")),
    name=Name(family="O'Neil & Sons", given="Joy", middle="M"),
    mother=Name(family="Baker", given="Anna", type="M"),
    birth_date="20240102",
    sex="F",
    races=(Coded("2106-3", "White", "CDCREC"), Coded("2028-9", "Asian", "CDCREC")),
    address=Address(street="1 Elm St", city="Fargo", state="ND", zip="58103", country="USA"),
    phone=Phone(area="701", number="5550100"),
    ethnicity=Coded("2186-5", "not Hispanic or Latino", "CDCREC"),
    multiple_birth="Y",
    birth_order="2",
    aliases=(Name(family="Baker", given="Joy", type="A"),),
    other_addresses=(Address(street="P.O. Box 7", city="Fargo", state="ND", zip="58106", type="M"),),
    other_phones=(
        Phone(area="701", number="5550144", use="ORN", equipment="CP"),
        Phone(area="", number="", use="NET", equipment="Internet", email="joy@example.org"),
    ),
    death="Y",
    death_date="20240401",
    publicity=Coded("02", "Reminder/recall - any method", "HL70215"),
    publicity_date="20240104",
    status="A",
    status_date="20240105",
    protection="N",
    protection_date="20240103",
    next_of_kin=(NextOfKin(name=Name(family="Baker", given="Anna"), relationship=Coded("MTH", "Mother", "HL70063")),),
    doses=(
        Dose(
            given="20240102",
            vaccine=Coded("08", "Hep B, adolescent or pediatric", "CVX"),
            order_number="7",
            amount="0.5",
            units="mL",
            source=Coded("00", "New immunization record", "NIP001"),
            facility="Clinic",
            lot="L|1",
            expires="20251231",
            manufacturer=Coded("MSD", "Merck", "MVX"),
            route=Coded("C28161", "Intramuscular", "NCIT"),
            site=Coded("LT", "Left Thigh", "HL70163"),
            observations=(
                Observation(
                    code=Coded("64994-7", "Eligibility", "LN"),
                    value=Coded("V02", "Medicaid", "HL70064"),
                    group="2",
                    date="20240102",
                    method=Coded("VXC40", "per immunization", "CDCPHINVS"),
                ),
                Observation(
                    code=Coded("29769-7", "Date VIS presented", "LN"), value=Coded("20240102"), type="DT", group="3"
                ),
            ),
            evaluations=(
                Evaluation(
                    vaccine=Coded("45", "Hep B, unspecified", "CVX"),
                    schedule=Coded("VXC16", "ACIP Schedule", "CDCPHINVS"),
                    dose_number="1",
                    series="Hep B",
                    validity="Y",
                    reason="at birth",
                ),
            ),
        ),
    ),
    forecast=(
        Forecast(
            vaccine=Coded("45", "Hep B, unspecified", "CVX"),
            schedule=Coded("VXC16", "ACIP Schedule", "CDCPHINVS"),
            status="due",
            earliest="20240130",
            due="20240302",
            latest="20300101",
            overdue="20240402",
        ),
        Forecast(vaccine=Coded("107", "DTaP", "CVX"), schedule=Coded("VXC16", "ACIP Schedule", "CDCPHINVS")),
    ),
    forecast_made="20240301",
)


def test_a_person_is_read_back_as_built(request_for: Callable[..., Request]) -> None:
    """Everything a Z32 carries comes back: identifiers, names, relatives, doses, evaluation, forecast."""
    text = query_response(request_for(QBP), "Z32", "OK", [JOY])

    assert (JOY,) == read_answer(read(text)).persons


def test_qpd_is_echoed_byte_for_byte(request_for: Callable[..., Request]) -> None:
    """Escapes, leading zeros, empty repetitions and trailing delimiters are the query's own."""
    text = query_response(request_for(QBP), "Z33", "NF")

    assert QBP.split("\r")[1] == text.split("\r")[3]
    assert "QAK|007|NF|Z44^Request Evaluated History and Forecast^CDCPHINVS" == text.split("\r")[2]


@pytest.mark.parametrize(
    ("status", "severity", "code"),
    [
        ("OK", None, "AA"),
        ("NF", None, "AA"),
        ("TM", None, "AA"),
        ("AE", None, "AE"),
        ("AR", None, "AR"),
        ("OK", "I", "AA"),
        ("OK", "W", "AE"),
        ("AE", "E", "AE"),
    ],
)
def test_msa_1_follows_from_status_and_findings(
    request_for: Callable[..., Request], status: str, severity: str | None, code: str
) -> None:
    """None found and too many are successes; a warning makes AE."""
    findings = [Finding(code="999", severity=severity)] if severity else []  # type: ignore[arg-type]

    assert code == read(query_response(request_for(QBP), "Z33", status, findings=findings)).get("MSA-1")


def test_an_rsp_carries_the_most_severe_finding_only(request_for: Callable[..., Request]) -> None:
    """ERR may not repeat in RSP^K11."""
    findings = [
        Finding(code="0", severity="I", text="fine"),
        Finding(code="102", severity="E", text="no date", location=Location.parse("QPD-6")),
        Finding(code="999", severity="W"),
    ]
    answer = read(query_response(request_for(QBP), "Z33", "AE", findings=findings))

    assert ["ERR||QPD^1^6|102^Data type error^HL70357|E||||no date"] == [s.text for s in answer.named("ERR")]


def test_z42_has_an_observation_in_every_group_and_no_relatives(request_for: Callable[..., Request]) -> None:
    """A dose that nobody evaluated still says its vaccine type and schedule; NK1 and PD1 are not in Z42."""
    person = replace(JOY, doses=(replace(JOY.doses[0], evaluations=()),))
    answer = read(query_response(request_for(QBP), "Z42", "OK", [person]))

    assert [] == answer.named("NK1") + answer.named("PD1")
    assert ["30956-7", "59779-9"] == answer.values("OBX-3.1")[:2]


COMBINED = replace(
    JOY.doses[0],
    observations=(),
    evaluations=(
        Evaluation(
            vaccine=Coded("107", "DTaP, unspecified formulation", "CVX"),
            schedule=ACIP,
            dose_number="1",
            series="DTaP",
            validity="Y",
        ),
        Evaluation(
            vaccine=Coded("45", "Hep B, unspecified formulation", "CVX"),
            schedule=ACIP,
            validity="N",
            reason="too early",
        ),
    ),
)


def test_each_vaccine_group_of_a_dose_has_its_own_obx_4(request_for: Callable[..., Request]) -> None:
    """A combination vaccine: OBX-1 runs on, OBX-4 tells the groups apart, and all of it is read back."""
    person = replace(JOY, doses=(COMBINED,), forecast=(), forecast_made="", next_of_kin=(), protection="")
    answer = read(query_response(request_for(QBP), "Z42", "OK", [person]))
    (back,) = read_answer(answer).persons

    assert [str(n) for n in range(1, 10)] == answer.values("OBX-1")
    assert ["1"] * 5 + ["2"] * 4 == answer.values("OBX-4")
    assert person.doses == back.doses


@pytest.mark.parametrize("forecast", [True, False])
def test_z32_is_the_history_and_under_ndiis_the_forecast(request_for: Callable[..., Request], forecast: bool) -> None:
    """What the guide leaves to Z42 is not in Z32, whatever the person carries; NDIIS adds the forecast."""
    text = query_response(request_for(QBP), "Z32", "OK", [JOY], evaluated=False, forecast=forecast)
    (back,) = read_answer(read(text)).persons

    expected = (JOY.forecast, JOY.forecast_made) if forecast else ((), "")
    assert ((), *expected) == (back.doses[0].evaluations, back.forecast, back.forecast_made)


UNOBSERVED = replace(JOY, doses=(replace(JOY.doses[0], observations=()),))


def test_z42_cannot_leave_out_what_it_is_for(request_for: Callable[..., Request]) -> None:
    """Evaluations and forecast are told, whatever is said for Z32."""
    text = query_response(request_for(QBP), "Z42", "OK", [UNOBSERVED], evaluated=False, forecast=False)
    (back,) = read_answer(read(text)).persons

    assert (UNOBSERVED.doses, UNOBSERVED.forecast) == (back.doses, back.forecast)


PERSONS = {
    "all there is": JOY,
    "combination vaccine": replace(JOY, doses=(COMBINED, replace(COMBINED, order_number="8", given="20240302"))),
    "refusal": replace(
        JOY,
        doses=(
            Dose(
                given="20240302",
                vaccine=Coded("10", "IPV", "CVX"),
                completion="RE",
                refusal=Coded("00", "Parental decision", "NIP002"),
            ),
        ),
    ),
    "nothing evaluated": replace(JOY, doses=(replace(JOY.doses[0], evaluations=()),), forecast=(), forecast_made=""),
    "neither dose nor forecast": replace(JOY, doses=(), forecast=(), forecast_made=""),
}


@pytest.mark.parametrize("standard", ["cdc", "ndiis"])
@pytest.mark.parametrize("profile", ["Z32", "Z42"])
@pytest.mark.parametrize("person", PERSONS.values(), ids=PERSONS)
def test_what_is_built_is_valid(
    request_for: Callable[..., Request], person: Person, profile: str, standard: str
) -> None:
    """Every response passes its own profile, and what it tells is read back."""
    query = QBP.replace("~^^|DOE^JO\\T\\Y|", "|DOE^JOY^^^^^L|")
    if profile == "Z32":
        query = query.replace("Z44", "Z34").replace("Evaluated History and Forecast", "Immunization History")
    request = request_for(query)
    answer = read(query_response(request, profile, "OK", [person], forecast=standard == "ndiis", evaluated=False))
    judged = validator(standard).judge(answer, request.received)
    (back,) = read_answer(answer).persons

    assert (profile, ()) == (judged.profile, judged.findings)
    assert [dose.given for dose in person.doses] == [dose.given for dose in back.doses]
    assert person.forecast == back.forecast or (profile, standard) == ("Z32", "cdc")


def test_candidates_are_numbered_and_have_no_history(request_for: Callable[..., Request]) -> None:
    """Z31: PID-1 counts from 1 (IZ-72), no ORC or RXA."""
    answer = read(query_response(request_for(QBP), "Z31", "OK", [JOY, JOY]))

    assert ["1", "2"] == answer.values("PID-1")
    assert [] == answer.named("RXA")


def test_observations_are_numbered_within_their_group(request_for: Callable[..., Request]) -> None:
    """OBX-1 runs from 1 in each order group (NIST-01), OBX-4 tells evaluation, observations and the
    vaccines of one forecast apart.
    """
    answer = read(query_response(request_for(QBP), "Z32", "OK", [JOY]))

    assert [str(n) for n in (*range(1, 9), *range(1, 10))] == answer.values("OBX-1")
    assert ["1"] * 6 + ["2", "3"] + ["1"] * 7 + ["2"] * 2 == answer.values("OBX-4")


def test_the_specification_s_answer_comes_from_its_values(data: Path, request_for: Callable[..., Request]) -> None:
    """The printed one-match answer, at the guide's positions, is what is built from its person."""
    printed = read((data / "ndiis-examples" / "RSP_K11_ex1_one_match_Z32.hl7").read_text("utf-8"))
    query = (data / "ndiis-examples" / "QBP_Q11_Z34.hl7").read_text("utf-8")
    (person,) = read_answer(printed).persons
    built = read(query_response(request_for(query), "Z32", "OK", [person]))

    same = ("MSA", "QAK", "QPD", "PID", "PD1", "NK1", "ORC", "RXA")
    assert [s.text for s in printed.segments if s.id in same] == [s.text for s in built.segments if s.id in same]


WORDS = st.text(alphabet="aB1|^~\\&\r\n \u00e9", max_size=8)


@given(family=WORDS, lot=WORDS, identifier=WORDS)
def test_no_value_breaks_the_message(family: str, lot: str, identifier: str) -> None:
    """Values with delimiters and line ends come back as they were."""
    request = Request(transport="mllp", received=datetime(2024, 1, 1, tzinfo=UTC), control_id="1", message=read(QBP))
    person = replace(
        JOY,
        name=Name(family=family, given="x"),
        identifiers=(Identifier(identifier),),
        doses=(replace(JOY.doses[0], lot=lot),),
    )
    text = query_response(request, "Z32", "OK", [person])
    (back,) = read_answer(read(text)).persons

    assert text == write(read(text))
    assert (family, lot, identifier) == (back.name.family, back.doses[0].lot, back.identifiers[0].id)
