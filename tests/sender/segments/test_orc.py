from __future__ import annotations

import pytest

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
def test_fills_the_order(vaccination_record, dose, expected):
    """Order numbers have the sending facility as their authority; a refusal has the order number 9999."""
    record = vaccination_record(dose=dose)
    assert expected == orc(record, record.vaccinations[0])
