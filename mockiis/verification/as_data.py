"""Journal entries as programs get them: plain values under the names of the journal's columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from mockiis.scenario import Scenario
from mockiis.scenario.memory import Memory
from mockiis.store.entry import JournalEntry

_COLUMNS = [field.name for field in fields(JournalEntry)]


def entry_as_data(entry: JournalEntry) -> dict[str, Any]:
    """One exchange, messages and all."""
    found = {name: getattr(entry, name) for name in _COLUMNS}
    return found | {
        "received": entry.received.isoformat(),
        "findings": list(entry.findings),
        "unmatched": entry.unmatched,
    }


def page(entries: Iterable[JournalEntry], limit: int, most_characters: int) -> tuple[list[JournalEntry], bool]:
    """The first of them, as many as fit, and whether there are more. One at least, however long it is."""
    found: list[JournalEntry] = []
    length = 0
    for entry in entries:
        length += len(entry.request) + len(entry.answer)
        if found and (len(found) >= limit or length > most_characters):
            return found, True
        found.append(entry)
    return found, False


def unmet(scenarios: Sequence[Scenario], memory: Memory) -> list[str]:
    """A sentence for each ``expect`` that is not met."""
    return [
        sentence
        for scenario in scenarios
        for sentence in scenario.unmet([memory.total(scenario.source, rule.name) for rule in scenario.rules])
    ]
