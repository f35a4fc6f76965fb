"""The forms of an NDC."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.profile.ndc import forms


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("49281-0400-10", ["49281-0400-10"]),
        ("49281040010", ["49281-0400-10"]),
        (" 49281-0400-10 ", ["49281-0400-10"]),
        ("49281-400-10", ["49281-0400-10"]),
        ("0006-4681-00", ["00006-4681-00"]),
        ("54868-0734-0", ["54868-0734-00"]),
        ("4928140010", ["04928-1400-10", "49281-0400-10", "49281-4001-00"]),
        ("0006-468-00", []),
        ("00006-4681-000", []),
        ("000064681", []),
        ("000064681000", []),
        ("４９２８１-0400-10", []),
        ("Engerix-B", []),
        ("", []),
    ],
)
def test_a_code_stands_for_11_digits(code: str, expected: list[str]) -> None:
    """The short segment gets a zero in front; without dashes it may be any of the three."""
    assert expected == list(forms(code))


@settings(deadline=None)
@given(st.integers(0, 99999), st.integers(0, 9999), st.integers(0, 99))
def test_every_form_of_a_code_leads_back_to_it(labeler: int, product: int, package: int) -> None:
    """With dashes, without, and as any package may print it."""
    code = f"{labeler:05}-{product:04}-{package:02}"
    short = [f"{labeler:04}-{product:04}-{package:02}"] if labeler < 10000 else []
    short += [f"{labeler:05}-{product:03}-{package:02}"] if product < 1000 else []
    short += [f"{labeler:05}-{product:04}-{package}"] if package < 10 else []
    assert all(code in forms(one) for one in (code, code.replace("-", ""), *short))
    assert all(code in forms(one.replace("-", "")) for one in short)


@settings(deadline=None)
@given(st.text())
def test_any_text_has_forms_or_none(text: str) -> None:
    """What is no NDC has none; the others are 5-4-2."""
    assert all([5, 4, 2] == [len(part) for part in form.split("-")] for form in forms(text))
