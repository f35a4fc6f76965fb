"""RXR: route and site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sender.record import VaccinationRecord
from sender.segments.rxr import rxr

ROUTES = [
    ("IM", "C28161^Intramuscular^NCIT^IM^Intramuscular^HL70162", "IM^Intramuscular^HL70162"),
    ("C28161", "C28161^Intramuscular^NCIT^IM^Intramuscular^HL70162", "IM^Intramuscular^HL70162"),
    ("PO", "C38288^Oral^NCIT^PO^Oral^HL70162", "PO^Oral^HL70162"),
    ("NS", "C38284^Nasal^NCIT^NS^Nasal^HL70162", "NS^Nasal^HL70162"),
    ("C38284", "C38284^Nasal^NCIT^NS^Nasal^HL70162", "NS^Nasal^HL70162"),
    ("OTH", "OTH^Other^HL70162", "OTH^Other^HL70162"),
    ("C38676", "C38676^Percutaneous^NCIT", "C38676^Percutaneous^NCIT"),
    ({"code": "JET", "text": "jet injector", "system": "L"}, "JET^jet injector^L", "JET^jet injector^L"),
    ({"code": "SC", "text": "under"}, "C38299^under^NCIT^SC^under^HL70162", "SC^under^HL70162"),
]


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_writes_the_route_in_the_code_system_of_the_release(
    vaccination_record: Callable[..., VaccinationRecord], route: Any
) -> None:
    """Release 1.5 has the NCIT code with that of table 0162 beside it, Release 1.4 table 0162 alone."""
    written, *expected = route
    for release, text in zip(("1.5", "1.4"), expected, strict=True):
        record = vaccination_record(dose={"route": written}, release=release)
        assert f"RXR|{text}" == rxr(record.vaccinations[0], record.form)


@pytest.mark.parametrize(
    ("release", "site", "expected"),
    [
        ("1.5", "LT", "LT^Left Thigh^HL70163"),
        ("1.5", "MO", "MO^Mouth^HL70163"),
        ("1.5", {"code": "X1", "text": "elsewhere", "system": "L"}, "X1^elsewhere^L"),
        ("1.4", "LT", "LT^^HL70163"),
        ("1.4", {"code": "X1", "text": "elsewhere", "system": "L"}, "X1^^L"),
    ],
)
def test_writes_the_site(
    vaccination_record: Callable[..., VaccinationRecord], release: str, site: Any, expected: Any
) -> None:
    """The site has a text in Release 1.5 only."""
    record = vaccination_record(dose={"route": "IM", "site": site}, release=release)
    assert expected == rxr(record.vaccinations[0], record.form).split("|")[2]


def test_is_left_out_without_a_route(vaccination_record: Callable[..., VaccinationRecord]) -> None:
    """RXR-1 is required, so without a route there is no segment."""
    record = vaccination_record(dose={})
    assert rxr(record.vaccinations[0], record.form) == ""
