"""A run as the reports hear of it: one case passed, one failed, one skipped."""

from __future__ import annotations

from typing import Any

import pytest

from certification.case import Case
from certification.events import CaseFinished, Event, RunFinished, RunStarted, Trial
from certification.exchange import Failure


def trial(name: str, capability: str, transport: Any = "soap", skip: str = "") -> Trial:
    """A case of that name."""
    keys = {"id": name, "title": f"Title of {name}", "source": "Guide, section 1", "capability": capability}
    step = {"send": "refusal.yaml", "expect": {"outcome": "accepted"}}
    return Trial(case=Case.model_validate({**keys, "steps": [step]}), transport=transport, skip=skip)


FAILURE = Failure(
    case="two",
    transport="mllp",
    step=1,
    field="PID-22",
    words="Patient ethnic group (PID-22)",
    expected="2186-5",
    found="<missing> & \x00 \u00f8",
    advice="correct it",
)


@pytest.fixture
def results() -> tuple[CaseFinished, ...]:
    """How each case ended."""
    return (
        CaseFinished(trial=trial("one", "submit"), result="passed", seconds=0.25),
        CaseFinished(trial=trial("two", "submit", "mllp"), result="failed", failures=(FAILURE,), seconds=0.5),
        CaseFinished(trial=trial("three", "query", skip="does not apply"), result="skipped"),
    )


@pytest.fixture
def events(results: tuple[CaseFinished, ...]) -> list[Event]:
    """The events of the run."""
    trials = tuple(finished.trial for finished in results)
    addresses: Any = {"soap": "http://127.0.0.1:1/soap", "mllp": "mllp://127.0.0.1:2"}
    return [
        RunStarted(trials=trials, addresses=addresses, vendor="a vendor"),
        RunFinished(results=results, seconds=1.04),
    ]
