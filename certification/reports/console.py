"""The report for people: failures in full, what was skipped and why, percentages per capability and in total."""

from __future__ import annotations

from collections.abc import Iterator

import click

from certification.case import CAPABILITIES
from certification.events import CaseFinished, Event, RunFinished, RunStarted
from certification.reports.summary import by_capability, summary
from mockiis.console import print_table


class ConsoleReport:
    """Prints on standard output when the run has finished."""

    def __init__(self) -> None:
        self._heading = ""
        self._partial = False

    def __call__(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                addresses = ", ".join(address for _, address in sorted(event.addresses.items()))
                self._heading = f"Certification of {event.vendor} against {addresses}"
                self._partial = event.partial
            case RunFinished():
                for line in (*_failed(event.results), *_skipped(event.results), self._heading):
                    click.echo(line)
                _table(event)
                click.echo(verdict(event, partial=self._partial))


def verdict(event: RunFinished, *, partial: bool) -> str:
    """The last line: the percentage and what it means. Who passes only chosen cases is not certified by that."""
    counts = summary(event.results)
    if not counts.applied:
        return "Not certified: no case applies"
    said = f"{counts.percentage} of {counts.applied} test cases that apply passed in {event.seconds:.1f} s"
    if not event.passed:
        return f"Not certified: {said}; {counts.failed} failed"
    return f"Passed, chosen cases only: {said}" if partial else f"Certified: {said}"


def _table(event: RunFinished) -> None:
    rows = [
        (f"{capability}: {CAPABILITIES[capability]}", *_counts(found))
        for capability, found in by_capability(event.results)
    ]
    total = ("total", *_counts(event.results))
    print_table(("capability", "passed", "failed", "skipped", "result"), [*rows, total])


def _counts(results: tuple[CaseFinished, ...]) -> tuple[str, str, str, str]:
    counts = summary(results)
    return str(counts.passed), str(counts.failed), str(counts.skipped), counts.percentage


def _failed(results: tuple[CaseFinished, ...]) -> Iterator[str]:
    for finished in results:
        if finished.result == "failed":
            case = finished.trial.case
            yield f"FAILED {finished.trial.name}: {case.title}"
            yield f"  source: {case.source}"
            for failure in finished.failures:
                yield from (f"  {line}" for line in str(failure).splitlines())
            yield ""


def _skipped(results: tuple[CaseFinished, ...]) -> Iterator[str]:
    """Each reason once, with the cases it holds for."""
    reasons: dict[str, dict[str, None]] = {}
    for finished in results:
        if finished.result == "skipped":
            reasons.setdefault(finished.trial.skip, {})[finished.trial.case.id] = None
    for reason, ids in reasons.items():
        yield f"SKIPPED: {reason}"
        yield f"  {', '.join(ids)}"
        yield ""
