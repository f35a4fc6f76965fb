"""A script carried out for one request: the reply that it says, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mockiis.er7 import Message, read, write
from mockiis.message.acknowledgment import acknowledgment
from mockiis.message.misbehaviour import Misbehaviour
from mockiis.message.query_response import query_response
from mockiis.message.reply import FaultReply, ForwardReply, HTTPReply, MessageReply, NoReply, Reply
from mockiis.message.request import Request
from mockiis.profile import Finding
from mockiis.scenario.conditions import SameSegment
from mockiis.scenario.dice import roll
from mockiis.scenario.edit import edited, without
from mockiis.scenario.matcher import Match
from mockiis.scenario.misbehaviour import spoil
from mockiis.scenario.model import (
    AcknowledgmentScript,
    DropScript,
    FaultScript,
    ForwardScript,
    HTTPScript,
    MixScript,
    QueryResponseScript,
    Reaction,
    RegistryScript,
    Script,
    ScriptedError,
    TextScript,
)
from mockiis.scenario.subject import GROUPED, Subject
from mockiis.scenario.template import Source


def _no_registry(request: Request) -> Reply:
    text = "There is no registry here to answer."
    return MessageReply(
        text=acknowledgment(request, "AR", [Finding(code="207", severity="E", text=text)]), summary=text
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A request and the rule that answers it.

    ``found`` has the number of the segment that an ``any`` condition of the rule was about, and of the first of each
    other name in its order; ``parts`` has the message cut down to it. So an error at RXA-15 and a reference to
    RXA-5.1 mean that dose.
    """

    request: Request
    rule: str
    found: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, Message] = field(default_factory=dict)
    registry: Callable[[Request], Reply] = _no_registry

    @classmethod
    def of(cls, match: Match, subject: Subject, registry: Callable[[Request], Reply] = _no_registry) -> Occasion:
        """The request as the matching rule sees it."""
        found: dict[str, int] = {}
        parts: dict[str, Message] = {}
        for condition in match.rule.conditions:
            if isinstance(condition, SameSegment) and condition.quantifier == "any":
                part = condition.found(subject)
                if part is not None:
                    found = {**part.numbers, **found}
                    names = GROUPED if condition.segment == "RXA" else {condition.segment}
                    parts = dict.fromkeys(names, part.message) | parts
        return cls(request=subject.request, rule=match.rule.name, found=found, parts=parts, registry=registry)

    @property
    def source(self) -> Source:
        """What references are filled in from."""
        return Source(request=self.request, parts=self.parts)

    def findings(self, errors: Sequence[ScriptedError]) -> list[Finding]:
        """The errors with their texts, each at the segment that the rule found."""
        return [self._finding(error) for error in errors]

    def _finding(self, error: ScriptedError) -> Finding:
        finding = error.finding
        if error.text is not None:
            finding = replace(finding, text=error.text.plain(self.source))
        where = finding.location
        if where is not None and where.occurrence is None and where.segment in self.found:
            finding = replace(finding, location=replace(where, occurrence=self.found[where.segment]))
        return finding


def carry_out(script: Script, occasion: Occasion) -> Reply:
    """The reply, with the rule's name, its delay and what goes wrong on its way."""
    request = occasion.request
    if isinstance(script, MixScript):
        return _timed(carry_out(_drawn(script, occasion), occasion), script, occasion)
    wire = _chosen(script, occasion)
    reply = _timed(_reply(script, occasion), script, occasion)
    if isinstance(reply, MessageReply) and wire:
        text, wire = spoil(reply.text, request, wire)
        reply = replace(reply, text=text)
    return replace(reply, wire=wire) if wire else reply


def _timed(reply: Reply, script: Reaction, occasion: Occasion) -> Reply:
    purpose = f"{occasion.rule}, mix" if isinstance(script, MixScript) else occasion.rule
    delay = script.delay.seconds(occasion.request.seed, purpose)
    return replace(reply, rule=occasion.rule, delay=reply.delay + delay)


def _drawn(script: MixScript, occasion: Occasion) -> Script:
    drawn = roll(occasion.request.seed, occasion.rule, "mix")
    for share, member in script.members:
        drawn -= share
        if drawn < 0:
            return member
    return script.members[-1][1]


def _chosen(script: Reaction, occasion: Occasion) -> tuple[Misbehaviour, ...]:
    return tuple(
        entry.misbehaviour
        for number, entry in enumerate(script.wire)
        if entry.chance >= 1 or roll(occasion.request.seed, occasion.rule, "wire", str(number)) < entry.chance
    )


def _reply(script: Script, occasion: Occasion) -> Reply:
    match script:
        case AcknowledgmentScript():
            text = acknowledgment(occasion.request, script.code, occasion.findings(script.errors))
            return MessageReply(text=text)
        case QueryResponseScript():
            return _answer_query(script, occasion)
        case RegistryScript():
            return _consulted(script, occasion)
    return _as_written(script, occasion)


def _consulted(script: RegistryScript, occasion: Occasion) -> Reply:
    """What the registry answers, with what the script changes of it."""
    request, source = occasion.request, occasion.source
    if request.message is not None and script.take:
        message = edited(request.message, script.take, source)
        request = replace(request, message=message, text=write(message))
    reply = occasion.registry(request)
    if not script.store:
        reply = replace(reply, changes=())
    if not isinstance(reply, MessageReply) or request.message is None or not (script.tell or script.without):
        return reply
    answer = edited(read(reply.text), script.tell, source)
    return replace(reply, text=write(without(answer, script.without, request) if script.without else answer))


def _as_written(script: Script, occasion: Occasion) -> Reply:
    """What the file gives whole, and the engine adds nothing to."""
    match script:
        case FaultScript():
            return FaultReply(kind=script.kind, reason=script.reason, detail=script.detail)
        case TextScript():
            return MessageReply(text=script.template.er7(occasion.source))
        case HTTPScript():
            body = script.body.plain(occasion.source)
            return HTTPReply(status=script.status, body=body, content_type=script.content_type, headers=script.headers)
        case DropScript():
            return NoReply(how=script.how)
        case ForwardScript():
            return ForwardReply()
    return MessageReply(text=occasion.request.text)


def _answer_query(script: QueryResponseScript, occasion: Occasion) -> Reply:
    request = occasion.request
    if _message_type(request) != "QBP":
        text = f'The rule "{occasion.rule}" answers with a query response, and this message is not a query (QBP).'
        finding = Finding(code="207", severity="E", text=text)
        return MessageReply(text=acknowledgment(request, "AR", [finding]), summary=text)
    today = request.received.strftime("%Y%m%d")
    persons = [
        replace(person, forecast_made=today) if person.forecast and not person.forecast_made else person
        for person in script.persons
    ]
    findings = occasion.findings(script.errors)
    return MessageReply(text=query_response(request, script.profile, script.status, persons, findings))


def _message_type(request: Request) -> str:
    return request.message.get("MSH-9.1").upper() if request.message else ""
