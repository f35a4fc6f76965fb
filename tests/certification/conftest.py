"""A sender judged in process: cases by id, a mock of its own, every failure as (case, field)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from certification.case import Case
from certification.events import CaseFinished, Trial
from certification.exchange import Failure
from certification.harness import BuiltInIIS
from certification.loader import shipped_cases
from certification.runner import run_trial
from certification.vendor import OurSender, Vendor
from sender.destination import Destination
from sender.outcome import Outcome
from sender.record import Record

Judge = Callable[..., Awaitable[list[CaseFinished]]]
Make = Callable[[OurSender, Record], str]
Submit = Callable[[OurSender, str, Destination], Awaitable[Outcome]]
Spoil = Callable[..., Awaitable[tuple[list[str], tuple[Failure, ...]]]]
CONTROL = "site-MO-route-PO"
"""A case that few defects touch."""
JUDGED = "The message: "
"""How a failure begins that the judge found: it sees errors that no case asks for, in the control too."""


def make_rightly(sender: OurSender, record: Record) -> str:
    """What a sound sender does."""
    return sender.make(record)


async def submit_rightly(sender: OurSender, message: str, destination: Destination) -> Outcome:
    """What a sound sender does."""
    return await sender.submit(message, destination)


@dataclass(frozen=True, kw_only=True)
class Broken:
    """Our sender with one defect."""

    sound: OurSender
    making: Make = make_rightly
    submitting: Submit = submit_rightly
    testing: Callable[[str], str] = str
    name: str = "broken sender"

    def make(self, record: Record) -> str:
        return self.making(self.sound, record)

    async def submit(self, message: str, destination: Destination) -> Outcome:
        return await self.submitting(self.sound, message, destination)

    async def connectivity(self, text: str, destination: Destination) -> Outcome:
        return await self.sound.connectivity(self.testing(text), destination)


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


@pytest.fixture
def broken() -> Callable[..., Broken]:
    """Our sender with a defect."""
    from twisted.internet import reactor

    return lambda **defect: Broken(sound=OurSender(reactor), **defect)


@pytest.fixture
def spoil(
    judge: Judge, broken: Callable[..., Broken]
) -> Callable[..., Awaitable[tuple[list[str], tuple[Failure, ...]]]]:
    """Run a case with a broken sender: the fields its failures name, and the failures of a case it should not touch."""

    async def spoiled(
        case: str, control: str = CONTROL, transport: str = "mllp", **defect: Any
    ) -> tuple[list[str], tuple[Failure, ...]]:
        if "submitting" in defect:
            defect["submitting"] = defect["submitting"]()
        found, other = await judge(case, control, vendor=broken(**defect), transport=transport)
        touched = tuple(failure for failure in other.failures if not failure.words.startswith(JUDGED))
        return list(dict.fromkeys(failure.field for failure in found.failures)), touched

    return spoiled
