"""The numbers at the end of a report, counted while the messages pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from mockiis.console import ExitCode
from mockiis.inputs import NotRead
from mockiis.judge_report.judged import Judged

Item = Judged | NotRead
"""What a report is made of."""


class Tally:
    """How many messages of which kind. Complete when what ``counted`` gives has been used up."""

    def __init__(self, standard: str) -> None:
        """``standard`` is the name of what the messages were judged by."""
        self.standard = standard
        self.messages = 0
        self.clean = 0
        self.with_errors = 0
        self.findings: Counter[str] = Counter()
        self.not_read: list[NotRead] = []

    def counted(self, items: Iterable[Item]) -> Iterator[Item]:
        """The same items, counted as they are taken."""
        for item in items:
            if isinstance(item, NotRead):
                self.not_read.append(item)
            else:
                self._add(item)
            yield item

    def _add(self, judged: Judged) -> None:
        severities = Counter(finding.severity for finding in judged.findings)
        self.messages += 1
        self.clean += not severities
        self.with_errors += severities["E"] > 0
        self.findings.update(severities)

    @property
    def exit_code(self) -> ExitCode:
        """The highest that applies: something could not be read, a finding is E, all well."""
        if self.not_read:
            return ExitCode.USAGE
        return ExitCode.NO if self.with_errors else ExitCode.OK

    def as_json(self) -> dict[str, Any]:
        """The summary for scripts."""
        return {
            "standard": self.standard,
            "messages": self.messages,
            "without_findings": self.clean,
            "with_errors": self.with_errors,
            "findings": {severity: self.findings[severity] for severity in "EWI"},
            "not_read": [{"file": item.file, "reason": item.reason} for item in self.not_read],
            "exit_code": int(self.exit_code),
        }
