"""The location that was probably meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.er7 import Location
from mockiis.scenario.locations import nearest


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("PID.7", "PID-7"),
        ("PID 7", "PID-7"),
        ("PID7", "PID-7"),
        ("pid-7", "PID-7"),
        (" PID-7 ", "PID-7"),
        ("PID_5_1", "PID-5.1"),
        ("PID-5-1", "PID-5.1"),
        ("PID.5.1.2", "PID-5.1.2"),
        ("PID^5^1", "PID-5.1"),
        ("PID-05.01", "PID-5.1"),
        ("rxa[2].3", "RXA[2]-3"),
        ("PID.3[5=MR].1", "PID-3[5=MR].1"),
        ("obx[3.1=64994-7].5.1", "OBX[3.1=64994-7]-5.1"),
        ("PID-0", ""),
        ("PID-5[0]", ""),
        ("PIDX-5", ""),
        ("patient", ""),
        ("", ""),
    ],
)
def test_nearest_location(typed: str, meant: str) -> None:
    """Other separators, letter case and leading zeros are understood; anything else is not guessed."""
    assert meant == nearest(typed)


@given(st.from_regex(r"[A-Za-z]{2}[A-Z0-9a-z][-. _^]?\d{1,7}([.-]\d{1,3}){0,3}") | st.text())
def test_whatever_is_suggested_is_a_location(typed: str) -> None:
    """A suggestion can be written as it stands."""
    meant = nearest(typed)
    assert not meant or meant == str(Location.parse(meant))
