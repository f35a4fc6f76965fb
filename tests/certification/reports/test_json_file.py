"""The report for programs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from certification.events import Event
from certification.reports.json_file import JSONReport


@pytest.fixture
def document(events: list[Event]) -> dict[str, Any]:
    """The document of the run, read back."""
    written: list[str] = []
    report = JSONReport(written.append)
    for event in events:
        report(event)
    return json.loads("".join(written))  # type: ignore[no-any-return]


def test_it_begins_with_what_was_judged(document: dict[str, Any]) -> None:
    """Sender, addresses, verdict, counts."""
    counts = {"passed": 1, "failed": 1, "skipped": 1, "percentage": "50 %"}

    assert ("a vendor", False, False, 1.04, counts) == (
        document["vendor"],
        document["partial"],
        document["passed"],
        document["seconds"],
        document["total"],
    )
    assert {"soap": "http://127.0.0.1:1/soap", "mllp": "mllp://127.0.0.1:2"} == document["addresses"]
    assert {"submit", "query"} == set(document["capabilities"])


def test_every_case_is_listed_with_its_failures(document: dict[str, Any]) -> None:
    """Nothing is shortened; text beyond ASCII stays as it is."""
    passed, failed, skipped = document["cases"]

    assert ("one", "passed", []) == (passed["id"], passed["result"], passed["failures"])
    assert ("three", "skipped", "does not apply") == (skipped["id"], skipped["result"], skipped["reason"])
    assert [
        {
            "step": 1,
            "field": "PID-22",
            "words": "Patient ethnic group (PID-22)",
            "expected": "2186-5",
            "found": "<missing> & \x00 \u00f8",
            "advice": "correct it",
        }
    ] == failed["failures"]
