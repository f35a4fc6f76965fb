"""The product in one line: a request and the scenarios -> the reply. Pure: it neither waits, writes nor logs.

The first rule that matches answers. Without one the message is refused (AR 207) and told which rule came closest;
connectivityTest is echoed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mockiis.message.acknowledgment import acknowledgment
from mockiis.message.query_response import query_response
from mockiis.message.reply import FaultReply, MessageReply, NoReply, Reply
from mockiis.message.request import Request
from mockiis.profile import Finding
from mockiis.scenario import Scenario, explanation
from mockiis.scenario.matcher import Subject, first_match
from mockiis.scenario.model import (
    AcknowledgmentScript,
    DropScript,
    FaultScript,
    QueryResponseScript,
    Script,
    ScriptedError,
    TextScript,
)

OTHERWISE = "otherwise"
"""The name of the reply under ``otherwise``, where a rule has its own."""


def respond(request: Request, scenarios: Sequence[Scenario]) -> Reply:
    """The reply to a request. Never raises because of a peer's message."""
    rule = first_match(scenarios, Subject(request))
    if rule is not None:
        return _carry_out(rule.script, request, rule.name)
    if request.message is None:
        return MessageReply(text=request.text)
    return _unmatched(request, scenarios)


def _unmatched(request: Request, scenarios: Sequence[Scenario]) -> Reply:
    why, summary = explanation.in_full(scenarios, request), explanation.in_short(scenarios, request)
    for scenario in scenarios:
        if scenario.otherwise is not None:
            return replace(_carry_out(scenario.otherwise, request, OTHERWISE), explanation=why, summary=summary)
    return replace(refusal(request, summary), explanation=why)


def refusal(request: Request, text: str) -> MessageReply:
    """AR 207, to queries too: the mock cannot answer. The text is logged, so it quotes nothing of the message."""
    return MessageReply(
        text=acknowledgment(request, "AR", [Finding(code="207", severity="E", text=text)]), summary=text
    )


def _carry_out(script: Script, request: Request, rule: str) -> Reply:
    match script:
        case AcknowledgmentScript():
            text = acknowledgment(request, script.code, _findings(script.errors, request))
            return MessageReply(text=text, rule=rule, delay=script.delay)
        case QueryResponseScript():
            return _answer_query(script, request, rule)
        case FaultScript():
            return FaultReply(
                kind=script.kind, reason=script.reason, detail=script.detail, rule=rule, delay=script.delay
            )
        case TextScript():
            text = script.template.er7(request.message) if request.message else script.template.literal
            return MessageReply(text=text, rule=rule, delay=script.delay)
        case DropScript():
            return NoReply(how=script.how, rule=rule, delay=script.delay)


def _answer_query(script: QueryResponseScript, request: Request, rule: str) -> Reply:
    if request.message is None or request.message.get("MSH-9.1").upper() != "QBP":
        text = f'The rule "{rule}" answers with a query response, and this message is not a query (QBP).'
        return replace(refusal(request, text), rule=rule, delay=script.delay)
    today = request.received.strftime("%Y%m%d")
    persons = [
        replace(person, forecast_made=today) if person.forecast and not person.forecast_made else person
        for person in script.persons
    ]
    text = query_response(request, script.profile, script.status, persons, _findings(script.errors, request))
    return MessageReply(text=text, rule=rule, delay=script.delay)


def _findings(errors: Sequence[ScriptedError], request: Request) -> list[Finding]:
    return [
        replace(error.finding, text=error.text.plain(request.message))
        if error.text and request.message
        else error.finding
        for error in errors
    ]
