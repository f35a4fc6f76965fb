"""The runner: events in order, broken senders survived, time measured by the clock it was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from twisted.internet import defer
from twisted.internet.task import Clock

from certification.case import Case, Step, With
from certification.events import CaseFinished, CaseStarted, Event, RunFinished, RunStarted, Trial
from certification.iis import Access
from certification.runner import PATIENCE, run
from mockiis.errors import MockIISError
from sender.destination import Destination
from sender.outcome import ConnectionFailed, Outcome
from sender.record import Record

FAILED = ConnectionFailed(reason="nothing listens there")


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """A sender that does what the test says."""

    submitting: Callable[[], Any]
    name: str = "a vendor"

    def make(self, record: Record) -> str:
        return "MSH|^~\\&|A|B|C|D|20240101||VXU^V04^VXU_V04|M1|P|2.5.1\r"

    async def submit(self, message: str, destination: Destination) -> Outcome:
        return await self.submitting()  # type: ignore[no-any-return]

    async def connectivity(self, text: str, destination: Destination) -> Outcome:
        return FAILED


@dataclass(kw_only=True)
class IIS:
    """An IIS that notes what it is prepared for."""

    scripted: bool = True
    credentials: frozenset[str] = frozenset()
    addresses: Mapping[Any, str] = field(default_factory=lambda: {"soap": "http://iis.example:80/"})
    prepared: list[tuple[str, int]] = field(default_factory=list)

    def prepare(self, case: Case, number: int, step: Step) -> None:
        self.prepared.append((case.id, number))

    def destination(self, transport: str, with_: With) -> Destination:
        return Access().to(self.addresses[transport], with_)

    def received(self) -> None:
        return None


def case(**keys: Any) -> Case:
    """A case of one step that fails to connect, as it should."""
    step = {"send": "refusal.yaml", "expect": {"outcome": "connection failed"}}
    keys = {"id": "a-case", "title": "T", "source": "S", "capability": "submit", "steps": [step], **keys}
    return Case.model_validate(keys)


def started(trials: list[Trial], vendor: Vendor, iis: IIS, clock: Clock) -> tuple[list[Event], defer.Deferred[None]]:
    """A run under way; its events so far, and when it is over."""
    events: list[Event] = []

    async def collect() -> None:
        async for event in run(trials, vendor, iis, clock):
            events.append(event)  # noqa: PERF401 - a comprehension would show nothing before the end

    return events, defer.Deferred.fromCoroutine(collect())


def later(clock: Clock, seconds: float, outcome: Outcome = FAILED) -> Callable[[], defer.Deferred[Outcome]]:
    """An outcome that takes its time."""

    def submit() -> defer.Deferred[Outcome]:
        waiting: defer.Deferred[Outcome] = defer.Deferred()
        clock.callLater(seconds, lambda: waiting.called or waiting.callback(outcome))
        return waiting

    return submit


def test_events_come_in_order() -> None:
    """Start, each case, end; skipped cases have no start, and nothing is prepared for them."""
    clock, iis = Clock(), IIS()
    trials = [
        Trial(case=case(id="one"), transport="soap"),
        Trial(case=case(id="two"), transport="soap", skip="does not apply"),
    ]
    events, _ = started(trials, Vendor(submitting=later(clock, 1.5)), iis, clock)
    clock.advance(1.5)

    assert [RunStarted, CaseStarted, CaseFinished, CaseFinished, RunFinished] == list(map(type, events))
    end = events[-1]
    assert isinstance(end, RunFinished)
    assert [("one", "passed", 1.5), ("two", "skipped", 0.0)] == [
        (each.trial.case.id, each.result, each.seconds) for each in end.results
    ]
    assert (True, 1.5) == (end.passed, end.seconds)
    assert [("one", 1)] == iis.prepared


def test_a_case_ends_with_the_first_step_that_fails() -> None:
    """Later steps build on it."""
    clock, iis = Clock(), IIS()
    step = {"send": "refusal.yaml", "expect": {"outcome": "accepted"}}
    trial = Trial(case=case(steps=[step, step]), transport="soap")
    events, _ = started([trial], Vendor(submitting=later(clock, 0)), iis, clock)
    clock.advance(0)

    end = events[-1]
    assert isinstance(end, RunFinished)
    assert (False, ["outcome"]) == (end.passed, [failure.field for failure in end.results[0].failures])
    assert [("a-case", 1)] == iis.prepared


def test_a_sender_that_never_comes_back_fails_the_case() -> None:
    """The run goes on after the time limit and some patience."""
    clock = Clock()
    step = {"send": "refusal.yaml", "with": {"time_limit": "2s"}, "expect": {"outcome": "timed out"}}
    trial = Trial(case=case(steps=[step]), transport="soap")
    events, _ = started([trial], Vendor(submitting=defer.Deferred), IIS(), clock)
    clock.advance(2 + PATIENCE - 0.1)
    assert [RunStarted, CaseStarted] == list(map(type, events))
    clock.advance(0.2)

    end = events[-1]
    assert isinstance(end, RunFinished)
    [failure] = end.results[0].failures
    assert ("sender", "nothing within 5 s", "stop waiting at the time limit") == (
        failure.field,
        failure.found,
        failure.advice,
    )


def test_a_sender_that_raises_fails_the_case() -> None:
    """What it raised is told in one line."""

    def broken() -> None:
        raise ValueError("no such field")

    events, _ = started([Trial(case=case(), transport="soap")], Vendor(submitting=broken), IIS(), Clock())

    end = events[-1]
    assert isinstance(end, RunFinished)
    [failure] = end.results[0].failures
    assert ("sender", "ValueError: no such field") == (failure.field, failure.found)


def test_a_case_that_is_wrong_ends_the_run() -> None:
    """It is no failure of the sender."""
    step = {"send": {"record": "refusal.yaml", "change": {"patient.sxe": "F"}}, "expect": {"outcome": "accepted"}}
    trial = Trial(case=case(steps=[step]), transport="soap")
    _, over = started([trial], Vendor(submitting=defer.Deferred), IIS(), Clock())
    failures: list[Any] = []
    over.addErrback(failures.append)

    with pytest.raises(MockIISError, match="unknown key 'sxe'; did you mean 'sex'"):
        failures[0].raiseException()


@pytest.mark.parametrize(
    ("results", "expected"), [(["passed"], True), (["passed", "failed"], False), (["skipped"], False), ([], False)]
)
def test_a_run_passes_when_every_case_that_applies_does(results: list[Any], expected: bool) -> None:
    """A run in which nothing applies proves nothing."""
    trial = Trial(case=case(), transport="soap")
    finished = RunFinished(results=tuple(CaseFinished(trial=trial, result=each) for each in results), seconds=0.0)

    assert expected == finished.passed
