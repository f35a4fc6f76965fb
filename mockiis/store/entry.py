"""One exchange as the journal keeps it: what came, what went back, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypedDict

from mockiis.er7 import ER7Error, Message, read
from mockiis.message.reply import FaultReply, HTTPReply, MessageReply, NoReply, Reply
from mockiis.message.request import Request, Transport

Outcome = Literal["message", "fault", "http", "none"]
"""An HL7 message (or an echo), a SOAP fault, a response of HTTP alone, or no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One exchange. ``number`` counts from 1 in its journal, ``received`` has a zone.

    ``answer`` is the message, the fault's detail or the body; ``status`` the fault's name, the HTTP status, or how
    the connection ended. ``acknowledgment`` is MSA-1 and ``query_status`` QAK-2 of the answer. ``findings`` are
    its ERR segments as text. ``summary`` says why no rule answered, ``explanation`` says it in full. ``seconds``
    passed between receipt and answer; None while it waits, or if the connection was lost before.
    """

    received: datetime
    transport: Transport
    peer: str = ""
    operation: str = ""
    control_id: str = ""
    message_type: str = ""
    profile: str = ""
    username: str = ""
    facility: str = ""
    request: str = ""
    outcome: Outcome = "message"
    answer: str = ""
    status: str = ""
    acknowledgment: str = ""
    query_status: str = ""
    rule: str = ""
    findings: tuple[str, ...] = ()
    summary: str = ""
    explanation: str = ""
    delay: float = 0.0
    instance: str = ""
    number: int = 0
    seconds: float | None = None

    def as_request(self) -> Request:
        """The request once more, for conditions to look at; the password was not kept."""
        return Request(
            transport=self.transport,
            received=self.received,
            control_id="",
            message=self.message,
            text=self.request,
            operation=self.operation,
            username=self.username,
            facility=self.facility,
        )

    @property
    def message(self) -> Message | None:
        """The request as a message; None for connectivityTest and for what could not be read."""
        if self.operation == "connectivityTest":
            return None
        try:
            return read(self.request)
        except ER7Error:
            return None

    @property
    def unmatched(self) -> bool:
        """Whether it was a message that no rule answered."""
        return bool(self.explanation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An exchange at a glance: its request as it was read, which is all that most conditions ask for.

    ``entry`` makes the rest of it.
    """

    number: int
    instance: str
    request: Request
    unmatched: bool
    entry: Callable[[], JournalEntry]


def seen(entry: JournalEntry) -> Seen:
    """An entry at a glance."""
    return Seen(
        number=entry.number,
        instance=entry.instance,
        request=entry.as_request(),
        unmatched=entry.unmatched,
        entry=lambda: entry,
    )


def entry_of(request: Request, reply: Reply, peer: str, instance: str = "") -> JournalEntry:
    """The entry for a request and its reply, before it has a number."""
    message = request.message
    header = message.header if message else None
    return JournalEntry(
        received=request.received,
        transport=request.transport,
        peer=peer,
        operation=request.operation,
        control_id=header.get(10) if header else "",
        message_type="^".join(filter(None, (header.get(9, n) for n in (1, 2, 3)))) if header else "",
        profile=message.get("MSH-21.1") if message else "",
        username=request.username,
        facility=request.facility,
        request=request.text,
        rule=reply.rule,
        summary=reply.summary,
        explanation=reply.explanation,
        delay=reply.delay,
        instance=instance,
        **_answered(request, reply),
    )


class _Answer(TypedDict, total=False):
    """What an entry says of the answer."""

    outcome: Outcome
    answer: str
    status: str
    acknowledgment: str
    query_status: str
    findings: tuple[str, ...]


def _answered(request: Request, reply: Reply) -> _Answer:
    match reply:
        case MessageReply():
            return _acknowledged(request, reply.text)
        case FaultReply():
            return {"outcome": "fault", "status": reply.kind.value, "answer": reply.detail}
        case HTTPReply():
            return {"outcome": "http", "status": str(reply.status), "answer": reply.body}
        case NoReply():
            return {"outcome": "none", "status": reply.how}
    raise TypeError(f"a {type(reply).__name__} is no reply")


def _acknowledged(request: Request, text: str) -> _Answer:
    if request.operation == "connectivityTest":
        return {"answer": text}
    try:
        answer = read(text)
    except ER7Error:
        return {"answer": text}
    return {
        "answer": text,
        "acknowledgment": answer.get("MSA-1"),
        "query_status": answer.get("QAK-2"),
        "findings": tuple(segment.text for segment in answer.named("ERR")),
    }


def numbered(entries: Sequence[JournalEntry], first: int) -> list[JournalEntry]:
    """The entries with numbers from ``first`` on."""
    return [replace(entry, number=number) for number, entry in enumerate(entries, first)]
