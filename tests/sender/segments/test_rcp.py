"""RCP: how an answer is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sender.record import QueryRecord
from sender.segments.rcp import rcp


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({}, "RCP|I|10^RD&records&HL70126|R^real-time^HL70394"),
        ({"query": "Z44", "limit": "1"}, "RCP|I|1^RD&records&HL70126"),
        ({"release": "1.4", "limit": "5"}, "RCP||5^RD^HL70126|R^real-time^HL70394"),
        ({"release": "1.4", "priority": "I"}, "RCP|I|10^RD^HL70126|R^real-time^HL70394"),
    ],
)
def test_fills_how_the_answer_is_wanted(
    query_record: Callable[..., QueryRecord], header: dict[str, Any], expected: Any
) -> None:
    """Priority, limit in the form of the release, and a response modality for Z34 only."""
    assert expected == rcp(query_record(**header))
