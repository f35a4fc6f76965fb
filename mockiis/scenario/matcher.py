"""Which rule answers a request, and what differs where one does not: a rule matches when nothing differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mockiis.message.request import Request
from mockiis.scenario.conditions import Condition, all_hold
from mockiis.scenario.dice import roll
from mockiis.scenario.memory import Memory
from mockiis.scenario.model import Rule, Scenario, Script
from mockiis.scenario.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The rule that answers, the reply that is its turn, and the tracked key it is given for."""

    scenario: Scenario
    rule: Rule
    script: Script
    key: str


def first_match(scenarios: Iterable[Scenario], subject: Subject, memory: Memory) -> Match | None:
    """The first rule of the first scenario whose conditions all hold, and that has a reply for this request."""
    is_message = subject.request.message is not None
    for scenario in scenarios:
        key = enter(scenario, subject, memory)
        for position in scenario.index.candidates(subject):
            rule = scenario.rules[position]
            if (is_message or rule.takes_connectivity_test) and all_hold(rule.conditions, subject):
                script = reply_of(rule, key, subject.request, scenario, memory)
                if script is not None:
                    return Match(scenario=scenario, rule=rule, script=script, key=key)
    return None


def enter(scenario: Scenario, subject: Subject, memory: Memory) -> str:
    """Look at the request through this file: its tracked key, whose state conditions may ask for."""
    key = scenario.key(subject.request.message)
    subject.state = memory.state(scenario.source, key, subject.now)
    return key


def reply_of(rule: Rule, key: str, request: Request, scenario: Scenario, memory: Memory) -> Script | None:
    """The reply that is the rule's turn; None when they are used up or chance is against it."""
    answers = memory.answers(scenario.source, rule.name, key) if rule.counts else 0
    script = rule.script(answers)
    if script is None or (script.chance < 1 and roll(request.seed, rule.source, rule.name, "chance") >= script.chance):
        return None
    return script


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One condition of a rule against one request: what was wanted, what was got, and whether it holds."""

    condition: Condition
    held: bool
    got: tuple[str, ...]

    @property
    def wanted(self) -> str:
        """What the condition asks, in words that follow "must be"."""
        return self.condition.wanted


def difference(rule: Rule, subject: Subject) -> tuple[Difference, ...]:
    """Every condition of the rule, held or not, in the order of the file. The rule matches when all are held."""
    return differences(rule.conditions, subject)


def differences(conditions: Iterable[Condition], subject: Subject) -> tuple[Difference, ...]:
    """Every condition, held or not."""
    return tuple(
        Difference(condition=condition, held=condition.holds(subject), got=condition.got(subject))
        for condition in conditions
    )
