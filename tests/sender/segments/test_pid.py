"""PID: the patient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sender.record import VaccinationRecord
from sender.segments.pid import pid

START = "PID|1||123^^^CLINIC^MR||Winter^Nora^^^^^L"


@pytest.mark.parametrize(
    ("patient", "expected"),
    [
        pytest.param({}, f"{START}||20200229|F", id="least"),
        pytest.param(
            {"identifiers": [{"id": "1", "type": "SR", "authority": "NDIIS"}, {"id": "2", "type": "MR"}]},
            "PID|1||1^^^NDIIS^SR~2^^^CLINIC^MR||Winter^Nora^^^^^L||20200229|F",
            id="identifiers-repeat",
        ),
        pytest.param(
            {"identifiers": {"id": "1", "type": "MR", "authority": {"name": "NDA", "oid": "2.16.840"}}},
            "PID|1||1^^^NDA&2.16.840&ISO^MR||Winter^Nora^^^^^L||20200229|F",
            id="authority-with-oid",
        ),
        pytest.param(
            {
                "name": {"family": "Winter", "given": "Nora", "middle": "Ann", "suffix": "II", "prefix": "Ms"},
                "other_names": {"family": "Summer", "given": "N", "type": "A"},
            },
            "PID|1||123^^^CLINIC^MR||Winter^Nora^Ann^II^Ms^^L~Summer^N^^^^^A||20200229|F",
            id="names",
        ),
        pytest.param(
            {"mothers_maiden_name": {"family": "Frost", "given": "May"}},
            f"{START}|Frost^May^^^^^M|20200229|F",
            id="maiden-name",
        ),
        pytest.param(
            {"race": ["2106-3", "2028-9"], "ethnicity": "2186-5"},
            f"{START}||20200229|F||2106-3^White^CDCREC~2028-9^Asian^CDCREC" + "|" * 12
            + "2186-5^Not Hispanic or Latino^CDCREC",
            id="race-and-ethnicity-by-code",
        ),
        pytest.param(
            {"addresses": {"street": "1 Elm St", "other": "Apt 2", "city": "Minot", "state": "ND", "zip": "58701",
                           "country": "USA", "county": "38101", "type": "H"}},
            f"{START}||20200229|F|||1 Elm St^Apt 2^Minot^ND^58701^USA^H^^38101",
            id="address",
        ),
        pytest.param(
            {"phones": ["701-555-0100", {"area": "701", "number": "5550101", "use": "WPN", "extension": "7"}],
             "emails": "nora@example.org"},
            f"{START}||20200229|F|||||^PRN^PH^^^701^5550100~^WPN^PH^^^701^5550101^7~^NET^Internet^nora@example.org",
            id="telephones-then-mail",
        ),
        pytest.param(
            {"language": "spa", "marital_status": "S"},
            f"{START}||20200229|F|||||||spa^Spanish^ISO6392|S",
            id="language-and-marital-status",
        ),
        pytest.param(
            {"multiple_birth": "yes", "birth_order": "2", "deceased": "yes", "death_date": "2024-01-02"},
            f"{START}||20200229|F" + "|" * 16 + "Y|2||||20240102|Y",
            id="twin-and-death",
        ),
    ],
)  # fmt: skip
def test_fills_the_patient(vaccination_record: Callable[..., VaccinationRecord], patient: Any, expected: Any) -> None:
    """Each thing a record can say about the patient stands at its field."""
    assert expected == pid(vaccination_record(patient))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ({"family": "Winter", "given": "Nora"}, "Winter^Nora^"),
        ({"family": "Winter", "given": "Nora", "middle": "Ann"}, "Winter^Nora^Ann"),
        ({"family": "Winter", "given": "Nora", "suffix": "II"}, "Winter^Nora^^II"),
    ],
)
def test_writes_names_without_a_type_in_release_1_4(
    vaccination_record: Callable[..., VaccinationRecord], name: Any, expected: Any
) -> None:
    """NDIIS prints family, given and middle name at their places, even when the last is empty."""
    record = vaccination_record({"name": name, "mothers_maiden_name": {"family": "Frost"}}, release="1.4")
    assert f"PID|1||123^^^CLINIC^MR||{expected}|Frost|20200229|F" == pid(record)
