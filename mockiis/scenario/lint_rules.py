"""What lint says about rules: those that never answer, states without effect, misbehaviour that never happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from mockiis.message.misbehaviour import KINDS
from mockiis.message.request import Transport
from mockiis.scenario.checks import After, Before, Check, Exactly, Not, OneOf, SameAs
from mockiis.scenario.conditions import Condition, ValueCondition, each_condition
from mockiis.scenario.loader import ScenarioEntry
from mockiis.scenario.memory import START
from mockiis.scenario.model import Rule, Scenario
from mockiis.scenario.reach import unreachable
from mockiis.scenario.remark import Found, Place, Remarks
from mockiis.scenario.replies import ReplyEntry
from mockiis.scenario.subject import Subject

_TRANSPORTS: tuple[Transport, ...] = ("soap", "mllp", "http")


def about_rules(entry: ScenarioEntry, scenario: Scenario) -> Remarks:
    """Everything that rules are told of."""
    yield from _never_answer(scenario.rules)
    yield from _states(scenario.rules)
    for index, rule in enumerate(entry.rules):
        for place, reply in rule.each_reply():
            yield from _misbehaviour(("rules", index, *place), reply, _transports(scenario.rules[index]))
    for place, reply in entry.otherwise.each() if entry.otherwise else ():
        yield from _misbehaviour(("otherwise", *place), reply, list(_TRANSPORTS))


def _never_answer(rules: Sequence[Rule]) -> Remarks:
    for position, takers in unreachable(rules):
        rule = rules[position]
        place = ("rules", position)
        yield Found((*place, "name"), "unreachable-rule", _never(rule, [rules[taker] for taker in takers]))
        if rule.expect and not rule.expect.met(0):
            text = f"expects {rule.expect} of a rule that never answers; move the rule up, or leave 'expect' out"
            yield Found((*place, "expect"), "expect-unreachable", text, "error")


def _never(rule: Rule, takers: Sequence[Rule]) -> str:
    named = " and ".join(f'"{taker.name}" (rule {taker.number})' for taker in takers)
    if len(takers) == 1 and not takers[0].conditions:
        return f"this rule never answers: {named} takes every message; move that one to the end"
    if len(takers) == 1 and takers[0].conditions == rule.conditions:
        return f"this rule never answers: {named} has the same conditions; merge the two, or write 'replies' there"
    verb = "takes" if len(takers) == 1 else "together take"
    return f"this rule never answers: {named} {verb} all that it would; move it up, or narrow what stands above it"


def _states(rules: Sequence[Rule]) -> Remarks:
    """A move that no condition notices, since it treats the new state as any other that there is."""
    checks = list(_state_checks(rules))
    if any(_open(check) for check in checks):
        return
    moves = [(position, rule.then.state) for position, rule in enumerate(rules) if rule.then]
    seen = {state: _seen(state, checks) for state in (START, *(state for _, state in moves))}
    if len(set(seen.values())) > 1:
        return
    for position, state in moves:
        text = f"no rule asks for the state '{state}' or for another; ask for it under 'when', or leave 'then' out"
        yield Found(("rules", position, "then"), "state-without-effect", text)


def _seen(state: str, checks: Sequence[Check]) -> tuple[bool, ...]:
    return tuple(check((state,), cast(Subject, None)) for check in checks)


def _open(check: Check) -> bool:
    """Whether it looks at more than the state."""
    if isinstance(check, Not):
        return _open(check.check)
    return isinstance(check, SameAs | Before | After)


def _state_checks(rules: Iterable[Rule]) -> Iterator[Check]:
    for rule in rules:
        for condition in each_condition(rule.conditions):
            if isinstance(condition, ValueCondition) and condition.key == "state":
                yield condition.check


def _transports(rule: Rule) -> list[Transport]:
    """Those that a request for the rule may come over."""
    if rule.plain("operation"):
        return ["soap"]
    asked = rule.plain("transport")
    return [transport for transport in _TRANSPORTS if all(transport in check.folded for check in asked)]


_SORTS = {"fault": "fault", "http": "http", "drop": ""}
"""What kinds of reply are to a misbehaviour; all others are messages, but a mix is any of them."""


def _misbehaviour(place: Place, reply: ReplyEntry, transports: Sequence[Transport]) -> Remarks:
    if reply.mix or not reply.wire:
        return
    sort = _SORTS.get(reply.kind, "message")
    kinds = [KINDS[entry.misbehaviour.name] for entry in reply.wire]
    for index, kind in enumerate(kinds):
        if sort not in kind.answers:
            text = f"'{kind.name}' is done to {_listed(kind.answers)} only, and this reply is a {sort}; leave it out"
            yield Found((*place, "wire", index), "misbehaviour-without-effect", text)
    useful = [transport for transport in transports if any(transport in kind.transports for kind in kinds)]
    useless = [transport.upper() for transport in transports if transport not in useful]
    if useless and useless != ["HTTP"]:  # who has thought of both others has thought enough
        wanted = f"[{', '.join(useful)}]" if len(useful) > 1 else "".join(useful)
        text = (
            f"nothing of this happens over {' and '.join(useless)}, which the rule takes too;"
            f" write transport: {wanted} under 'when', or a rule for each"
        )
        yield Found((*place, "wire"), "misbehaviour-without-effect", text)


def _listed(names: Iterable[str]) -> str:
    return " and ".join("HTTP responses" if name == "http" else f"{name}s" for name in sorted(names))


def about_values(rules: Any) -> Remarks:
    """Values that stand twice in a list, as the file has them."""
    for index, rule in enumerate(rules):
        yield from _twice(rule.get("when", {}), ("rules", index, "when"))


def _twice(value: Any, place: Place) -> Remarks:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _twice(entry, (*place, key))
    elif isinstance(value, list):
        texts = [entry.casefold() if isinstance(entry, str) else entry for entry in value]
        counts = Counter(text for text in texts if isinstance(text, str))
        for index, entry in enumerate(value):
            yield from _twice(entry, (*place, index))
            if isinstance(texts[index], str) and counts[texts[index]] > 1 and texts.index(texts[index]) < index:
                yield Found((*place, index), "duplicate", f"'{entry}' stands here already; keep one")


def message_types(conditions: Iterable[Condition]) -> tuple[str, ...]:
    """The plain message types that conditions ask for, in capitals."""
    return tuple(
        value.upper()
        for condition in conditions
        if isinstance(condition, ValueCondition) and condition.key == "message"
        if isinstance(condition.check, OneOf | Exactly)
        for value in condition.check.values
    )
