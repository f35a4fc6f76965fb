"""The report for scripts: one JSON object, written message by message."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from mockiis.judge_report.judged import Judged
from mockiis.judge_report.tally import Item, Tally
from mockiis.profile.finding import Finding
from mockiis.profile.names import in_words


def written(items: Iterable[Item], tally: Tally) -> Iterator[str]:
    """``{"messages": [...], "summary": {...}}``, piece by piece. What could not be read stands in the summary."""
    yield '{"messages": ['
    separator = "\n"
    for item in items:
        if isinstance(item, Judged):
            yield separator + json.dumps(_message(item))
            separator = ",\n"
    yield f'\n], "summary": {json.dumps(tally.as_json())}}}\n'


def _message(judged: Judged) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "file": judged.file,
        "index": judged.index,
        "control_id": judged.control_id,
        "type": judged.type,
        "profile": judged.profile,
        "findings": [_finding(finding) for finding in judged.findings],
    }
    if judged.opinions is not None:
        entry["second_opinion"] = [
            {"by": "hl7apy", "kind": opinion.kind, "text": opinion.text} for opinion in judged.opinions
        ]
    return entry


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "location": str(finding.location or finding.erl),
        "erl": finding.err_2,
        "name": in_words(finding.location),
        "code": finding.code,
        "severity": finding.severity,
        "application_code": finding.application_code,
        "text": finding.text,
        "expected": finding.expected,
        "found": finding.found,
        "fix": finding.fix,
        "effect": finding.effect,
        "statement": finding.statement,
        "source": finding.source,
    }
