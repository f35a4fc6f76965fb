"""Passing messages on to a registry behind this one, as a state's health information network does.

What carries them there is a ``Carry``; the one of ``sender`` is offered under the entry point ``mockiis.forwarders``,
since that package stands above this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from twisted.internet.defer import Deferred, DeferredLock
from twisted.python.failure import Failure

from mockiis.message.misbehaviour import Misbehaviour
from mockiis.message.reply import FaultKind, FaultReply, ForwardReply, MessageReply, Reply
from mockiis.message.request import Request
from mockiis.respond import refusal
from mockiis.scenario import Scenario
from mockiis.scenario.misbehaviour import spoil
from mockiis.scenario.model import ForwardScript

PASS_ON = Scenario(name="forward", source="--forward", rules=(), otherwise=ForwardScript())
"""Stands after all others, so that whatever no rule takes is passed on."""
_FORGOTTEN = "it was waiting when the mock was reset"
_NOWHERE = "the rule says 'forward', and the mock was started without --forward"


class Carry(Protocol):
    """Takes a message to another registry. It fires with the answer: a message as it came, or a fault, whose
    ``summary`` says in a sentence what there is in place of an answer. It neither raises nor stays silent.
    """

    address: str

    def __call__(self, text: str, username: str, password: str, facility: str) -> Deferred[Reply]:
        """Ask, with credentials where the way has some."""


class Forwarding:
    """Messages of one connection go one after another, so that none overtakes another."""

    def __init__(self, carry: Carry) -> None:
        self._carry = carry
        self._lanes: dict[str, DeferredLock] = {}
        self._begun = object()

    def asked(self, request: Request, meant: ForwardReply, peer: str) -> Deferred[Reply]:
        """What the registry behind answers, as far as ``meant`` lets it through."""
        lane = self._lanes.setdefault(peer, DeferredLock())
        begun, coming = self._begun, Deferred[Any]()

        def carried() -> Reply | Deferred[Reply]:
            if begun is not self._begun:
                return FaultReply(kind=FaultKind.UNKNOWN, detail=_FORGOTTEN, summary=_FORGOTTEN)
            return self._carry(request.text, request.username, request.password, request.facility)

        def arrived(result: Reply | Failure) -> None:
            if begun is self._begun:
                coming.callback(result)

        answer: Deferred[Any] = lane.run(carried)
        answer.addBoth(self._tidied, peer, lane).addBoth(arrived)
        return coming.addCallback(lambda reply: _let_through(request, meant, reply, self._carry.address))

    def begin_again(self) -> None:
        """Forget what is under way: what waits for its turn is not sent, and what comes back belongs to nobody."""
        self._begun = object()

    def _tidied(self, result: Reply, peer: str, lane: DeferredLock) -> Reply:
        if not lane.locked and not lane.waiting:
            self._lanes.pop(peer, None)
        return result


def nowhere(request: Request, meant: ForwardReply) -> Reply:
    """The reply where there is no registry behind."""
    return _let_through(request, meant, FaultReply(kind=FaultKind.UNKNOWN, detail=_NOWHERE, summary=_NOWHERE), "")


def _let_through(request: Request, meant: ForwardReply, reply: Reply, address: str) -> Reply:
    """The answer as this registry gives it: late, or spoiled, if the rule says so. A fault is one over SOAP alone."""
    summary = f"forwarded to {address}" if address else ""
    wire: Sequence[Misbehaviour] = meant.wire
    if isinstance(reply, FaultReply):
        summary = "; ".join(filter(None, (summary, reply.summary)))
        if request.transport != "soap":
            reply = refusal(request, f"No answer from the registry behind: {reply.summary}")
    if isinstance(reply, MessageReply):
        text, wire = spoil(reply.text, request, wire)
        reply = replace(reply, text=text)
    return replace(reply, rule=meant.rule, delay=meant.delay, wire=tuple(wire), summary=summary)
