"""Why a rule matched, or none did: the rules condition by condition, in full for the person at the mock and in one
sentence for ERR-8. The sentence ends up in logs, so it quotes the file and MSH-9, never a patient's data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest

from mockiis.message.request import Request
from mockiis.profile.names import in_words
from mockiis.scenario import description
from mockiis.scenario.checks import Exactly, Matching, OneOf
from mockiis.scenario.conditions import Condition, ValueCondition, told
from mockiis.scenario.hints import hint, odd_line_ends
from mockiis.scenario.matcher import Difference, Match, difference, enter
from mockiis.scenario.memory import Memory
from mockiis.scenario.model import Rule, Scenario, Script
from mockiis.scenario.subject import Subject, message_types


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A rule that came close to a request, and how it differs. ``why`` says it of one whose conditions all hold,
    ``script`` is the reply that was its turn.
    """

    rule: Rule
    differences: tuple[Difference, ...]
    script: Script
    hints: tuple[str, ...] = ()
    why: str = ""

    @property
    def failed(self) -> tuple[Difference, ...]:
        """The conditions that do not hold."""
        return tuple(entry for entry in self.differences if not entry.held)


_KIND = frozenset({"message", "profile", "transport", "operation"})
Score = tuple[bool, int, int]


MOST = 3
"""Rules that are told of."""


def closest(scenarios: Sequence[Scenario], request: Request, memory: Memory, most: int = 1) -> list[NearMiss]:
    """The rules with the fewest conditions that fail, of those for this kind of message first."""
    subject = Subject(request)
    scored: list[tuple[Score, int, Scenario, Rule]] = []
    for scenario in scenarios:
        enter(scenario, subject, memory)
        for position in scenario.index.nearest(subject, most):
            rule = scenario.rules[position]
            if rule.takes_messages:
                scored.append((score(rule.conditions, subject), len(scored), scenario, rule))
    return [_near(scenario, rule, subject, memory) for _, _, scenario, rule in nsmallest(most, scored)]


def score(conditions: Sequence[Condition], subject: Subject) -> Score:
    """How far conditions are from a request: less is closer."""
    failed = [condition.key for condition in conditions if not condition.holds(subject)]
    return any(key in _KIND for key in failed), len(failed), -len(conditions)


def _near(scenario: Scenario, rule: Rule, subject: Subject, memory: Memory) -> NearMiss:
    key = enter(scenario, subject, memory)
    differences = difference(rule, subject)
    failed = [entry.condition for entry in differences if not entry.held]
    hints = [hint(condition, subject) for condition in failed]
    if [condition.key for condition in failed] == ["state"]:
        hints = [f"the rule is right but for the state, which is '{subject.state}'"]
    turn = rule.script(memory.answers(scenario.source, rule.name, key))
    why = "" if failed else ("its chance was against it" if turn else "its replies are used up")
    return NearMiss(
        rule=rule,
        differences=differences,
        script=turn or rule.scripts[-1],
        hints=tuple(dict.fromkeys(filter(None, hints))),
        why=why,
    )


def in_full(request: Request, near: Sequence[NearMiss]) -> str:
    """Several lines for the person at the mock, values of the message included."""
    lines = [f"No rule matched {_named_message(request)}"]
    for number, entry in enumerate(near):
        lines += _told(entry, "Next" if number else "Closest")
    odd = odd_line_ends(request.message)
    return "\n".join([*lines, *(f"  Hint: {text}" for text in [odd] if text)])


def match_in_full(match: Match, subject: Subject) -> str:
    """The same for the rule that answers: its conditions, its reply, and the state it moves to."""
    rule = match.rule
    lines = [
        f'Rule "{rule.name}" answers {_named_message(subject.request)}',
        f"  {rule.place}: {_how_many(len(rule.conditions))}",
        *table(difference(rule, subject)),
        f"    It answers: {description.in_words(match.script)}",
    ]
    if rule.then is not None:
        later = f" after {rule.then.after:g} s" if rule.then.after else ""
        of = f" of {match.key!r}" if match.key else ""
        lines.append(f"    The state{of} moves from '{subject.state}' to '{rule.then.state}'{later}")
    return "\n".join(lines)


def _how_many(conditions: int) -> str:
    match conditions:
        case 0:
            return "it has no conditions, so it takes every message"
        case 1:
            return "its condition holds"
    return f"all {conditions} conditions hold"


def _named_message(request: Request) -> str:
    control_id = request.message.header.get(10) if request.message else ""
    return f"{_message_type(request)!r}  MSH-10={control_id!r}  ({request.transport})"


def _told(near: NearMiss, rank: str) -> list[str]:
    held = len(near.differences) - len(near.failed)
    title = f'  {rank} rule: "{near.rule.name}"  ({near.rule.place})  {held} of {len(near.differences)} conditions hold'
    return [
        title,
        *table(near.differences),
        *(f"    {near.why}" for _ in [near.why] if near.why),
        *(f"    Hint: {text}" for text in near.hints),
        f"    It would have answered: {description.in_words(near.script)}",
    ]


def table(differences: Sequence[Difference]) -> list[str]:
    """A line for each condition: whether it holds, what is wanted and what was got."""
    rows = [(entry.condition.key, entry.wanted) for entry in differences] or [("", "")]
    key, wanted = (min(max(map(len, column)), _WIDEST) for column in zip(*rows, strict=True))
    return [
        f"    {'ok  ' if entry.held else 'FAIL'} {entry.condition.key:{key}}  want {entry.wanted:{wanted}}"
        f"  got {_got(entry)}"
        for entry in differences
    ]


_WIDEST = 60
"""Characters of a column; what is longer moves the next one."""


def _got(entry: Difference) -> str:
    values = entry.got if not isinstance(entry.condition, ValueCondition) else tuple(map(repr, entry.got))
    return ", ".join(values) or "nothing"


def in_short(near: Sequence[NearMiss]) -> str:
    """One sentence for ERR-8: the closest rule, the first condition that differs, and a hint."""
    if not near:
        return "No rule of the scenario answers messages."
    first = near[0]
    said = f'No rule matched. The closest is "{first.rule.name}" ({first.rule.place})'
    if not first.failed:
        return f"{said}: {first.why}."
    entry = first.failed[0]
    advice = f" Hint: {first.hints[0]}." if first.hints else ""
    return f"{said}: {_asked(entry)}.{advice}"


def _asked(entry: Difference) -> str:
    if isinstance(entry.condition, ValueCondition):
        return f"{_named(entry.condition)} must be {entry.wanted}{_instead(entry)}"
    return f"it asks for {told(entry.condition)}"


def _named(condition: ValueCondition) -> str:
    if condition.location:
        return in_words(condition.location)
    return condition.key


def _instead(entry: Difference) -> str:
    """What was found; its value only where that is a code that says nothing about a patient or an account."""
    condition = entry.condition
    if not isinstance(condition, ValueCondition) or not isinstance(condition.check, OneOf | Exactly | Matching):
        return ""
    if not entry.got:
        return " but is missing"
    shape = _CODES.get(condition.key)
    tame = shape is not None and re.fullmatch(shape, entry.got[0])
    return f" but is {entry.got[0]}" if tame else " but has another value"


_CODES = {
    "message": r"[A-Z]{3}(\^[A-Z][0-9]{2}(\^[A-Z]{3}_[A-Z][0-9]{2})?)?",
    "profile": r"Z[0-9]{2}",
    "transport": r"[a-z]+",
    "operation": r"[A-Za-z]+",
    "state": r"[A-Za-z0-9 _.-]+",
}
"""What a code that is quoted looks like. Anything else may be a name that slipped into the wrong field."""


def _message_type(request: Request) -> str:
    types = message_types(request.message) if request.message else []
    return types[-1] if types else ""
