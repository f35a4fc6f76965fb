"""Small values of files that people write: what is taken, and what is said about the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from mockiis.entry_types import choice, probable_location, read_duration, read_location, read_text
from mockiis.er7 import Location


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("sopa", "'sopa' is not a transport; did you mean 'soap'?"),
        ("carrier pigeon", "'carrier pigeon' is not a transport; write one of: soap, mllp"),
        ("SOAP", "'SOAP' is not a transport; did you mean 'soap'?"),
        ("http", "'http' is not a transport; did you mean 'soap'?"),
        ("", "the value is missing"),
        ({"what": ""}, "write text here, not a mapping; quote text that begins with {"),
        ({}, "write text here, not an empty mapping; quote text that begins with {"),
        (["soap"], "write text here, not a list"),
    ],
)
def test_what_is_no_choice_is_refused_with_advice(value: object, advice: str) -> None:
    """The nearest choice, or all of them."""
    with pytest.raises(PydanticCustomError) as caught:
        choice("a transport", ("soap", "mllp"), {"HTTP": "soap"})(value)

    assert advice == caught.value.message()


def test_text_is_kept_as_written() -> None:
    """No stripping, no numbers."""

    assert " 007 " == read_text(" 007 ")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("250ms", 0.25), ("8s", 8.0), ("8 s", 8.0), ("1.5s", 1.5), ("2m", 120.0), ("0s", 0.0), ("60m", 3600.0)],
)
def test_duration(text: str, seconds: float) -> None:
    """Milliseconds, seconds and minutes become seconds."""
    assert seconds == pytest.approx(read_duration(text))


@pytest.mark.parametrize(
    "text", ["", "8", "s", "-1s", "8h", "1e3s", "٣s", "8s ", "2 minutes", "61m", "999999m", "1.s", "nan s"]
)
def test_what_is_no_duration(text: str) -> None:
    """Anything else, and more than an hour, is refused."""
    with pytest.raises(PydanticCustomError):
        read_duration(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("PID.22", "did you mean 'PID-22'?"),
        ("pid-5.1", "did you mean 'PID-5.1'?"),
        ("PID-5-1", "did you mean 'PID-5.1'?"),
        ("PID22", "did you mean 'PID-22'?"),
        ("the ethnic group", "write one such as PID-7, PID-5.1, PID-3[5=MR].1 or RXA[2]-3"),
    ],
)
def test_what_is_no_location_is_refused_with_advice(text: str, advice: str) -> None:
    """The complaint names the location that was probably meant."""
    with pytest.raises(PydanticCustomError) as caught:
        read_location(text)

    assert f"'{text}' is not an HL7 location; {advice}" == caught.value.message()


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
    assert meant == probable_location(typed)


@given(st.from_regex(r"[A-Za-z]{2}[A-Z0-9a-z][-. _^]?\d{1,7}([.-]\d{1,3}){0,3}") | st.text())
def test_whatever_is_suggested_is_a_location(typed: str) -> None:
    """A suggestion can be written as it stands."""
    meant = probable_location(typed)
    assert not meant or meant == str(Location.parse(meant))
