"""docs/journal.md says of masking and of the table what the code does."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from mockiis.journal_report.kept import KEPT
from mockiis.store.entry import JournalEntry

PAGE = (Path(__file__).parent.parent / "docs" / "journal.md").read_text("utf-8")


def _rows(heading: str) -> list[tuple[str, str]]:
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [(first, second) for first, second in re.findall(r"^\| ([^|]+) \| (.+) \|$", section, re.MULTILINE)]


def test_every_column_is_described() -> None:
    """Each once."""
    described = [name for names, _ in _rows("The table") for name in re.findall(r"`(\w+)`", names)]

    assert {field.name for field in fields(JournalEntry)} == set(described)
    assert len(described) == len(set(described))


def test_every_segment_of_which_something_is_kept_is_named() -> None:
    """And no other; the numbers of the batch segments stand in one row."""
    named = {name for names, _ in _rows("What is masked") for name in re.findall("[A-Z][A-Z0-9]{2}", names)}

    assert {name for name, kept in KEPT.items() if kept} - {"FTS", "BTS"} == named
