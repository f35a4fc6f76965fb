"""Which rules never answer, because those above them take everything first. Decided without false alarms."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mockiis.scenario.checks import Missing, OneOf
from mockiis.scenario.conditions import Condition, ValueCondition
from mockiis.scenario.implication import imply
from mockiis.scenario.model import Rule

_ALL = 300
"""Rules that are all compared with each other. Of more, only those that ask for the same plain value are."""
_GENERAL = 100
"""Rules, in a file of more, that ask for no plain value and that each rule below is compared with: as many that ask
for words only (``message``), and as many others. So ten thousand regular expressions take seconds, not minutes.
"""


def unreachable(rules: Sequence[Rule]) -> Iterator[tuple[int, list[int]]]:
    """The position of each rule that never answers, with those of the rules that take what it would."""
    above = _Above(everything=len(rules) <= _ALL)
    for position, rule in enumerate(rules):
        takers = _takers(rule, [(index, rules[index]) for index in above.candidates(rule)])
        if takers:
            yield position, takers
        elif _always(rule):
            above.add(position, rule)


def _always(rule: Rule) -> bool:
    """Whether it answers every request that its conditions hold for."""
    return not rule.passes and all(script.chance >= 1 for script in rule.scripts)


def _takers(rule: Rule, above: Sequence[tuple[int, Rule]]) -> list[int]:
    """One rule for each transport that it may come over; none if over one of them it can be reached."""
    found: dict[int, None] = {}
    for known in _cases(rule):
        taker = next((index for index, other in above if _covers(other, rule, known)), None)
        if taker is None:
            return []
        found[taker] = None
    return list(found)


def _covers(taker: Rule, rule: Rule, known: Sequence[Condition]) -> bool:
    if rule.takes_connectivity_test and not taker.takes_connectivity_test:
        return False
    return imply((*rule.conditions, *known), taker.conditions)


def _cases(rule: Rule) -> Iterator[tuple[Condition, ...]]:
    """What is known of a request that comes over each of the transports that the rule takes."""
    for transport, known in _KNOWN.items():
        if all(transport in check.folded for check in rule.plain("transport")):
            messages = () if rule.takes_connectivity_test or transport != "soap" else (_SUBMITTED,)
            yield (*known, *messages)


_KNOWN: Mapping[str, tuple[Condition, ...]] = {
    "soap": (ValueCondition(key="transport", check=OneOf.of("soap")),),
    "mllp": (
        ValueCondition(key="transport", check=OneOf.of("mllp")),
        *(ValueCondition(key=key, check=Missing()) for key in ("operation", "username", "facility")),
    ),
    "http": (
        ValueCondition(key="transport", check=OneOf.of("http")),
        ValueCondition(key="operation", check=Missing()),
    ),
}
_SUBMITTED = ValueCondition(key="operation", check=OneOf.of("submitSingleMessage"))


class _Above:
    """The rules above one, and which of them may take what it would."""

    def __init__(self, *, everything: bool) -> None:
        self._everything = everything
        self._general: list[int] = []
        self._filed: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._counts: Counter[bool] = Counter()

    def add(self, position: int, rule: Rule) -> None:
        keys = [] if self._everything else list(_literal(rule))
        if not keys and (self._everything or self._counted(rule) <= _GENERAL):
            self._general.append(position)
        for key in keys:
            self._filed[key].append(position)

    def _counted(self, rule: Rule) -> int:
        """How many general rules of its kind there are with this one."""
        words = all(isinstance(entry, ValueCondition) and entry.location is None for entry in rule.conditions)
        self._counts[words] += 1
        return self._counts[words]

    def candidates(self, rule: Rule) -> Iterable[int]:
        if self._everything:
            return self._general
        asked = {
            (entry.key, value)
            for entry in rule.conditions
            if isinstance(entry, ValueCondition) and isinstance(entry.check, OneOf)
            for value in entry.check.folded
        }
        return sorted({*self._general, *(index for key in asked for index in self._filed.get(key, ()))})


def _literal(rule: Rule) -> Iterator[tuple[str, str]]:
    """The plain values that the last of its conditions on a place asks for."""
    for entry in reversed(rule.conditions):
        if isinstance(entry, ValueCondition) and entry.location is not None and isinstance(entry.check, OneOf):
            yield from ((entry.key, value) for value in entry.check.folded)
            return
