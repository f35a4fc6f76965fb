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

    def __call__(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                addresses = ", ".join(address for _, address in sorted(event.addresses.items()))
                self._heading = f"Certification of {event.vendor} against {addresses}"
            case RunFinished():
                click.echo("\n".join([*_failed(event.results), *_skipped(event.results)]), nl=False)
                self._table(event)
                click.echo(verdict(event))

    def _table(self, event: RunFinished) -> None:
        rows = [
            (f"{capability}: {CAPABILITIES[capability]}", *_counts(found))
            for capability, found in by_capability(event.results)
        ]
        total = ("total", *_counts(event.results))
        print_table(("capability", "passed", "failed", "skipped", "result"), [*rows, total], title=self._heading)


def verdict(event: RunFinished) -> str:
    """The last line: the percentage and what it means."""
    counts = summary(event.results)
    if not counts.applied:
        return "Not certified: no case applies"
    said = f"{counts.percentage} of {counts.applied} test cases passed in {event.seconds:.1f} s"
    if event.certified:
        return f"Certified: {said}"
    return f"Not certified: {said}; {counts.failed} failed"


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
    reasons: dict[str, list[str]] = {}
    for finished in results:
        if finished.result == "skipped":
            reasons.setdefault(finished.trial.skip, []).append(finished.trial.name)
    for reason, names in reasons.items():
        yield f"SKIPPED {len(names)}: {reason}"
        yield f"  {', '.join(names)}"
        yield ""
