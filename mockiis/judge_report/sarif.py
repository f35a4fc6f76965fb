"""The report for code scanning: SARIF 2.1.0 (OASIS standard), written result by result.

The rules are the conformance statements; a finding without one is under its code of table HL70357. Rules stand after
the results, since they are known only then; the order of properties has no meaning in JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from mockiis.judge_report.judged import Judged
from mockiis.judge_report.tally import Item, Tally
from mockiis.profile.finding import Finding
from mockiis.profile.names import in_words
from mockiis.profile.opinion import Opinion
from mockiis.profile.tables import HL70357
from mockiis.version import VERSION

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"E": "error", "W": "warning", "I": "note"}
SECOND_OPINION = "hl7apy"
"""The rule that all of the second opinion stands under, always as a note: it does not decide."""


def written(items: Iterable[Item], tally: Tally) -> Iterator[str]:
    """The log, piece by piece. What could not be read becomes a notification of the tool."""
    rules: dict[str, dict[str, Any]] = {}
    yield f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{"results": ['
    separator = "\n"
    for item in items:
        if isinstance(item, Judged):
            for result in _results(item, rules):
                yield separator + json.dumps(result)
                separator = ",\n"
    rest = {
        "tool": {"driver": {"name": "mockiis", "version": VERSION, "rules": list(rules.values())}},
        "invocations": [_invocation(tally)],
        "newlineSequences": ["\r\n", "\n", "\r"],
        "columnKind": "unicodeCodePoints",
        "properties": {"summary": tally.as_json()},
    }
    yield f"\n], {json.dumps(rest)[1:]}]}}\n"


def _results(judged: Judged, rules: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    lines = judged.lines() if judged.findings else {}
    for finding in judged.findings:
        rule = finding.statement or f"HL70357-{finding.code}"
        if rule not in rules:
            rules[rule] = _rule(rule, finding)
        place = finding.location and (finding.location.segment, finding.location.occurrence or 1)
        line = lines.get(place, judged.line) if place else judged.line
        yield _result(judged, finding, rule, line)
    for opinion in judged.opinions or ():
        rules.setdefault(SECOND_OPINION, _described(SECOND_OPINION, "Second opinion of the library hl7apy"))
        yield _opinion(judged, opinion)


def _rule(name: str, finding: Finding) -> dict[str, Any]:
    rule = _described(name, HL70357.get(finding.code) or "Finding")
    if finding.statement and finding.source:
        rule["properties"] = {"source": finding.source}
    return rule


def _described(name: str, description: str) -> dict[str, Any]:
    return {"id": name, "shortDescription": {"text": description}}


def _result(judged: Judged, finding: Finding, rule: str, line: int) -> dict[str, Any]:
    words = in_words(finding.location)
    given = {"expected": finding.expected, "found": finding.found, "fix": finding.fix, "effect": finding.effect}
    details = "".join(f" {name.capitalize()}: {_ended(value)}" for name, value in given.items() if value)
    properties = {
        "message": judged.index,
        "control_id": judged.control_id,
        "code": finding.code,
        "application_code": finding.application_code,
        **given,
        "source": finding.source,
    }
    return {
        "ruleId": rule,
        "level": LEVELS[finding.severity],
        "message": {"text": _literal(f"{words}: {_ended(finding.text)}{details}")},
        "locations": [_location(judged, finding, words, line)],
        "properties": properties,
    }


def _opinion(judged: Judged, opinion: Opinion) -> dict[str, Any]:
    return {
        "ruleId": SECOND_OPINION,
        "level": "note",
        "message": {"text": _literal(f"hl7apy: {opinion}")},
        "locations": [{"physicalLocation": _physical(judged, judged.line)}],
        "properties": {"message": judged.index, "control_id": judged.control_id},
    }


def _location(judged: Judged, finding: Finding, words: str, line: int) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": _physical(judged, line)}
    if finding.location is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": str(finding.location), "name": words}]
    return location


def _physical(judged: Judged, line: int) -> dict[str, Any]:
    return {"artifactLocation": {"uri": _uri(judged.file)}, "region": {"startLine": line}}


def _invocation(tally: Tally) -> dict[str, Any]:
    notifications = [
        {
            "level": "error",
            "message": {"text": _literal(item.reason)},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(item.file)}}}],
        }
        for item in tally.not_read
    ]
    return {
        "executionSuccessful": not tally.not_read,
        "exitCode": int(tally.exit_code),
        "toolExecutionNotifications": notifications,
    }


def _uri(file: str) -> str:
    """A relative name stays relative; a drive letter or a colon must not look like the scheme of a URI."""
    path = PurePath(file)
    if path.is_absolute():
        return "file://" + quote(path.as_posix() if path.as_posix().startswith("/") else f"/{path.as_posix()}", "/:")
    return quote(path.as_posix(), "/", errors="surrogateescape")


def _ended(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def _literal(text: str) -> str:
    """Braces hold arguments in SARIF; those of a message are doubled."""
    return re.sub(r"[{}]", lambda match: match[0] * 2, text)
