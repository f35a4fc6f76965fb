"""Damage to the text of an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.message.damage import control_character, replaced

ACK = "MSH|^~\\&|A\rMSA|AA|1\rERR|x\r"


def test_another_value() -> None:
    """The rest stays, whatever the line ends."""
    assert "MSH|^~\\&|A\nMSA|AA|2" == replaced("MSH|^~\\&|A\nMSA|AA|1", "MSA-2", "2")


@pytest.mark.parametrize("text", ["", "hello", "MSH|^~\\&|A\r"])
def test_what_has_no_such_place_stays(text: str) -> None:
    """Text that is no message, or one without the segment."""
    assert text == replaced(text, "MSA-2", "2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ACK, "MSH|^~\\&|A\rMSA|AA|1\x13ERR|x\r"),
        (ACK[:-1], "MSH|^~\\&|A\rMSA|AA|1\x13ERR|x"),
        ("a\nb\n", "a\x13b\n"),
        ("MSH|\r", "MSH|\x13\r"),
        ("", "\x13"),
    ],
)
def test_a_control_character(text: str, expected: str) -> None:
    """In place of the last CR between segments."""
    assert expected == control_character(text, "\x13")


@given(st.text(), st.text())
def test_nothing_raises(text: str, value: str) -> None:
    """Whatever the text."""
    replaced(text, "MSA-2", value)
    assert value in control_character(text, value)
