"""The report for programs: one JSON document with every case, its result and its failures."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from certification.events import CaseFinished, Event, RunFinished, RunStarted
from certification.reports.summary import by_capability, summary


class JSONReport:
    """Writes the document when the run has finished."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._head: dict[str, Any] = {}

    def __call__(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                self._head = {"vendor": event.vendor, "addresses": dict(event.addresses), "partial": event.partial}
            case RunFinished():
                self._write(json.dumps({**self._head, **_document(event)}, indent=2, ensure_ascii=False) + "\n")


def _document(event: RunFinished) -> dict[str, Any]:
    return {
        "passed": event.passed,
        "seconds": round(event.seconds, 3),
        "total": _counts(event.results),
        "capabilities": {capability: _counts(found) for capability, found in by_capability(event.results)},
        "cases": [_case(finished) for finished in event.results],
    }


def _counts(results: tuple[CaseFinished, ...]) -> dict[str, Any]:
    counts = summary(results)
    return {**asdict(counts), "percentage": counts.percentage}


def _case(finished: CaseFinished) -> dict[str, Any]:
    case = finished.trial.case
    return {
        "id": case.id,
        "title": case.title,
        "source": case.source,
        "capability": case.capability,
        "transport": finished.trial.transport,
        "result": finished.result,
        "reason": finished.trial.skip,
        "seconds": round(finished.seconds, 3),
        "failures": [
            {name: value for name, value in asdict(failure).items() if name not in ("case", "transport")}
            for failure in finished.failures
        ],
    }
