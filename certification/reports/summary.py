"""Counts and percentages of a run, as every report shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from certification.case import CAPABILITIES
from certification.events import CaseFinished


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How many cases passed, failed and were skipped because they do not apply."""

    passed: int
    failed: int
    skipped: int

    @property
    def applied(self) -> int:
        """Cases that apply: those that were run."""
        return self.passed + self.failed

    @property
    def percentage(self) -> str:
        """Passed of those that apply; ``100 %`` only when every one did, ``-`` when none applies."""
        if not self.applied:
            return "-"
        return f"{1000 * self.passed // self.applied / 10:g} %"


def summary(results: Iterable[CaseFinished]) -> Summary:
    """The counts of these results."""
    found = [finished.result for finished in results]
    return Summary(passed=found.count("passed"), failed=found.count("failed"), skipped=found.count("skipped"))


def by_capability(results: tuple[CaseFinished, ...]) -> Iterator[tuple[str, tuple[CaseFinished, ...]]]:
    """The results of each capability that has any, in the order of the report."""
    for capability in CAPABILITIES:
        found = tuple(finished for finished in results if finished.trial.case.capability == capability)
        if found:
            yield capability, found
