"""JSON read as YAML is: every scalar as text."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.errors import DocumentError
from mockiis.json_text import parse
from mockiis.yaml_text import MAX_DEPTH, MAX_NODES


def test_scalars_are_text_as_written() -> None:
    """Codes keep their zeros and numbers their digits; nothing is no value."""
    data, marks = parse(b'{"a": [7, 0.50, 1e3, true, false, null, "03", "\\ud83d\\ude00"]}', "x")

    assert {"a": ["7", "0.50", "1e3", "true", "false", "", "03", "\U0001f600"]} == data
    assert {(1, 1)} == set(marks.values())
    assert ("a", 7) in marks


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "x:1:1: this is not JSON: expecting value"),
        (b'{\n "a": }', "x:2:7: this is not JSON: expecting value"),
        (b"\xfe", "x:1:1: this is not UTF-8 (byte 0)"),
        (b'{"a": 1, "a": 2}', "x:1:1: 'a' stands twice in the same object"),
        (b"-Infinity", "x:1:1: this is not JSON: there is no number -Infinity"),
        (b'"\\udfff"', "x:1:1: an escape sequence here stands for no character"),
        (b'{"\\udfff": 1}', "x:1:1: an escape sequence here stands for no character"),
        (b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2), "x:1:1: there are more than 200000 values or 50 levels"),
        (b"[" * 1_000_000, "x:1:1: there are more than 200000 values or 50 levels"),
        (b"[" + b"1," * MAX_NODES + b"1]", "x:1:1: there are more than 200000 values or 50 levels"),
    ],
)
def test_what_is_no_such_json_is_told(text: bytes, said: str) -> None:
    """In a sentence."""
    with pytest.raises(DocumentError) as refused:
        parse(text, "x")

    assert said == str(refused.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing else happens."""
    with suppress(DocumentError):
        parse(data, "x")


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON)
def test_its_shape_stays(value: Any) -> None:
    """Only scalars change."""
    data, _ = parse(json.dumps(value).encode(), "x")

    assert as_text(value) == data


def as_text(value: Any) -> Any:
    """The value with its scalars as text."""
    if isinstance(value, dict):
        return {key: as_text(below) for key, below in value.items()}
    if isinstance(value, list):
        return list(map(as_text, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
