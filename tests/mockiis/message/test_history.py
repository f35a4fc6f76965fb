"""Persons as they are read from an RSP: what belongs to whom, and what a registry left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.er7 import read
from mockiis.message.history import persons
from mockiis.message.person import Coded, Evaluation, Forecast, Identifier, Name, Person, Phone

HEAD = "MSH|^~\\&|NDIIS|ND0000|||20240101||RSP^K11^RSP_K11|1|T|2.5.1\rMSA|AA|M1\rQAK|T|OK\rQPD|Z34\r"
PID = "PID|1||1^^^NDIIS^SR||DOE^JANE|SMITH^JOAN^^^^^M|19980629|F"


def found(*segments: str) -> tuple[Person, ...]:
    """The persons of a query response with these segments."""
    return persons(read(HEAD + "".join(f"{segment}\r" for segment in segments)))


def test_the_printed_answer_has_one_person_with_a_dose_and_a_forecast(data: Path) -> None:
    """The specification's example, at the positions of the guide."""
    text = (data / "ndiis-examples" / "RSP_K11_ex1_one_match_Z32.hl7").read_text("utf-8")
    (person,) = persons(read(text))

    assert ("DOE", "JANE", "19980629") == (person.name.family, person.name.given, person.birth_date)
    assert ["20"] == [dose.vaccine.code for dose in person.doses]


def test_each_person_has_what_follows_their_pid() -> None:
    """Protection, relatives and doses are not mixed up between candidates."""
    first, second = found(
        PID,
        "PD1||||||||||||N|20100409",
        "NK1|1|DOE^JOAN|MTH^Mother^HL70063",
        "ORC|RE||7",
        "RXA|0|1|20100607||20^DTaP^CVX|999",
        "PID|2||2^^^NDIIS^SR||DOE^JOHN",
        "NK1|1|DOE^JIM|FTH^Father^HL70063",
    )

    assert ("N", "20100409") == (first.protection, first.protection_date)
    assert ("", "") == (second.protection, second.protection_date)
    assert ["JOAN"] == [relative.name.given for relative in first.next_of_kin]
    assert ["JIM"] == [relative.name.given for relative in second.next_of_kin]
    assert (["7"], []) == ([dose.order_number for dose in first.doses], list(second.doses))


def test_without_pd1_nothing_is_protected() -> None:
    """PID-12 and PID-13 are not taken for PD1-12 and PD1-13."""
    (person,) = found("PID|1||1^^^NDIIS^SR||DOE^JANE|||F||||COUNTY|^PRN^PH^^^701^5550100")

    assert ("", "", Phone(area="701", number="5550100")) == (person.protection, person.protection_date, person.phone)


def test_an_empty_pid_is_a_person_of_whom_nothing_is_known() -> None:
    """Empty fields stay empty; parts that are made of several values are None."""
    expected = Person(identifiers=(), name=Name(family="", type=""), birth_date="", sex="")

    assert (expected,) == found("PID|1")


def test_identifiers_are_kept_as_written() -> None:
    """Every repetition that holds something, leading zeros and all."""
    (person,) = found("PID|1||0001^^^NDIIS^SR~~A-7^^^CLINIC^MR~5")

    assert (Identifier("0001"), Identifier("A-7", "CLINIC", "MR"), Identifier("5", "", "")) == person.identifiers


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        (["ORC|RE||1", "RXA|0|1|2024||08^^CVX", "ORC|RE||2", "RXA|0|1|2025||08^^CVX"], ["1", "2"]),
        (["RXA|0|1|2024||08^^CVX", "ORC|RE||2", "RXA|0|1|2025||08^^CVX"], ["", "2"]),
        (["ORC|RE||1", "RXA|0|1|2024||08^^CVX", "RXA|0|1|2025||08^^CVX"], ["1", ""]),
    ],
)
def test_an_order_number_goes_with_the_dose_after_it(orders: list[str], expected: list[str]) -> None:
    """ORC stands before its RXA; a dose without one has no number, not that of its neighbor."""
    (person,) = found(PID, *orders)

    assert expected == [dose.order_number for dose in person.doses]


def test_observations_of_a_dose_are_its_evaluation() -> None:
    """The LOINC codes tell what each OBX says."""
    (person,) = found(
        PID,
        "RXA|0|1|20240102||08^Hep B^CVX|999",
        "RXR|C28161^IM^NCIT|LT^Left Thigh^HL70163",
        "OBX|1|CE|30956-7^Vaccine type^LN|1|45^Hep B^CVX||||||F",
        "OBX|2|NM|30973-2^Dose number^LN|1|2||||||F",
        "OBX|3|ID|59781-5^Dose validity^LN|1|Y||||||F",
    )
    (dose,) = person.doses

    assert (Coded("C28161", "IM", "NCIT"), Coded("LT", "Left Thigh", "HL70163")) == (dose.route, dose.site)
    assert Evaluation(vaccine=Coded("45", "Hep B", "CVX"), dose_number="2", validity="Y") == dose.evaluations[0]


@pytest.mark.parametrize("second", ["2", "1"])
def test_a_combination_vaccine_has_an_evaluation_for_each_group(second: str) -> None:
    """OBX-4 tells them apart; where a registry numbers all of them 1, the vaccine type does."""
    (person,) = found(
        PID,
        "RXA|0|1|20240402||110^DTaP-Hep B-IPV^CVX|999",
        "OBX|1|CE|30956-7^Vaccine type^LN|1|107^DTaP^CVX||||||F",
        "OBX|2|ID|59781-5^Dose validity^LN|1|Y||||||F",
        f"OBX|3|CE|30956-7^Vaccine type^LN|{second}|45^Hep B^CVX||||||F",
        f"OBX|4|ID|59781-5^Dose validity^LN|{second}|N||||||F",
    )

    assert (
        Evaluation(vaccine=Coded("107", "DTaP", "CVX"), validity="Y"),
        Evaluation(vaccine=Coded("45", "Hep B", "CVX"), validity="N"),
    ) == person.doses[0].evaluations


def test_observations_of_other_things_are_no_evaluation() -> None:
    """Eligibility, funding and VIS dates say nothing about validity."""
    (person,) = found(PID, "RXA|0|1|20240402||110^^CVX|999", "OBX|1|CE|64994-7^Eligibility^LN|1|V01^^HL70064||||||F")

    assert () == person.doses[0].evaluations


def test_an_event_of_cvx_998_is_the_forecast() -> None:
    """No vaccine given: each OBX-4 is one vaccine that is due, in order; 30979-9 names it where 30956-7 does not."""
    (person,) = found(
        PID,
        "ORC|RE||9999",
        "RXA|0|1|20240301||998^No vaccine^CVX|999",
        "OBX|1|CE|30956-7^Vaccine type^LN|1|45^Hep B^CVX||||||F",
        "OBX|2|DT|30980-7^Due^LN|1|20240302||||||F",
        "OBX|3|CE|30979-9^Due next^LN|2|107^DTaP^CVX||||||F",
        "OBX|4|CE|59783-1^Status^LN|2|overdue||||||F",
    )

    assert ((), "20240301") == (person.doses, person.forecast_made)
    assert (
        Forecast(vaccine=Coded("45", "Hep B", "CVX"), due="20240302"),
        Forecast(vaccine=Coded("107", "DTaP", "CVX"), status="overdue"),
    ) == person.forecast


def test_a_message_without_pid_has_no_persons() -> None:
    """An ACK, or a query response with nobody in it."""
    assert () == found()


@given(
    st.lists(st.sampled_from([PID, "PID", "PD1", "NK1|", "ORC|RE||1", "RXA", "RXA|||||998", "RXR|", "OBX|||30956-7"]))
)
def test_every_pid_is_a_person(segments: list[str]) -> None:
    """Segments in any order, cut anywhere: one person a PID, and never an exception."""
    assert sum(segment.startswith("PID") for segment in segments) == len(found(*segments))
