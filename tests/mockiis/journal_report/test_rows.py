"""An exchange as a row and as a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockiis.journal_report.rows import COLUMNS, answered, line, row
from mockiis.store.entry import JournalEntry

Make = Callable[..., JournalEntry]


def test_a_row_and_a_line(entry: Make) -> None:
    """When, what, and what it was answered; nothing of the patient."""
    cells = ("2", "2024-04-03 10:15:30", "mllp", "VXU^V04^VXU_V04", "M1", "AE", "no ethnic group", "0.012")

    assert cells == row(entry())
    assert len(COLUMNS) == len(cells)
    assert '2  10:15:30 mllp VXU^V04^VXU_V04 M1 -> AE  by rule "no ethnic group"' == line(entry())


def test_what_no_rule_answered_and_what_has_not_left(entry: Make) -> None:
    """The reason stands where the rule would; control characters and long names are no danger."""
    odd = entry(rule="", summary="PID-7 is missing", control_id="M\x1b[2J" + "1" * 500, seconds=None)

    assert ("PID-7 is missing", "") == row(odd)[-2:]
    assert "M?[2J111" in line(odd)
    assert len(line(odd)) < 400
    assert line(entry(rule="", message_type="", control_id="")).endswith("mllp not read - -> AE")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"acknowledgment": "AA", "query_status": "NF"}, "AA NF"),
        ({"acknowledgment": ""}, "echo"),
        ({"outcome": "fault", "status": "SecurityFault"}, "SecurityFault"),
        ({"outcome": "http", "status": "503"}, "HTTP 503"),
        ({"outcome": "none", "status": "reset"}, "connection reset"),
        ({"outcome": "none", "status": "nap"}, "no answer"),
    ],
)
def test_every_answer_has_its_words(columns: dict[str, Any], words: str, entry: Make) -> None:
    """Message, fault, HTTP, nothing."""
    assert words == answered(entry(**columns))
