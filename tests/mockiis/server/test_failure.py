"""What is said of an error of our own."""

from __future__ import annotations

from mockiis.server.failure import internal_error


def test_an_error_of_our_own_names_its_place_and_not_its_text() -> None:
    """The innermost place in the code; the error's text may quote a message."""
    try:
        int("Doe^Jane")
    except ValueError as error:
        said = internal_error(error)

    assert said.startswith("internal error: ValueError at test_failure.py:")
    assert said.endswith(" in test_an_error_of_our_own_names_its_place_and_not_its_text")
    assert "Doe" not in said
