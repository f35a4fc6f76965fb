"""The scenarios that a mock answers by: those it was started with, those it was given since, and single rules in front.

``service`` looks at one list of them for each message; this is what changes it while the mock runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from mockiis import document
from mockiis.document import Marks, closest
from mockiis.errors import DocumentError, MockIISError, Problem
from mockiis.scenario import Scenario
from mockiis.scenario.loader import ScenarioEntry
from mockiis.server.known import Known
from mockiis.server.service import Service

ADDED = "added"
"""The name of the scenario that holds single rules."""
MOST_RULES = 1000
"""Single rules that can be added; more are surely a loop that has run wild."""


class UnknownScenarioError(MockIISError):
    """There is no scenario of that name."""


class Scripts:
    """Scenarios are known by their source (a file, or the name they were given), or its last part, or their name."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.known = Known(lambda: service.registry, lambda: service.ledger, self._now)
        self._started: tuple[Scenario, ...] = tuple(service.scenarios)
        self._present: tuple[Scenario, ...] = self._started
        self._added: list[Any] = []
        self._front: tuple[Scenario, ...] = ()
        self._count = 0
        self._preload()

    def _now(self) -> datetime:
        return self.service.clock()

    # Files.

    def files_changed(self, scenarios: Sequence[Scenario], renewed: Sequence[str] = ()) -> None:
        """The files that the mock was started with say something else now: states of ``renewed`` ones begin again.

        What it has been given since stays until it is restarted.
        """
        unchanged = self._present == self._started
        self._started = tuple(scenarios)
        for source in renewed:
            self.service.memory.forget(source)
        if unchanged:
            self._set(self._started)

    def replace(self, scenarios: Sequence[Scenario], forget: Sequence[str] | None = None) -> None:
        """Answer by these; what is remembered of those in ``forget``, or of all, begins again. Added rules stay."""
        _refuse_twins(scenarios)
        for source in [entry.source for entry in self._present] if forget is None else forget:
            self.service.memory.forget(source)
        self._set(scenarios)

    def add(self, scenario: Scenario, *, front: bool = False) -> None:
        """One more, behind the others or before them."""
        present = (scenario, *self._present) if front else (*self._present, scenario)
        _refuse_twins(present)
        self.service.memory.forget(scenario.source)
        self._set(present)

    def put(self, name: str, scenario: Scenario) -> None:
        """In place of the one of that name, or behind the others."""
        try:
            old = self.find(name)
        except UnknownScenarioError:
            self.add(scenario)
            return
        present = tuple(scenario if entry is old else entry for entry in self._present)
        _refuse_twins(present)
        self.service.memory.forget(old.source)
        self.service.memory.forget(scenario.source)
        self._set(present)

    def remove(self, name: str) -> None:
        """Answer by it no longer. Raises UnknownScenarioError."""
        old = self.find(name)
        self.service.memory.forget(old.source)
        if old in self._front:
            self.clear_rules()
        else:
            self._set(tuple(entry for entry in self._present if entry is not old))

    def find(self, name: str) -> Scenario:
        """The scenario of that name. Raises UnknownScenarioError that names the nearest one."""
        for names in (_source, _last_part, _stem, _title):
            found = [entry for entry in self.service.scenarios if names(entry) == name]
            if found:
                return found[0]
        known = [_last_part(entry) for entry in self.service.scenarios]
        near = closest(name, [*known, *map(_stem, self.service.scenarios)])
        advice = f"did you mean '{near}'?" if near else f"there are: {', '.join(known) or 'none'}"
        raise UnknownScenarioError(f"there is no scenario '{name}'; {advice}")

    def restart(self) -> None:
        """The files that the mock was started with, as they were read last."""
        self._set(self._started)

    # Single rules.

    def add_rule(self, rule: Any, marks: Marks) -> str:
        """A rule as a file has it goes in front of everything; its name. One without a name gets one.

        ``marks`` are those of the rule. Raises DocumentError.
        """
        if len(self._added) >= MOST_RULES:
            raise MockIISError(f"{MOST_RULES} rules have been added; remove them with DELETE /rules")
        if isinstance(rule, dict) and "name" not in rule:
            rule = {"name": self._new_name(), **rule}
        if isinstance(rule, dict) and rule["name"] in [entry["name"] for entry in self._added]:
            raise MockIISError(f"a rule '{rule['name']}' has been added already; give this one another name")
        rules = [rule, *self._added]
        shifted = {("rules", 0, *path): mark for path, mark in marks.items()} | {(): (1, 1), ("rules",): (1, 1)}
        try:
            entry = document.check({"version": "1", "rules": rules}, shifted, ADDED, ScenarioEntry)
        except DocumentError as error:
            raise DocumentError([_of_rule(problem) for problem in error.problems]) from None
        self._added = rules
        self._front = (entry.scenario(ADDED),)
        self._set(self._present)
        return str(rule["name"])

    def clear_rules(self) -> int:
        """Remove the added rules, and what is remembered of them; how many they were."""
        count, self._added, self._front = len(self._added), [], ()
        self.service.memory.forget(ADDED)
        self._set(self._present)
        return count

    def _new_name(self) -> str:
        self._count += 1
        return f"added rule {self._count}"

    def _set(self, present: Sequence[Scenario]) -> None:
        self._present = tuple(present)
        self.service.scenarios = (*self._front, *self._present)
        self._preload()

    def _preload(self) -> None:
        self.known.persons(person for scenario in self.service.scenarios for person in scenario.preloaded)


def _source(scenario: Scenario) -> str:
    return scenario.source


def _last_part(scenario: Scenario) -> str:
    return PurePath(scenario.source).name


def _stem(scenario: Scenario) -> str:
    return PurePath(scenario.source).stem


def _title(scenario: Scenario) -> str:
    return scenario.name


def _refuse_twins(scenarios: Sequence[Scenario]) -> None:
    """States and answers are remembered by source, so two of the same would mix them up."""
    sources = [entry.source for entry in scenarios]
    for source in sources:
        if source == ADDED:
            raise MockIISError(f"'{ADDED}' is the name of the rules that are added one by one; choose another")
        if sources.count(source) > 1:
            raise MockIISError(f"two scenarios are called '{source}'; give each a name of its own")


def _of_rule(problem: Problem) -> Problem:
    """The rule is the whole text that was sent: its place is not rules.1 there."""
    text = problem.text.removeprefix("rules.1.").removeprefix("rules.1: ")
    return Problem(problem.file, problem.line, problem.column, text)
