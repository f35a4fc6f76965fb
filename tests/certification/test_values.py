"""Small values of a case file."""

from __future__ import annotations

import pytest

from certification.values import looks_like_location, read_place
from mockiis.er7 import Location


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("PID-22", True),
        ("PID.22", True),
        ("pid-22", True),
        ("PID", True),
        ("OBX[3.1=64994-7]-5", True),
        ("outcome", False),
        ("same_as", False),
        ("persons", False),
        ("echo", False),
    ],
)
def test_keys_that_were_meant_as_locations_are_told(key: str, expected: bool) -> None:
    """So that a slip in a location gets advice about locations."""

    assert expected == looks_like_location(key)


def test_a_place_is_read_once() -> None:
    """Text becomes a location; what is one already stays the same."""
    location = Location.parse("PID-5.1")

    assert location == read_place("PID-5.1")
    assert location is read_place(location)
