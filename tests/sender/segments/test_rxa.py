"""RXA: what was given, or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sender.record import VaccinationRecord
from sender.segments.rxa import rxa

START = "RXA|0|1|20240506|20240506|94^^CVX|0.5|mL^mL^UCUM||00^New immunization record^NIP001"


@pytest.mark.parametrize(
    ("dose", "expected"),
    [
        pytest.param({}, f"{START}" + "|" * 11 + "CP|A", id="least"),
        pytest.param(
            {"date": "2024-05-06T11:16", "amount": "999"},
            "RXA|0|1|202405061116|202405061116|94^^CVX|999|||00^New immunization record^NIP001" + "|" * 11 + "CP|A",
            id="amount-unknown-has-no-units",
        ),
        pytest.param(
            {"vaccine": {"code": "94", "text": "MMRV"}, "ndc": {"code": "00006-4171-00", "text": "ProQuad"}},
            START.replace("94^^CVX", "94^MMRV^CVX^00006-4171-00^ProQuad^NDC") + "|" * 11 + "CP|A",
            id="ndc-as-alternate",
        ),
        pytest.param(
            {"kind": "historical", "source": "03", "amount": ""},
            "RXA|0|1|20240506|20240506|94^^CVX|999|||03^Historical information - from parent's written record^NIP001"
            + "|" * 11
            + "CP|A",
            id="historical",
        ),
        pytest.param(
            {"kind": "historical", "amount": ""},
            "RXA|0|1|20240506|20240506|94^^CVX|999|||01^Historical information - source unspecified^NIP001"
            + "|" * 11
            + "CP|A",
            id="historical-source-unspecified",
        ),
        pytest.param(
            {
                "administered_by": {"family": "Berg", "given": "Liv"},
                "location": {"facility": "Clinic, PC", "address": {"street": "1 Elm St", "city": "Minot"}},
                "lot": "X|9",
                "expiry": "2025-01",
                "manufacturer": "MSD",
                "completion": "PA",
                "action": "U",
            },
            f"{START}|^Berg^Liv|^^^Clinic, PC^^^^^1 Elm St^^Minot||||X\\F\\9|202501|MSD^^MVX|||PA|U",
            id="everything-else",
        ),
        pytest.param({"location": "Clinic"}, f"{START}||^^^Clinic|||||||||CP|A", id="facility-alone"),
        pytest.param(
            {"kind": "refused", "refusal_reason": {"code": "02", "text": "next visit"}, "action": "A"},
            "RXA|0|1|20240506|20240506|94^^CVX|999" + "|" * 12 + "02^next visit^NIP002||RE|A",
            id="refused",
        ),
    ],
)
def test_fills_the_dose(vaccination_record: Callable[..., VaccinationRecord], dose: Any, expected: Any) -> None:
    """Each thing a record can say about a dose stands at its field."""
    record = vaccination_record(dose=dose)
    assert expected == rxa(record.vaccinations[0], record.form)


@pytest.mark.parametrize(("expiry", "expected"), [("2025-06-30", "202506300000"), ("2025-06", "202506"), ("", "")])
def test_writes_the_expiry_with_a_time_in_release_1_4(
    vaccination_record: Callable[..., VaccinationRecord], expiry: str, expected: Any
) -> None:
    """NDIIS prints midnight after the day; a month has no time to add."""
    record = vaccination_record(dose={"expiry": expiry, "lot": "L"}, release="1.4")
    assert f"|L|{expected}|" in rxa(record.vaccinations[0], record.form)


def test_writes_iso_units_in_release_1_4(vaccination_record: Callable[..., VaccinationRecord]) -> None:
    """NDIIS prints ISO+ where Release 1.5 has UCUM."""
    record = vaccination_record(dose={}, release="1.4")
    assert "|0.5|mL^mL^ISO+|" in rxa(record.vaccinations[0], record.form)
