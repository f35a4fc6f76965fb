"""Small values of a case file."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from certification.values import Duration, choice, looks_like_location, read_location, read_text


@pytest.mark.parametrize(("text", "seconds"), [("200ms", 0.2), ("2s", 2.0), ("1.5 s", 1.5)])
def test_a_duration_is_read_as_seconds(text: str, seconds: float) -> None:
    """Milliseconds and seconds, with or without a blank."""

    assert seconds == TypeAdapter(Duration).validate_python(text)


@pytest.mark.parametrize("text", ["2", "2 minutes", "-1s", ""])
def test_other_durations_are_refused(text: str) -> None:
    """A number without a unit could be anything."""
    with pytest.raises(ValidationError):
        TypeAdapter(Duration).validate_python(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("PID.22", "did you mean 'PID-22'?"),
        ("pid-5.1", "did you mean 'PID-5.1'?"),
        ("PID-5-1", "did you mean 'PID-5.1'?"),
        ("PID22", "did you mean 'PID-22'?"),
        ("the ethnic group", "write one such as PID-22, PID-5.1 or RXA[2]-15"),
    ],
)
def test_what_is_no_location_is_refused_with_advice(text: str, advice: str) -> None:
    """The complaint names the location that was probably meant."""
    with pytest.raises(PydanticCustomError) as caught:
        read_location(text)

    assert f"'{text}' is not an HL7 location; {advice}" == caught.value.message()


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


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("sopa", "'sopa' is not a transport; did you mean 'soap'?"),
        ("carrier pigeon", "'carrier pigeon' is not a transport; write one of: soap, mllp"),
        ("", "the value is missing"),
        ({"what": ""}, "write text here, not a mapping; quote text that begins with {"),
        (["soap"], "write text here, not a list"),
    ],
)
def test_what_is_no_choice_is_refused_with_advice(value: object, advice: str) -> None:
    """The nearest choice, or all of them."""
    with pytest.raises(PydanticCustomError) as caught:
        choice("a transport", ("soap", "mllp"))(value)

    assert advice == caught.value.message()


def test_text_is_kept_as_written() -> None:
    """No stripping, no numbers."""

    assert " 007 " == read_text(" 007 ")
