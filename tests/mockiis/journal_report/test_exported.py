"""Exchanges for other programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.journal_report.exported import COLUMNS, csv_lines, files, harmless, json_lines
from mockiis.store.entry import JournalEntry

Make = Callable[..., JournalEntry]


def test_an_object_for_each_line(entry: Make) -> None:
    """Under the names of the columns."""
    first, second = map(json.loads, json_lines([entry(), entry(number=3, control_id="M\u00fc")]))

    assert (2, "M1", "AE", entry().request) == tuple(
        first[name] for name in ("number", "control_id", "acknowledgment", "request")
    )
    assert "M\u00fc" == second["control_id"]


def test_a_table_for_spreadsheets(entry: Make) -> None:
    """Segments on lines of their own, and no cell that is carried out."""
    text = "".join(csv_lines([entry(rule="=1+1", control_id="-2", username="@u", seconds=None, peer="a\0b")]))
    heading, row = csv.reader(StringIO(text, newline=""))
    found = dict(zip(heading, row, strict=True))

    assert COLUMNS == heading
    assert ("2", "'=1+1", "'-2", "'@u", "") == tuple(
        found[name] for name in ("number", "rule", "control_id", "username", "seconds")
    )
    assert entry().request.replace("\r", "\n") == found["request"]


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    """Whatever a peer sends."""
    assert not harmless(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert harmless(text).endswith(text)


@pytest.mark.parametrize("name", ["request", "answer"])
def test_a_file_for_each_message(name: str, entry: Make) -> None:
    """Named by number and direction; what is no message has none."""
    assert dict(files(entry()))[f"00000002-{name}.hl7"] == getattr(entry(), name)
    assert f"00000002-{name}.hl7" not in dict(files(entry(**{name: "Busy"})))
