"""A sender judged in process: cases by id, a mock of its own, every failure as (case, field)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from certification.case import Case
from certification.events import CaseFinished, Trial
from certification.harness import BuiltInIIS
from certification.loader import shipped_cases
from certification.runner import run_trial
from certification.vendor import OurSender, Vendor

Judge = Callable[..., Awaitable[list[CaseFinished]]]


@pytest.fixture(scope="session")
def cases() -> dict[str, Case]:
    """Every shipped case by its id."""
    return {case.id: case for case in shipped_cases()}


@pytest.fixture
def judge(cases: dict[str, Case]) -> Judge:
    """Run cases by id over a transport; the sender is ours unless another is given."""

    async def judged(
        *ids: str, vendor: Vendor | None = None, transport: Any = "mllp", scenarios: Mapping[str, Any] | None = None
    ) -> list[CaseFinished]:
        from twisted.internet import reactor

        iis = BuiltInIIS(overrides=scenarios, reactor=reactor)
        sender = vendor or OurSender(reactor)
        trials = [Trial(case=cases[each], transport=transport) for each in ids]
        try:
            return [await run_trial(trial, sender, iis, reactor) for trial in trials]  # type: ignore[arg-type]
        finally:
            await iis.stop()

    return judged
