"""The product in one line: a request, the scenarios, what they remember and the registry -> the reply, with what it
changes. Pure: it neither waits, writes nor logs.

The first rule that matches answers. Without one the registry does, where a scenario says so or where there is none;
else the message is refused (AR 207) and told which rule came closest. connectivityTest is echoed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mockiis.message.acknowledgment import acknowledgment
from mockiis.message.change import Answered, Change, Moved
from mockiis.message.reply import MessageReply, Reply
from mockiis.message.request import Request
from mockiis.profile import Finding
from mockiis.registry.registry import Registry
from mockiis.scenario import Scenario, explanation
from mockiis.scenario.carry_out import Occasion, carry_out
from mockiis.scenario.matcher import Match, first_match
from mockiis.scenario.memory import Memory
from mockiis.scenario.subject import Subject

OTHERWISE = "otherwise"
"""The name of the reply under ``otherwise``, where a rule has its own."""
_FRESH = Memory()
_EMPTY = Registry()


def respond(
    request: Request, scenarios: Sequence[Scenario], memory: Memory = _FRESH, registry: Registry = _EMPTY
) -> Reply:
    """The reply to a request. Never raises because of a peer's message; ``memory`` and ``registry`` are only read."""
    if not scenarios:
        return registry.answer(request)
    subject = Subject(request)
    match = first_match(scenarios, subject, memory)
    if match is not None:
        reply = carry_out(match.script, Occasion.of(match, subject, registry.answer))
        return replace(reply, changes=(*changes(match), *reply.changes))
    if request.message is None:
        return MessageReply(text=request.text)
    return _unmatched(request, scenarios, memory, registry)


def changes(match: Match) -> tuple[Change, ...]:
    """What answering by this rule changes."""
    scenario, rule = match.scenario.source, match.rule
    answered = Answered(scenario=scenario, rule=rule.name, key=match.key)
    if rule.then is None:
        return (answered,)
    return answered, Moved(scenario=scenario, key=match.key, state=rule.then.state, after=rule.then.after)


def _unmatched(request: Request, scenarios: Sequence[Scenario], memory: Memory, registry: Registry) -> Reply:
    near = explanation.closest(scenarios, request, memory, explanation.MOST)
    why, summary = explanation.in_full(request, near), explanation.in_short(near)
    for scenario in scenarios:
        if scenario.otherwise is not None:
            reply = carry_out(scenario.otherwise, Occasion(request=request, rule=OTHERWISE, registry=registry.answer))
            return replace(reply, explanation=why, summary=summary)
    return replace(refusal(request, summary), explanation=why)


def refusal(request: Request, text: str) -> MessageReply:
    """AR 207, to queries too: the mock cannot answer. The text is logged, so it quotes nothing of the message."""
    return MessageReply(
        text=acknowledgment(request, "AR", [Finding(code="207", severity="E", text=text)]), summary=text
    )
