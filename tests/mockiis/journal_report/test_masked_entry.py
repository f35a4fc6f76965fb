"""No column of a masked entry tells of a patient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from mockiis.journal_report import masked_entry
from mockiis.store.entry import JournalEntry

Make = Callable[..., JournalEntry]


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"explanation": "FAIL PID-5.1  want Smith  got 'Doe'", "summary": "PID-5.1 differs", "rule": ""},
        {"explanation": "got 'Doe'", "rule": ""},
        {"outcome": "fault", "status": "UnknownFault", "answer": "Kim Doe is not known", "findings": ()},
        {"outcome": "http", "status": "503", "answer": "<p>Kim Doe</p>", "findings": ()},
        {"operation": "connectivityTest", "request": "Kim Doe", "answer": "Kim Doe", "findings": ()},
        {"answer": "Kim Doe", "findings": ("ERR||PID^1^5|101|E||||Kim",)},
    ],
)
def test_nothing_of_the_patient_is_left(columns: dict[str, Any], entry: Make, of_patient: tuple[str, ...]) -> None:
    """In whichever column it stood."""
    whole = entry(**columns)
    told = repr(asdict(masked_entry(whole)))

    assert [] == [value for value in of_patient if value in told]
    assert whole.unmatched == masked_entry(whole).unmatched
    assert "M1" in told


def test_why_no_rule_answered_stays(entry: Make) -> None:
    """In the words without values."""
    assert "PID-5.1 differs" == masked_entry(entry(explanation="got 'Doe'", summary="PID-5.1 differs")).explanation


def test_the_errors_stay_in_codes(entry: Make) -> None:
    """Location, codes and severity."""
    assert ("ERR||PID^1^22|101^***^HL70357|E||||***",) == masked_entry(entry()).findings
