"""Counts and percentages."""

from __future__ import annotations

import pytest

from certification.events import CaseFinished
from certification.reports.summary import Summary, by_capability, summary


@pytest.mark.parametrize(
    ("passed", "failed", "expected"),
    [
        (5, 0, "100 %"),
        (0, 5, "0 %"),
        (1, 1, "50 %"),
        (2, 1, "66.6 %"),
        (9999, 1, "99.9 %"),
        (0, 0, "-"),
    ],
)
def test_100_percent_means_every_one(passed: int, failed: int, expected: str) -> None:
    """Rounded down: one failure among thousands is not 100 %; nothing at all is no percentage."""

    assert expected == Summary(passed=passed, failed=failed, skipped=3).percentage


def test_skipped_cases_are_counted_apart(results: tuple[CaseFinished, ...]) -> None:
    """They do not apply."""

    assert Summary(passed=1, failed=1, skipped=1) == summary(results)
    assert 2 == summary(results).applied


def test_capabilities_come_in_the_order_of_the_report(results: tuple[CaseFinished, ...]) -> None:
    """Those without cases are left out."""

    assert [("submit", 2), ("query", 1)] == [(name, len(found)) for name, found in by_capability(results)]
