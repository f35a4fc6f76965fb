"""Dates, numbers and shares."""

from __future__ import annotations

import pytest
from pydantic_core import PydanticCustomError

from mockiis.scenario.values import read_date, read_number


@pytest.mark.parametrize(
    ("text", "hl7"), [("2024-04-02", "20240402"), ("20240402", "20240402"), ("2024-02-29", "20240229")]
)
def test_date(text: str, hl7: str) -> None:
    """Dates become what HL7 writes."""
    assert hl7 == read_date(text)


@pytest.mark.parametrize(
    "text", ["", "2023-02-29", "20241301", "0000-01-01", "2024-4-2", "02.04.2024", "2024", "٢٠٢٤0402"]
)
def test_what_is_no_date(text: str) -> None:
    """What is not in the calendar, or not a whole date, is refused."""
    with pytest.raises(PydanticCustomError):
        read_date(text)


@pytest.mark.parametrize("text", ["0.5", ".25", "999", "1"])
def test_number_is_kept_as_written(text: str) -> None:
    """Amounts stay as the author wrote them."""
    assert text == read_number(text)


@pytest.mark.parametrize("text", ["", "half", "1.", "-1", "1e3", "1,5"])
def test_what_is_no_number(text: str) -> None:
    """Anything else is refused."""
    with pytest.raises(PydanticCustomError):
        read_number(text)
