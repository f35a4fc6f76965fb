"""What a case may expect of the values at a place."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic_core import PydanticCustomError

from certification.expected import read_expectation


@pytest.mark.parametrize(
    ("written", "found", "expected"),
    [
        ("AA", ["AA"], True),
        ("AA", ["aa"], False),
        ("AA", ["AA", "AE"], True),
        ("AA", ["AE", "AA"], False),
        ("AA", [], False),
        (["AA", "CA"], ["CA"], True),
        (["AA", "CA"], ["AE"], False),
        ({"all": ["161", "83"]}, ["161", "83"], True),
        ({"all": ["161", "83"]}, ["83", "161"], False),
        ({"all": ["161"]}, ["161", "83"], False),
        ({"missing": "true"}, [], True),
        ({"missing": "true"}, ["x"], False),
        ({"present": "true"}, ["x"], True),
        ({"present": "true"}, [], False),
        ({"new": "true"}, ["M3"], True),
        ({"new": "true"}, ["M1"], False),
        ({"new": "true"}, [], False),
    ],
)
def test_it_holds_or_it_does_not(written: Any, found: list[str], expected: bool) -> None:
    """Text is letter by letter and about the first value; a mapping is an operator."""

    assert expected == read_expectation(written).holds(found, {"M1", "M2"})


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("", "there is no value; write {missing: true} for an empty or absent one, {present: true} for any"),
        ({"mising": "true"}, "unknown key 'mising'; did you mean 'missing'?"),
        ({"missing": "yes"}, "write true"),
        ({"missing": "true", "new": "true"}, "write exactly one of: all, missing, present, new"),
        ({"all": "161"}, "write a list of values here, such as [A, B]"),
        ([], "write a list of values here, such as [A, B]"),
        ([""], "the value is missing"),
    ],
)
def test_what_makes_no_sense_is_refused(written: Any, complaint: str) -> None:
    """Each complaint says what to write instead."""
    with pytest.raises(PydanticCustomError) as caught:
        read_expectation(written)

    assert complaint == caught.value.message()


def test_it_says_in_words_what_is_expected() -> None:
    """For reports and for --explain."""
    written: list[Any] = ["AA", ["AA", "CA"], {"all": ["1", "2"]}, {"missing": "true"}, {"present": "true"}]

    assert ["AA", "AA or CA", "1, 2", "missing", "a value"] == [read_expectation(each).words for each in written]
