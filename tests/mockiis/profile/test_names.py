"""Locations in words."""

from __future__ import annotations

import pytest

from mockiis.er7 import Location
from mockiis.profile.names import field_in_words, in_words, segment_in_words


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("PID-22", "Patient ethnic group (PID-22)"),
        ("PID[1]-22", "Patient ethnic group (PID-22)"),
        ("PID-11.3", "Patient address - city (PID-11.3)"),
        ("PID-5[2].1", "Patient name 2 - family name (PID-5[2].1)"),
        ("RXA[2]-15", "Vaccine 2: lot number (RXA[2]-15)"),
        ("RXA[1]-5[1].1", "Vaccine 1: administered code - code (RXA[1]-5.1)"),
        ("RXA-5", "Vaccine administered code (RXA-5)"),
        ("OBX[9]-5", "Observation 9: value (OBX[9]-5)"),
        ("MSH[1]-12", "Message version (MSH-12)"),
        ("QPD-6", "Query birth date (QPD-6)"),
        ("RXA[2]", "Vaccine 2 (RXA[2])"),
        ("PID[2]-7", "Patient 2: birth date (PID[2]-7)"),
        ("PID-40", "Patient (PID-40)"),
        ("ZZZ-3", "ZZZ-3"),
    ],
)
def test_a_location_is_told_in_words_with_its_code(location: str, words: str) -> None:
    """Segment, field and component have the names a clinic would use, and the code stands beside them."""

    assert words == in_words(Location.parse(location))


def test_no_location_is_the_whole_message() -> None:
    """An error without a location concerns the whole message."""

    assert in_words(None) == "Whole message"


def test_names_of_segments_and_fields() -> None:
    """By themselves, for those who show a message field by field; nothing where there is none."""
    name, components = field_in_words("PID", 5)

    assert ("Patient", "") == (segment_in_words("PID"), segment_in_words("ZZZ"))
    assert ("name", "family name", "given name") == (name, components["1"], components["2"])
    assert ("sex", {}) == field_in_words("PID", 8)
    assert ("", {}) == field_in_words("PID", 99) == field_in_words("ZZZ", 1)
