"""What errors are made of, as far as it is more than data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.errors import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [("", ""), ("Nuñez 1^2", "Nuñez 1^2"), ("a\x1b[2Jb\r\n\x07", "a?[2Jb???"), ("\u202e\ud800\u2028", "???")],
)
def test_control_characters_are_shown_as_question_marks(text: str, shown: str) -> None:
    """Escape sequences, line ends, changes of direction and halves of characters reach no terminal."""
    assert shown == printable(text)


@given(st.text(st.characters()))
def test_what_is_printed_is_one_line_of_the_same_length(text: str) -> None:
    """Nothing is left out, and nothing that a terminal would obey is left in."""
    assert (True, len(text)) == (printable(text).isprintable(), len(printable(text)))
