"""Runs cases: drives the sender under test against an IIS, one case at a time, and yields what happens as events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from twisted.internet import defer
from twisted.internet.interfaces import IReactorTime

from certification import files, recipe
from certification.case import Step
from certification.checks import check
from certification.events import CaseFinished, CaseStarted, Event, RunFinished, RunStarted, Trial
from certification.exchange import Exchange, Failure
from certification.iis import IIS
from certification.vendor import Vendor
from mockiis.er7 import Message
from mockiis.errors import MockIISError
from sender.outcome import Outcome

PATIENCE = 3.0
"""Seconds beyond its time limit that a sender may take to report an outcome."""


async def run(
    trials: Sequence[Trial], vendor: Vendor, iis: IIS, clock: IReactorTime, *, partial: bool = False
) -> AsyncIterator[Event]:
    """Run every trial in order. Raises MockIISError when a case itself is wrong; the sender never stops a run."""
    began = clock.seconds()
    yield RunStarted(trials=tuple(trials), addresses=iis.addresses, vendor=vendor.name, partial=partial)
    results = []
    for trial in trials:
        if not trial.skip:
            yield CaseStarted(trial=trial)
        results.append(await run_trial(trial, vendor, iis, clock))
        yield results[-1]
    yield RunFinished(results=tuple(results), seconds=clock.seconds() - began)


async def run_trial(trial: Trial, vendor: Vendor, iis: IIS, clock: IReactorTime) -> CaseFinished:
    """One case over one transport. It ends with the first step that fails: later ones build on it."""
    if trial.skip:
        return CaseFinished(trial=trial, result="skipped")
    began = clock.seconds()
    failures: tuple[Failure, ...] = ()
    earlier: list[Message] = []
    for number, step in enumerate(trial.case.steps, 1):
        iis.prepare(trial.case, number, step)
        exchange = await _exchange(trial, number, vendor, iis, clock)
        if isinstance(exchange, Failure):
            failures = (exchange,)
        else:
            exchange = replace(exchange, received=iis.received(), earlier=tuple(earlier))
            failures = check(step, exchange)
            earlier += filter(None, [exchange.message])
        if failures:
            break
    seconds = clock.seconds() - began
    return CaseFinished(trial=trial, result="failed" if failures else "passed", failures=failures, seconds=seconds)


async def _exchange(trial: Trial, number: int, vendor: Vendor, iis: IIS, clock: IReactorTime) -> Exchange | Failure:
    """Have the sender make and send what the step says; a sender that breaks is a failure, not an error."""
    step = trial.case.steps[number - 1]
    destination = iis.destination(trial.transport, step.with_)
    known: dict[str, Any] = {"case": trial.case.id, "transport": trial.transport, "step": number}
    try:
        made = _made(step, vendor)
        send = vendor.connectivity if step.send.connectivity else vendor.submit
        outcome = await _limited(send(made, destination), destination.timeout + PATIENCE, clock)
    except (MockIISError, defer.CancelledError):  # somebody breaks the run off
        raise
    except defer.TimeoutError:
        return _broken(known, f"nothing within {destination.timeout + PATIENCE:g} s", "stop waiting at the time limit")
    except Exception as error:  # noqa: BLE001 - whatever a sender under test raises
        return _broken(known, f"{type(error).__name__}: {error}", "report every way a send can end as an outcome")
    return Exchange(**known, made=made, received=None, outcome=outcome)


def _made(step: Step, vendor: Vendor) -> str:
    if step.send.connectivity:
        return step.send.connectivity
    if step.send.message:
        return files.text("messages", step.send.message)
    return vendor.make(recipe.record(step.send))


def _limited(work: Coroutine[Any, Any, Outcome], seconds: float, clock: IReactorTime) -> defer.Deferred[Outcome]:
    return defer.Deferred.fromCoroutine(work).addTimeout(seconds, clock)


def _broken(known: dict[str, Any], found: str, advice: str) -> Failure:
    return Failure(
        **known, field="sender", words="The sender itself", expected="an outcome", found=found, advice=advice
    )
