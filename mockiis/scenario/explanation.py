"""Why no rule matched: the closest rule, condition by condition, in full for the person at the mock and in one
sentence for ERR-8. The sentence ends up in logs, so it quotes the file and MSH-9, never a patient's data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mockiis.message.request import Request
from mockiis.profile.names import in_words
from mockiis.scenario.checks import Exactly, Matching, OneOf
from mockiis.scenario.matcher import Difference, difference, message_types
from mockiis.scenario.model import Rule, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """The rule that came closest to a request, and how it differs."""

    rule: Rule
    differences: tuple[Difference, ...]

    @property
    def failed(self) -> tuple[Difference, ...]:
        """The conditions that do not hold."""
        return tuple(entry for entry in self.differences if not entry.held)


def closest(scenarios: Sequence[Scenario], request: Request) -> NearMiss | None:
    """The rule with the fewest conditions that fail, of those for this kind of message first; None without rules."""
    candidates = [
        NearMiss(rule=rule, differences=difference(rule, request))
        for scenario in scenarios
        for rule in scenario.rules
        if rule.takes_messages
    ]
    return min(candidates, key=_distance, default=None)


_KIND = ("message", "profile", "transport", "operation")


def _distance(near: NearMiss) -> tuple[bool, int, int]:
    kind_differs = any(entry.condition.key in _KIND for entry in near.failed)
    return kind_differs, len(near.failed), -len(near.differences)


def in_full(scenarios: Sequence[Scenario], request: Request) -> str:
    """Several lines for the person at the mock, values of the message included."""
    message = request.message
    control_id = message.header.get(10) if message else ""
    first = f"No rule matched {_message_type(request)!r}  MSH-10={control_id!r}  ({request.transport})"
    near = closest(scenarios, request)
    if near is None:
        return first
    held = len(near.differences) - len(near.failed)
    title = (
        f'  Closest rule: "{near.rule.name}"  ({near.rule.place})  {held} of {len(near.differences)} conditions hold'
    )
    return "\n".join([first, title, *_table(near.differences)])


def _table(differences: Sequence[Difference]) -> list[str]:
    rows = [(entry.condition.key, entry.wanted) for entry in differences]
    key, wanted = (max(map(len, column)) for column in zip(*rows, strict=True))
    return [
        f"    {'ok  ' if entry.held else 'FAIL'} {entry.condition.key:{key}}  want {entry.wanted:{wanted}}"
        f"  got {_got(entry)}"
        for entry in differences
    ]


def _got(entry: Difference) -> str:
    return ", ".join(map(repr, entry.got)) or "nothing"


def in_short(scenarios: Sequence[Scenario], request: Request) -> str:
    """One sentence for ERR-8: the closest rule and the first condition that differs."""
    near = closest(scenarios, request)
    if near is None:
        return "No rule of the scenario answers messages."
    entry = near.failed[0]
    key = in_words(entry.condition.location) if entry.condition.location else entry.condition.key
    return (
        f'No rule matched. The closest is "{near.rule.name}" ({near.rule.place}):'
        f" {key} must be {entry.wanted}{_instead(entry)}."
    )


def _instead(entry: Difference) -> str:
    """What was found; its value only where that is a code that says nothing about a patient or an account."""
    if not isinstance(entry.condition.check, OneOf | Exactly | Matching):
        return ""
    if not entry.got:
        return " but is missing"
    shape = _CODES.get(entry.condition.key)
    tame = shape is not None and re.fullmatch(shape, entry.got[0])
    return f" but is {entry.got[0]}" if tame else " but has another value"


_CODES = {
    "message": r"[A-Z]{3}(\^[A-Z][0-9]{2}(\^[A-Z]{3}_[A-Z][0-9]{2})?)?",
    "profile": r"Z[0-9]{2}",
    "transport": r"[a-z]+",
    "operation": r"[A-Za-z]+",
}
"""What a code that is quoted looks like. Anything else may be a name that slipped into the wrong field."""


def _message_type(request: Request) -> str:
    types = message_types(request.message) if request.message else []
    return types[-1] if types else ""
