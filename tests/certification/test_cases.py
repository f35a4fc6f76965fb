"""Every certification case over every transport, as ``mockiis certify`` runs it."""

from __future__ import annotations

import pytest
import pytest_twisted

from certification.events import Trial
from certification.harness import BuiltInIIS
from certification.loader import shipped_cases
from certification.runner import run_trial
from certification.vendor import OurSender

TRIALS = [Trial(case=case, transport=transport) for case in shipped_cases() for transport in case.transports]


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: f"{trial.case.id}-{trial.transport}")
@pytest_twisted.ensureDeferred
async def test_our_sender_passes(trial: Trial) -> None:
    """The sender of this project does what the case asks, against the mock of this project."""
    from twisted.internet import reactor

    iis = BuiltInIIS(reactor=reactor)
    try:
        finished = await run_trial(trial, OurSender(reactor), iis, reactor)  # type: ignore[arg-type]
    finally:
        await iis.stop()

    assert "" == "\n".join(map(str, finished.failures))
    assert "passed" == finished.result
