"""Journal entries as programs get them: plain values under the names of the journal's columns."""

from __future__ import annotations

from collections.abc import Sequence
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


def unmet(scenarios: Sequence[Scenario], memory: Memory) -> list[str]:
    """A sentence for each ``expect`` that is not met."""
    return [
        sentence
        for scenario in scenarios
        for sentence in scenario.unmet([memory.total(scenario.source, rule.name) for rule in scenario.rules])
    ]
