"""ORC: order numbers, and who entered and ordered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sender.record import VaccinationRecord
from sender.segments.orc import orc

NURSE = {"id": "55", "family": "Berg", "given": "Liv", "authority": "NDA", "name_type": "L", "id_type": "MD"}


@pytest.mark.parametrize(
    ("dose", "expected"),
    [
        ({}, "ORC|RE||A1^CLINIC"),
        (
            {"placer_order_number": "P1", "filler_order_number": {"number": "A1", "authority": "OTHER"}},
            "ORC|RE|P1^CLINIC|A1^OTHER",
        ),
        (
            {"filler_order_number": {"number": "A1", "authority": {"name": "X", "oid": "1.2"}}},
            "ORC|RE||A1^X^1.2^ISO",
        ),
        (
            {
                "entered_by": {"family": "Berg", "given": "Liv"},
                "ordering_provider": NURSE,
                "entering_organization": "7",
            },
            "ORC|RE||A1^CLINIC|||||||^Berg^Liv||55^Berg^Liv^^^^^^NDA^L^^^MD|||||7^^HL70362",
        ),
        ({"kind": "refused"}, "ORC|RE||9999^CLINIC"),
    ],
)
def test_fills_the_order(vaccination_record: Callable[..., VaccinationRecord], dose: Any, expected: Any) -> None:
    """Order numbers have the sending facility as their authority; a refusal has the order number 9999."""
    record = vaccination_record(dose=dose)
    assert expected == orc(record, record.vaccinations[0])
