"""The report for code scanning, held against the parts of the SARIF 2.1.0 schema that it uses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from mockiis.inputs import NotRead
from mockiis.judge_report import Judged, Tally
from mockiis.judge_report.sarif import written
from mockiis.profile.finding import Finding

# Objects of the schema with the properties used here; * marks what is required. No others are allowed, except in
# property bags. Source: sarif-schema-2.1.0.json of the OASIS standard, its definitions of the same names.
SCHEMA: dict[str, dict[str, Any]] = {
    "log": {"$schema": str, "version*": "2.1.0", "runs*": ["run"]},
    "run": {
        "tool*": "tool",
        "invocations": ["invocation"],
        "results": ["result"],
        "newlineSequences": [str],
        "columnKind": ("utf16CodeUnits", "unicodeCodePoints"),
        "properties": dict,
    },
    "tool": {"driver*": "toolComponent", "extensions": ["toolComponent"]},
    "toolComponent": {"name*": str, "version": str, "rules": ["reportingDescriptor"], "properties": dict},
    "reportingDescriptor": {"id*": str, "shortDescription": "multiformatMessageString", "properties": dict},
    "multiformatMessageString": {"text*": str, "markdown": str},
    "invocation": {
        "executionSuccessful*": bool,
        "exitCode": int,
        "toolExecutionNotifications": ["notification"],
    },
    "notification": {"message*": "message", "level": ("none", "note", "warning", "error"), "locations": ["location"]},
    "result": {
        "ruleId": str,
        "level": ("none", "note", "warning", "error"),
        "message*": "message",
        "locations": ["location"],
        "properties": dict,
    },
    "message": {"text": str, "markdown": str, "id": str},
    "location": {"physicalLocation": "physicalLocation", "logicalLocations": ["logicalLocation"]},
    "physicalLocation": {"artifactLocation": "artifactLocation", "region": "region"},
    "artifactLocation": {"uri": str, "uriBaseId": str},
    "region": {"startLine": int},
    "logicalLocation": {"name": str, "fullyQualifiedName": str, "decoratedName": str, "kind": str},
}


def check(value: Any, kind: Any, path: str = "") -> None:
    """Hold a value against the schema; the path says where it fails."""
    match kind:
        case [one]:
            assert isinstance(value, list), path
            for number, item in enumerate(value):
                check(item, one, f"{path}[{number}]")
        case tuple():
            assert value in kind, path
        case str() if kind in SCHEMA:
            assert isinstance(value, dict), path
            properties = {name.rstrip("*"): sort for name, sort in SCHEMA[kind].items()}
            required = {name.rstrip("*") for name in SCHEMA[kind] if name.endswith("*")}
            assert required <= set(value) <= set(properties), path
            for name, item in value.items():
                check(item, properties[name], f"{path}.{name}")
        case str():
            assert kind == value, path
        case _:
            assert type(value) is kind, path


def report(items: Iterable[Judged | NotRead]) -> dict[str, Any]:
    """The one run of the report, after the whole was held against the schema."""
    tally = Tally("ndiis")
    log = json.loads("".join(written(tally.counted(items), tally)))
    check(log, "log")
    (run,) = log["runs"]
    return run  # type: ignore[no-any-return]


def test_findings_are_results_with_file_line_and_location(items: list[Judged | NotRead]) -> None:
    """The segment's line in the file, the location as the guides print it, the severity as a level."""
    results = report(items)["results"]
    places = [
        (
            result["ruleId"],
            result["level"],
            result["locations"][0]["physicalLocation"]["region"]["startLine"],
            [place["fullyQualifiedName"] for place in result["locations"][0].get("logicalLocations", ())],
        )
        for result in results
    ]

    assert [
        ("HL70357-101", "note", 3, ["PID-8"]),
        ("IZ-99", "error", 5, ["RXA[1]-15"]),
        ("IZ-99", "error", 7, ["RXA[2]-15"]),
        ("IZ-99", "warning", 1, []),
        ("hl7apy", "note", 9, []),
        ("hl7apy", "note", 9, []),
    ] == places
    assert (
        "Vaccine 1: lot number (RXA[1]-15): The lot number is missing. "
        "Expected: a lot number. Found: nothing. Fix: Send it. Effect: dose rejected."
    ) == results[1]["message"]["text"]
    assert ("M1", 2) == (results[4]["properties"]["control_id"], results[4]["properties"]["message"])


def test_every_rule_that_is_used_is_described_once(items: list[Judged | NotRead]) -> None:
    """Statements by their id with their source, other findings by their code, the second opinion by its name."""
    run = report(items)
    rules = run["tool"]["driver"]["rules"]

    assert ["HL70357-101", "IZ-99", "hl7apy"] == [rule["id"] for rule in rules]
    assert {result["ruleId"] for result in run["results"]} == {rule["id"] for rule in rules}
    assert [None, {"source": "guide, p. 1"}, None] == [rule.get("properties") for rule in rules]
    assert "Required field missing" == rules[0]["shortDescription"]["text"]


def test_what_was_not_read_is_a_notification(items: list[Judged | NotRead]) -> None:
    """The run did not succeed then; the numbers stand beside it."""
    run = report(items)
    (invocation,) = run["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]

    assert (False, 2) == (invocation["executionSuccessful"], invocation["exitCode"])
    assert "cannot be read: no {{such}} file" == notification["message"]["text"]
    assert "b.hl7" == notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert 2 == run["properties"]["summary"]["messages"]


def test_braces_are_no_arguments(items: list[Judged | NotRead]) -> None:
    """A SARIF message holds its arguments in braces; those of ours are doubled."""

    assert "Patient sex (PID-8): x {{y}}." == report(items)["results"][0]["message"]["text"]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("folder/a b.hl7", "folder/a%20b.hl7"),
        ("a:b.hl7", "a%3Ab.hl7"),
        ("ø#1.hl7", "%C3%B8%231.hl7"),
        ("standard input", "standard%20input"),
    ],
)
def test_a_file_is_a_uri(judged: Callable[..., Judged], finding: Callable[..., Finding], file: str, uri: str) -> None:
    """A relative name stays relative, and nothing in it can be taken for another part of a URI."""
    (result,) = report([judged(finding("PID-3"), file=file)])["results"]

    assert uri == result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_an_absolute_file_is_a_file_uri(
    judged: Callable[..., Judged], finding: Callable[..., Finding], data: Any
) -> None:
    """With its scheme, on Windows too."""
    (result,) = report([judged(finding("PID-3"), file=str(data))])["results"]

    assert data.as_uri() == result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_a_segment_that_is_missing_is_told_at_the_header(
    judged: Callable[..., Judged], finding: Callable[..., Finding]
) -> None:
    """There is no line of its own to show."""
    (result,) = report([judged(finding("NK1[1]-2"), line=4)])["results"]

    assert 4 == result["locations"][0]["physicalLocation"]["region"]["startLine"]


def test_no_message_is_a_log_too() -> None:
    """Empty, and still SARIF."""

    assert [] == report([])["results"]
