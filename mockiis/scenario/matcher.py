"""Which rule answers a request, and what differs where one does not: a rule matches when nothing differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mockiis.er7 import Message
from mockiis.message.request import Request
from mockiis.scenario.model import Condition, Rule, Scenario


class Subject:
    """A request as conditions see it; each place is read once, however many rules ask for it."""

    __slots__ = ("_values", "request")

    def __init__(self, request: Request) -> None:
        self.request = request
        self._values: dict[str, Sequence[str]] = {}

    def values(self, condition: Condition) -> Sequence[str]:
        """Every value that is not empty at the condition's place."""
        values = self._values.get(condition.key)
        if values is None:
            values = self._values[condition.key] = self._read(condition)
        return values

    def holds(self, condition: Condition) -> bool:
        """Whether the condition holds for this request."""
        return condition.check(self.values(condition))

    def _read(self, condition: Condition) -> Sequence[str]:
        message = self.request.message
        if condition.location is not None:
            return message.filled(condition.location) if message else ()
        match condition.key:
            case "message":
                return message_types(message) if message else ()
            case "profile":
                return message.values("MSH-21.1") if message else ()
        value = str(getattr(self.request, condition.key))
        return (value,) if value else ()


def message_types(message: Message) -> list[str]:
    """MSH-9 by its first component, its first two, and whole, so that a rule may name as many as it cares for."""
    header = message.header
    first = header.repetitions(9)[0]
    parts = [header.part(first, number) for number in (1, 2, 3)]
    return ["^".join(parts[:count]) for count in (1, 2, 3) if parts[count - 1]]


def first_match(scenarios: Iterable[Scenario], subject: Subject) -> Rule | None:
    """The first rule of the first scenario whose conditions all hold."""
    is_message = subject.request.message is not None
    for scenario in scenarios:
        for rule in scenario.rules:
            if is_message or rule.takes_connectivity_test:
                for condition in rule.conditions:
                    if not condition.check(subject.values(condition)):
                        break
                else:
                    return rule
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One condition of a rule against one request: what was wanted, what was got, and whether it holds."""

    condition: Condition
    held: bool
    got: tuple[str, ...]

    @property
    def wanted(self) -> str:
        """What the condition asks, in words that follow "must be"."""
        return str(self.condition.check)


def difference(rule: Rule, request: Request) -> tuple[Difference, ...]:
    """Every condition of the rule, held or not, in the order of the file. The rule matches when all are held."""
    return _differences(rule, Subject(request))


def _differences(rule: Rule, subject: Subject) -> tuple[Difference, ...]:
    return tuple(
        Difference(condition=condition, held=subject.holds(condition), got=_got(condition, subject))
        for condition in rule.conditions
    )


def _got(condition: Condition, subject: Subject) -> tuple[str, ...]:
    values = subject.values(condition)
    return tuple(values[-1:] if condition.key == "message" else values)
