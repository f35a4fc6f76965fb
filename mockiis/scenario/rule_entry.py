"""One rule as an author writes it, and whether its parts fit together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import PlainValidator, field_validator, model_validator

from mockiis.document import complaint
from mockiis.entry_types import Text, kind, read_duration, read_text
from mockiis.errors import printable
from mockiis.message.misbehaviour import KINDS as MISBEHAVIOURS
from mockiis.message.person import Person
from mockiis.scenario.checks import OneOf
from mockiis.scenario.conditions import Condition, SameSegment, ValueCondition, each_condition
from mockiis.scenario.memory import START
from mockiis.scenario.model import Expectation, Rule, Then
from mockiis.scenario.replies import ReplyEntry
from mockiis.scenario.values import Complaint, Part, Place, list_of, refuse
from mockiis.scenario.when import read_conditions

PASSED_ON = "pass"
"""What ends ``replies`` when the rules below are to answer from then on."""


class ThenEntry(Part):
    """``then``: a state alone, or one that comes after a while."""

    state: Text
    after: Annotated[float, PlainValidator(read_duration)] = 0.0

    @model_validator(mode="before")
    @classmethod
    def _state_alone(cls, value: Any) -> Any:
        return {"state": value} if isinstance(value, str) and value.strip() else value


def _count(value: Any) -> int:
    text = read_text(value)
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise complaint(f"'{text}' is not a number of answers; write one such as 1, or {{min: 1, max: 3}}")
    return int(text)


Count = Annotated[int | None, PlainValidator(_count)]


class ExpectEntry(Part):
    """``expect``: a number of answers, or the least and the most."""

    min: Count = None
    max: Count = None

    @model_validator(mode="before")
    @classmethod
    def _number_alone(cls, value: Any) -> Any:
        return {"min": value, "max": value} if isinstance(value, str) and value.strip() else value

    @model_validator(mode="after")
    def _something(self) -> ExpectEntry:
        if self.min is None and self.max is None:
            raise complaint("write how many answers are expected, as in expect: 1 or {min: 1, max: 3}")
        if self.max is not None and (self.min or 0) > self.max:
            raise complaint("min is above max", "min")
        return self

    def expectation(self) -> Expectation:
        """The bounds as a value."""
        return Expectation(least=self.min or 0, most=self.max)


def _name(value: Any) -> str:
    """A name stands in logs and answers, so it is one line."""
    text = read_text(value)
    if printable(text) != text:
        raise complaint("a name is one line of printable characters")
    return text


class RuleEntry(Part):
    """One rule as written."""

    name: Annotated[str, PlainValidator(_name)]
    when: Annotated[tuple[Condition, ...], PlainValidator(read_conditions)] = ()
    reply: ReplyEntry | None = None
    replies: Annotated[tuple[ReplyEntry, ...], list_of("replies", some=True)] = ()
    passes: bool = False
    then: ThenEntry | None = None
    expect: ExpectEntry | None = None

    @classmethod
    def known_keys(cls) -> list[str]:
        """What a file may say; ``passes`` comes from the last of ``replies``."""
        return [key for key in super().known_keys() if key != "passes"]

    @model_validator(mode="before")
    @classmethod
    def _pass_apart(cls, value: Any) -> Any:
        """Take ``pass`` off the end of ``replies``."""
        if not isinstance(value, dict):
            raise complaint(f"write a mapping here (key: value), not {kind(value)}")
        if "passes" in value:
            raise cls.refused("passes")
        replies = value.get("replies")
        if isinstance(replies, list) and PASSED_ON in replies[:-1]:
            raise complaint(f"'{PASSED_ON}' stands last: no reply comes after it", "replies")
        if isinstance(replies, list) and replies[-1:] == [PASSED_ON]:
            return value | {"replies": replies[:-1], "passes": True}
        return value

    @field_validator("passes", mode="before")
    @classmethod
    def _passes(cls, value: Any) -> bool:
        return value is True

    @model_validator(mode="after")
    def _whole(self) -> RuleEntry:
        if self.reply and self.replies:
            raise complaint("write reply for one answer or replies for a sequence, not both", "replies")
        if not self.reply and not self.replies:
            raise complaint("the answer is missing; write reply: {ack: AA}, or replies for a sequence")
        refuse([*self._transport_complaints(), *self._content_complaints()])
        return self

    def each_reply(self) -> Iterator[tuple[Place, ReplyEntry]]:
        """Every reply of the rule, those of a mix too, with its place below the rule."""
        if self.reply:
            yield from ((("reply", *place), entry) for place, entry in self.reply.each())
        for index, reply in enumerate(self.replies):
            yield from ((("replies", index, *place), entry) for place, entry in reply.each())

    def _asked(self, key: str, *, below: bool = False) -> set[str]:
        """The plain values that conditions name for a word, those ``below`` any_of and not too; empty without any."""
        conditions = each_condition(self.when) if below else self.when
        checks = [entry.check for entry in conditions if isinstance(entry, ValueCondition) and entry.key == key]
        return {value for check in checks if isinstance(check, OneOf) for value in check.values}

    def _transport_complaints(self) -> Iterator[Complaint]:
        transports, operations = self._asked("transport"), self._asked("operation")
        soap_only = bool(operations) or transports == {"soap"}
        web_only = soap_only or bool(transports and transports <= _WEB)
        if operations and transports and "soap" not in transports:
            yield (
                ("when",),
                complaint(f"{_named(transports)} has no operations; leave 'operation' out, or write transport: soap"),
            )
        for place, reply in self.each_reply():
            if reply.kind == "fault" and not soap_only:
                yield place, complaint("only SOAP has faults; write transport: soap under 'when'")
            if reply.kind == "http" and not web_only:
                text = "MLLP has no HTTP responses; write transport: soap or http under 'when'"
                yield place, complaint(text)
            yield from _wire_complaints((*place, "wire"), reply, "soap" if soap_only else "", transports)

    def _content_complaints(self) -> Iterator[Complaint]:
        operations = self._asked("operation")
        others = sorted(value for value in self._asked("message") if not value.upper().startswith("QBP"))
        about_message = any(map(_of_message, self.when))
        if "connectivityTest" in self._asked("operation", below=True) - operations:
            yield ("when",), complaint("write 'operation: connectivityTest' in 'when' itself, not below any_of or not")
        if "connectivityTest" in operations and about_message:
            yield ("when",), complaint("connectivityTest carries no HL7 message, so the rule would never match")
        for place, reply in self.each_reply():
            if "connectivityTest" in operations and reply.kind not in _WITHOUT_MESSAGE:
                yield (
                    place,
                    complaint(
                        "connectivityTest carries no HL7 message to answer; write fault, http, echo, hl7 or drop,"
                        " or leave the rule out and it is echoed"
                    ),
                )
            if reply.kind == "rsp" and others:
                yield place, complaint(f"a query response answers QBP, and this rule is for {others[0]}; write ack")

    def rule(self, number: int, source: str, persons: Mapping[str, Person]) -> Rule:
        """The rule as it runs."""
        replies = self.replies or ((self.reply,) if self.reply else ())
        return Rule(
            name=self.name,
            number=number,
            source=source,
            conditions=self.when,
            scripts=tuple(reply.script(self.name, persons) for reply in replies),
            passes=self.passes,
            then=Then(state=self.then.state, after=self.then.after) if self.then else None,
            expect=self.expect.expectation() if self.expect else None,
        )

    def takes_connectivity_test(self) -> bool:
        """Whether it is for the operation that carries no message."""
        return "connectivityTest" in self._asked("operation")

    def states_asked(self) -> set[str]:
        """The states that its conditions name."""
        return {value.casefold() for value in self._asked("state", below=True)}


_WEB = {"soap", "http"}
"""Transports that answer with an HTTP response."""
_WITHOUT_MESSAGE = ("fault", "drop", "http", "echo", "hl7", "registry")


def _of_message(condition: Condition) -> bool:
    if isinstance(condition, SameSegment):
        return True
    return isinstance(condition, ValueCondition) and (
        condition.location is not None or condition.key in ("message", "profile")
    )


def _named(transports: Iterable[str]) -> str:
    return " and ".join(name.upper() for name in sorted(transports))


def _wire_complaints(place: Place, reply: ReplyEntry, only: str, transports: set[str]) -> Iterator[Complaint]:
    """A misbehaviour that the transport of the rule does not have would never happen."""
    possible = {only} if only else transports or {"soap", "mllp", "http"}
    for index, entry in enumerate(reply.wire):
        name = entry.misbehaviour.name
        has = MISBEHAVIOURS[name].transports
        if not possible & set(has):
            yield (
                (*place, index),
                complaint(f"'{name}' happens over {_named(has)} only, and this rule is for {_named(possible)}"),
            )


def unreachable_states(rules: tuple[RuleEntry, ...]) -> list[Complaint]:
    """A complaint for each rule that asks for a state that no rule leads to."""
    known = {START, *(rule.then.state.casefold() for rule in rules if rule.then)}
    return [
        (("rules", index, "when", "state"), complaint(_no_way(state, rules)))
        for index, rule in enumerate(rules)
        for state in sorted(rule.states_asked() - known)
    ]


def _no_way(state: str, rules: tuple[RuleEntry, ...]) -> str:
    states = list(dict.fromkeys([START, *(rule.then.state for rule in rules if rule.then)]))
    return f"no rule leads to the state '{state}'; there are: {', '.join(states)}"
