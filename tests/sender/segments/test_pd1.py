"""PD1: publicity, protection and registry status."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sender.record import VaccinationRecord
from sender.segments.pd1 import pd1


@pytest.mark.parametrize(
    ("patient", "expected"),
    [
        ({}, ""),
        ({"publicity": "02"}, "PD1|||||||||||02^Reminder/recall - any method^HL70215"),
        ({"protected": "no", "protected_date": "2024-01-02"}, "PD1||||||||||||N|20240102"),
        ({"protected": "yes"}, "PD1||||||||||||Y"),
        (
            {
                "publicity": "01",
                "publicity_date": "2024-01-04",
                "registry_status": "A",
                "registry_status_date": "2024-01-03",
            },
            "PD1|||||||||||01^No reminder/recall^HL70215|||||A|20240103|20240104",
        ),
    ],
)
def test_fills_additional_demographics(
    vaccination_record: Callable[..., VaccinationRecord], patient: Any, expected: Any
) -> None:
    """The segment has what the record says of publicity, protection and status, and is left out otherwise."""
    assert expected == pd1(vaccination_record(patient))
