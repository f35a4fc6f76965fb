"""The report for people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certification.events import CaseFinished, Event, RunFinished
from certification.reports.console import ConsoleReport, verdict


def printed(events: list[Event], capsys: pytest.CaptureFixture[str]) -> str:
    """What the report says of these events."""
    report = ConsoleReport()
    for event in events:
        report(event)
    return capsys.readouterr().out


def test_failures_are_told_in_full(events: list[Event], capsys: pytest.CaptureFixture[str]) -> None:
    """Case, transport, source, step, field in words, expected, found, what to do."""

    assert (
        "FAILED two over mllp: Title of two\n"
        "  source: Guide, section 1\n"
        "  step 1: Patient ethnic group (PID-22)\n"
        "    expected: 2186-5\n"
        "    found:    <missing> & ? \u00f8\n"
        "    to do:    correct it\n"
    ) in printed(events, capsys)


def test_skipped_cases_are_listed_with_the_reason(events: list[Event], capsys: pytest.CaptureFixture[str]) -> None:
    """Each reason once."""

    assert "SKIPPED: does not apply\n  three\n" in printed(events, capsys)


def test_percentages_stand_per_capability_and_in_total(events: list[Event], capsys: pytest.CaptureFixture[str]) -> None:
    """What was skipped is not counted."""
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in printed(events, capsys).splitlines()]

    assert ["submit: vaccination updates made and accepted", "1", "1", "0", "50 %"] in lines
    assert ["query: queries made and their answers understood", "0", "0", "1", "-"] in lines
    assert ["total", "1", "1", "1", "50 %"] in lines


def test_it_says_what_was_judged_by_what(events: list[Event], capsys: pytest.CaptureFixture[str]) -> None:
    """The sender and the addresses."""
    heading = "Certification of a vendor against mllp://127.0.0.1:2, http://127.0.0.1:1/soap"

    assert heading in printed(events, capsys).splitlines()


def test_the_last_line_is_the_verdict(
    events: list[Event], results: tuple[CaseFinished, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Certified only by all cases, and only when each that applies passed."""
    some = "Not certified: 50 % of 2 test cases that apply passed in 1.0 s; 1 failed"
    good = RunFinished(results=results[:1], seconds=0.2)

    assert some == printed(events, capsys).splitlines()[-1]
    assert "Certified: 100 % of 1 test cases that apply passed in 0.2 s" == verdict(good, partial=False)
    assert "Passed, chosen cases only: 100 % of 1 test cases that apply passed in 0.2 s" == verdict(good, partial=True)
    assert "Not certified: no case applies" == verdict(replace(good, results=results[2:]), partial=False)
