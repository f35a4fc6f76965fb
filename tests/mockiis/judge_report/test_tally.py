"""The numbers at the end of a report."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockiis.console import ExitCode
from mockiis.inputs import NotRead
from mockiis.judge_report import Judged, Tally
from mockiis.profile.finding import Finding


def test_everything_is_counted(items: list[Judged | NotRead]) -> None:
    """Messages, findings by severity, and what was not read; the items themselves pass unchanged."""
    tally = Tally("ndiis")
    passed = list(tally.counted(items))
    expected = {
        "standard": "ndiis",
        "messages": 2,
        "without_findings": 1,
        "with_errors": 1,
        "findings": {"E": 2, "W": 1, "I": 1},
        "not_read": [{"file": "b.hl7", "reason": "cannot be read: no {such} file"}],
        "exit_code": 2,
    }

    assert items == passed
    assert expected == tally.as_json()


@pytest.mark.parametrize(
    ("severities", "unread", "expected"),
    [
        ("", False, ExitCode.OK),
        ("WI", False, ExitCode.OK),
        ("IE", False, ExitCode.NO),
        ("", True, ExitCode.USAGE),
        ("E", True, ExitCode.USAGE),
    ],
)
def test_the_exit_code_is_the_highest_that_applies(
    judged: Callable[..., Judged], finding: Callable[..., Finding], severities: str, unread: bool, expected: ExitCode
) -> None:
    """Only an E is an error; what could not be read weighs more."""
    tally = Tally("cdc")
    list(tally.counted([judged(*(finding(severity=severity) for severity in severities))]))
    list(tally.counted([NotRead(file="f", reason="r")] if unread else []))

    assert expected == tally.exit_code
