"""What ``mockiis certify`` does: cases chosen, an IIS found or started, the run, its reports, the exit code."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from certification.case import Case, With
from certification.describe import describe
from certification.events import CaseFinished, Event, Listener, RunFinished, RunStarted
from certification.harness import BuiltInIIS, access_or_own, load_overrides
from certification.iis import IIS, Access, RemoteIIS
from certification.loader import shipped_cases
from certification.plan import chosen, plan
from certification.reports.console import ConsoleReport
from certification.reports.file import report_file
from certification.reports.json_file import JSONReport
from certification.reports.junit import JUnitReport
from certification.reports.progress import progress_report
from certification.runner import run as run_trials
from certification.vendor import OurSender
from mockiis.console import ExitCode, print_table, read_bytes
from mockiis.errors import MockIISError
from mockiis.wire.soap import DIALECTS
from sender.foreground import work_through
from sender.outcome import ConnectionFailed, TimedOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of the command, as it was called."""

    iis: tuple[str, ...] = ()
    user: str = ""
    password: str = field(default="", repr=False)
    facility: str = ""
    dialect: str = "cdc"
    ca: Path | None = None
    insecure: bool = False
    scenario: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    junit: Path | None = None
    json: Path | None = None
    listing: bool = False
    explain: str | None = None


def run(options: Options) -> ExitCode:
    """Do what the options say. Raises MockIISError, before anything is sent, for what a person can mend."""
    if options.explain is not None:
        cases = chosen(shipped_cases(), [options.explain])
        click.echo("\n\n".join("\n".join(describe(case)) for case in cases))
        return ExitCode.OK
    cases = chosen(shipped_cases(), options.only)
    if options.listing:
        rows = [(case.id, case.capability, ", ".join(case.transports), case.title, case.source) for case in cases]
        print_table(("id", "capability", "transports", "title", "source"), rows)
        return ExitCode.OK
    access = _access(options)
    with ExitStack() as stack:
        listeners = _listeners(stack, options)
        return _in_foreground(cases, access, options, listeners)


def _access(options: Options) -> Access:
    """Raises MockIISError for options that do not fit together."""
    password = options.password or (os.environ.get("MOCKIIS_PASSWORD", "") if options.user else "")
    if bool(options.user) != bool(password):
        raise MockIISError("--user and --password go together")
    if options.iis and options.scenario:
        raise MockIISError("--scenario goes with the built-in mock; another IIS answers as it likes")
    if not options.iis and (options.ca or options.insecure):
        raise MockIISError("--ca and --insecure go with --iis; the built-in mock uses no TLS")
    return Access(
        user=options.user,
        password=password,
        facility=options.facility,
        dialect=DIALECTS[options.dialect],
        ca=read_bytes(options.ca) if options.ca else b"",
        verify=not options.insecure,
    )


def _listeners(stack: ExitStack, options: Options) -> list[Listener]:
    """The reports asked for. Files are opened now, so that a wrong name stops before anything is sent."""
    listeners: list[Listener] = [ConsoleReport()]
    for report, path in ((JUnitReport, options.junit), (JSONReport, options.json)):
        if path:
            listeners.append(report(stack.enter_context(report_file(path))))
    return listeners


def _in_foreground(
    cases: tuple[Case, ...], access: Access, options: Options, listeners: Sequence[Listener]
) -> ExitCode:
    """Raises KeyboardInterrupt, which says how far it came, when somebody breaks it off."""
    events: list[Event] = []
    try:
        return work_through(lambda reactor: judge(cases, access, options, listeners, reactor, events))
    except KeyboardInterrupt:
        judged = sum(isinstance(event, CaseFinished) for event in events)
        trials = next((len(event.trials) for event in events if isinstance(event, RunStarted)), len(cases))
        raise KeyboardInterrupt(f"{judged} of {trials} cases judged") from None


async def judge(
    cases: tuple[Case, ...],
    access: Access,
    options: Options,
    listeners: Sequence[Listener],
    reactor: Any,
    events: list[Event] | None = None,
) -> ExitCode:
    """Find or start the IIS and run the cases. ``events`` get what happens, as it happens."""
    events = [] if events is None else events
    if options.iis:
        remote = RemoteIIS(options.iis, access)
        if await _unreachable(remote, reactor):
            return ExitCode.UNREACHED
        return await _run(cases, remote, options, listeners, reactor, events)
    mock = BuiltInIIS(access_or_own(access), load_overrides(options.scenario, cases), reactor)
    try:
        return await _run(cases, mock, options, listeners, reactor, events)
    finally:
        await mock.stop()


async def _unreachable(iis: RemoteIIS, reactor: Any) -> bool:
    """Whether an address cannot even be connected to; says so on standard error."""
    unreachable = False
    for transport, address in iis.addresses.items():
        outcome = await OurSender(reactor).connectivity("mockiis certify", iis.destination(transport, With()))
        if isinstance(outcome, ConnectionFailed | TimedOut) and not outcome.connected:
            click.echo(f"mockiis: {address} cannot be reached: {outcome.sentence}", err=True)
            unreachable = True
    return unreachable


async def _run(
    cases: tuple[Case, ...],
    iis: IIS,
    options: Options,
    listeners: Sequence[Listener],
    reactor: Any,
    events: list[Event],
) -> ExitCode:
    """Run the cases. Reports come after the progress bar is gone."""
    trials = plan(cases, iis)
    with progress_report(len(trials)) as advance:
        async for event in run_trials(trials, OurSender(reactor), iis, reactor, partial=bool(options.only)):
            events.append(event)
            advance(event)
    for event in events:
        for listener in listeners:
            listener(event)
    finished = events[-1]
    return ExitCode.OK if isinstance(finished, RunFinished) and finished.passed else ExitCode.NO
