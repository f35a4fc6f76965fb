"""Results of a run for people (rows of a table, a summary line) and for scripts (JSON).

Of a patient nothing is shown but what the receiver itself wrote in an ERR.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from mockiis.profile import Finding
from mockiis.profile.names import in_words
from mockiis.profile.tables import HL70357, HL70533
from sender.outcome import Outcome, without_segments
from sender.run import Result

COLUMNS = ("Message", "Control id", "What came back")


def rows(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """A row for each message; the last cell has a line for the outcome, each finding and the next step."""
    return [
        (result.submission.source, result.submission.control_id, "\n".join(_lines(result.outcome)))
        for result in results
    ]


def _lines(outcome: Outcome) -> Iterator[str]:
    yield _sentence(outcome)
    yield from map(_finding, outcome.findings)
    yield from (f"Note: {text}" for text in outcome.remarks)
    if outcome.next_step:
        yield f"Next: {outcome.next_step}"


def summary(results: Sequence[Result]) -> str:
    """How many of each outcome: ``3 messages: 2 accepted, 1 rejected``."""
    counts = Counter(result.outcome.name for result in results)
    total = len(results)
    return f"{total} message{'s' if total != 1 else ''}: " + ", ".join(f"{n} {name}" for name, n in counts.items())


def as_json(results: Sequence[Result], exit_code: int) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "messages": [_as_json(result) for result in results],
        "summary": dict(Counter(result.outcome.name for result in results)),
        "exit_code": exit_code,
    }


def _as_json(result: Result) -> dict[str, Any]:
    outcome = result.outcome
    return {
        "source": result.submission.source,
        "control_id": result.submission.control_id,
        "outcome": outcome.name,
        "sentence": _sentence(outcome),
        "findings": [_finding_as_json(finding) for finding in outcome.findings],
        "notes": list(outcome.remarks),
        "next_step": outcome.next_step,
    }


def _sentence(outcome: Outcome) -> str:
    return without_segments(outcome.sentence)


def _finding(finding: Finding) -> str:
    severity = {"E": "Error", "W": "Warning", "I": "Information"}[finding.severity]
    return f"{severity}: {_where(finding)}: {_words(finding)}"


def _finding_as_json(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.severity,
        "code": finding.code,
        "application_code": finding.application_code,
        "location": str(finding.location or finding.erl),
        "where": _where(finding),
        "text": _words(finding),
    }


def _where(finding: Finding) -> str:
    if finding.location is None and finding.erl:
        return f"'{without_segments(finding.erl)}', which is no location"
    return in_words(finding.location)


def _words(finding: Finding) -> str:
    """The receiver's text; where it only repeats the meaning of ERR-3, what ERR-5 means says more."""
    meaning = HL70357.get(finding.code, "")
    text = without_segments(finding.text).removeprefix(f"{_where(finding)}: ")
    if text.lower() in ("", meaning.lower()):
        text = HL70533.get(finding.application_code) or text or meaning or "no text"
    return f"{text} [{finding.code}]" if finding.code else text
