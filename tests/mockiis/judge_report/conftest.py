"""Judged messages to write reports about; nobody in them exists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockiis.er7 import Location, read
from mockiis.inputs import NotRead
from mockiis.judge_report import Judged
from mockiis.profile.finding import Finding
from mockiis.profile.opinion import Opinion

TEXT = (
    "MSH|^~\\&|A|B|C|D|20240506||VXU^V04^VXU_V04|M1|P|2.5.1\r\n\r\n"
    "PID|1||7^^^A^MR||DOE^JANE\r\nORC|RE\r\nRXA|0|1\r\nORC|RE\r\nRXA|0|1\r\n"
)
LOT = {
    "code": "101",
    "text": "The lot number is missing",
    "expected": "a lot number",
    "found": "nothing",
    "fix": "Send it.",
    "effect": "dose rejected",
    "statement": "IZ-99",
    "source": "guide, p. 1",
}


@pytest.fixture
def finding() -> Callable[..., Finding]:
    """Make a finding at a place; the keywords change it."""

    def make(location: str = "", severity: str = "E", **changes: Any) -> Finding:
        where = Location.parse(location) if location else None
        return Finding(location=where, severity=severity, **{**LOT, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def judged() -> Callable[..., Judged]:
    """Make a judged message; the keywords change it."""

    def make(*findings: Finding, **changes: Any) -> Judged:
        values = {"file": "a.hl7", "index": 1, "line": 1, "message": read(TEXT), "profile": "Z22", **changes}
        return Judged(findings=findings, **values)

    return make


@pytest.fixture
def items(judged: Callable[..., Judged], finding: Callable[..., Finding]) -> list[Judged | NotRead]:
    """A bad message, an input that is none, a clean one with a second opinion."""
    return [
        judged(
            finding("PID-8", "I", text="x {y}", effect="", statement="", expected="", found="", fix="", source=""),
            finding("RXA[1]-15"),
            finding("RXA[2]-15"),
            finding("", "W", code="200", application_code="5", effect=""),
        ),
        NotRead(file="b.hl7", reason="cannot be read: no {such} file"),
        judged(index=2, line=9, profile="", opinions=(Opinion("error", "Missing PID"), Opinion("note", "left out"))),
    ]
