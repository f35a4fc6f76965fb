"""One exchange from bytes to reply: the only place that joins wire, respond, accounts, clock and observers.

MLLP and SOAP listeners call it and carry out what it returns.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random
from typing import Literal

from mockiis.er7 import Batch, Decoded, ER7Error, Message, Note, decode, read, read_batch
from mockiis.message import FaultKind, FaultReply, MessageReply, NoReply, Reply, Request
from mockiis.message.batch import batch_reply, members
from mockiis.registry.registry import Registry
from mockiis.respond import refusal, respond
from mockiis.scenario import Scenario
from mockiis.scenario.memory import Memory
from mockiis.server.accounts import Account, facilities_of
from mockiis.server.accounts import refusal as wrong_account
from mockiis.server.clock import local_time
from mockiis.server.encoding import encoded
from mockiis.server.exchange import Exchange
from mockiis.server.failure import internal_error
from mockiis.server.held import Held
from mockiis.server.ledger import Ledger
from mockiis.server.mllp import FrameAnswer
from mockiis.store.error import StoreError
from mockiis.wire.soap_server import Call, Refusal

OnUnreadable = Literal["ack", "close", "silent"]
MAX_MESSAGE = 1_048_576
"""Characters of one message, unless a limit is given."""
_HEADER = 2000
"""Characters of a message that is too large in which its MSH is looked for."""
_OF_XML = ("line-ends-lf", "line-ends-crlf")
"""Notes that are no habit of a sender over SOAP: XML makes LF of every line end."""


def numbered(start: datetime) -> Callable[[], str]:
    """Message control ids that no earlier run of this mock has used: the start in seconds, and a number."""
    prefix, numbers = f"{int(start.timestamp()):X}", count(1)
    return lambda: f"{prefix}-{next(numbers)}"


@dataclass(slots=True, kw_only=True)
class Service:
    """The mock IIS without its sockets. ``scenarios`` may be replaced while it runs; ``ledger`` keeps what their rules
    remember, and the journal. With a ``seed``, what is left to chance comes out the same in each run.
    """

    scenarios: Sequence[Scenario]
    accounts: tuple[Account, ...] = ()
    clock: Callable[[], datetime] = local_time
    new_control_id: Callable[[], str] = field(default_factory=lambda: numbered(local_time()))
    max_message: int = MAX_MESSAGE
    on_unreadable: OnUnreadable = "ack"
    observers: list[Callable[[Exchange], None]] = field(default_factory=list)
    remarks: list[Callable[[str], None]] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    registry: Registry = field(default_factory=Registry)
    seed: int | None = None
    _dice: Random = field(init=False, repr=False)
    _habits: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=1000), init=False, repr=False)

    def __post_init__(self) -> None:
        self.reseed(self.seed)

    def reseed(self, seed: int | None) -> None:
        """Begin again what is left to chance."""
        self.seed = seed
        self._dice = Random(seed)  # noqa: S311  # what a script leaves to chance, nothing secret

    @property
    def memory(self) -> Memory:
        """What the rules of the scenarios remember."""
        return self.ledger.memory

    def answer_frame(self, data: bytes, peer: str) -> Held[FrameAnswer]:
        """The reply to what one MLLP block held: a message, a batch, or something unreadable."""
        decoded = decode(data)
        answer = self._framed(decoded, peer)
        return self.ledger.hold(answer, lambda trouble: self._not_taken(decoded, answer, trouble))

    def _not_taken(self, decoded: Decoded, answer: FrameAnswer, trouble: str) -> FrameAnswer:
        """AR 207 to what could not be written down. An answer that says nothing of success stays as it is."""
        if isinstance(answer.reply, NoReply):
            return answer
        text = f"The message was not taken: {trouble}"
        batch = read_batch(decoded.text)
        if not batch.header or not batch.messages:
            return encoded(refusal(self._unnoted(decoded.text), text), decoded.codec)
        texts = [refusal(self._unnoted(member), text).text for member in members(batch)]
        whole = batch_reply(batch, texts, self.clock(), self.new_control_id)
        return encoded(MessageReply(text=whole, summary=text), decoded.codec)

    def _unnoted(self, text: str) -> Request:
        try:
            message: Message | None = read(text)
        except ER7Error:
            message = None
        return Request(transport="mllp", received=self.clock(), control_id=self.new_control_id(), message=message)

    def _framed(self, decoded: Decoded, peer: str) -> FrameAnswer:
        self._report_notes(decoded.notes, peer)
        if len(decoded.text) > self.max_message:
            return self._too_large(decoded, peer)
        try:
            message = read(decoded.text)
        except ER7Error as error:
            return self._batch_or_unreadable(decoded, f"Not a readable HL7 message: {error}", peer)
        if len(message.named("MSH")) > 1:
            return self._batch_or_unreadable(decoded, "Two MSH segments in one frame and no batch header", peer)
        self._report_notes(message.notes, peer)
        reply = self._noted(self._request(message, decoded.text), peer)
        return encoded(reply, decoded.codec)

    def _too_large(self, decoded: Decoded, peer: str) -> FrameAnswer:
        """AR 207 that names the message by its MSH, which is all that is read of it."""
        first, _, _ = decoded.text[:_HEADER].lstrip().partition("\r")
        try:
            message: Message | None = read(first)
        except ER7Error:
            message = None
        moment, number = self.clock(), self.new_control_id()
        request = Request(transport="mllp", received=moment, control_id=number, message=message, text=first)
        reply = refusal(request, f"The message has more than {self.max_message} characters")
        self._note(request, reply, peer)
        return encoded(reply, decoded.codec)

    def refuse_frame(self, reason: str, peer: str) -> Held[FrameAnswer]:
        """AR 207 with the reason in ERR-8 and an empty MSA-2, since there is no message to answer."""
        answer = self._refused(reason, peer)
        return self.ledger.hold(answer, lambda _trouble: answer)

    def _refused(self, reason: str, peer: str) -> FrameAnswer:
        request = Request(transport="mllp", received=self.clock(), control_id=self.new_control_id())
        reply = self._unreadable(request, reason)
        self._note(request, reply, peer)
        return encoded(reply, "utf-8")

    def answer_call(self, call: Call, peer: str) -> Held[Reply]:
        """The reply to one SOAP operation."""
        reply = self._call_answered(call, peer)
        return self.ledger.hold(reply, lambda trouble: _not_taken(reply, trouble))

    def _call_answered(self, call: Call, peer: str) -> Reply:
        request = self._called(call)
        if call.operation == "connectivityTest":
            return self._noted(request, peer)
        wrong = wrong_account(self.accounts, call.username, call.password, call.facility)
        if wrong:
            return self._fault(request, peer, FaultKind.SECURITY, wrong)
        if len(call.text) > self.max_message:
            detail = f"hl7Message has {len(call.text)} characters; the limit is {self.max_message}"
            return self._fault(request, peer, FaultKind.MESSAGE_TOO_LARGE, detail)
        try:
            message = read(call.text)
        except ER7Error as error:
            return self._fault(request, peer, *_not_one_message(call.text, error))
        if len(message.named("MSH")) > 1:
            detail = "hl7Message holds more than one MSH segment; send one message at a time"
            return self._fault(request, peer, FaultKind.MESSAGE_TOO_LARGE, detail)
        self._report_notes([note for note in message.notes if note.code not in _OF_XML], peer)
        return self._noted(self._called(call, message), peer)

    def refuse_call(self, refusal: Refusal, peer: str) -> Held[Reply]:
        """The fault for an envelope that could not be taken."""
        request = Request(transport="soap", received=self.clock(), control_id="")
        reply = self._fault(request, peer, refusal.kind, refusal.detail, refusal.summary)
        return self.ledger.hold(reply, lambda _trouble: reply)

    def report(self, peer: str, text: str) -> None:
        """Tell whoever watches about something odd on the wire. One that cannot listen costs nobody an answer."""
        for remark in self.remarks:
            with suppress(Exception):
                remark(f"{peer}: {text}")

    def _report_notes(self, notes: Iterable[Note], peer: str) -> None:
        """What was odd and taken, once for each peer: a sender's habit comes with each of its messages."""
        for note in notes:
            if (peer, note.code) not in self._habits:
                self._habits.append((peer, note.code))
                self.report(peer, f"{note.code}: {note.text}")

    def _request(self, message: Message, text: str) -> Request:
        return Request(
            transport="mllp",
            received=self.clock(),
            control_id=self.new_control_id(),
            message=message,
            text=text,
            seed=self._dice.getrandbits(64),
        )

    def _called(self, call: Call, message: Message | None = None) -> Request:
        return Request(
            transport="soap",
            received=self.clock(),
            control_id=self.new_control_id() if message else "",
            message=message,
            text=call.text,
            operation=call.operation,
            username=call.username,
            password=call.password,
            facility=call.facility,
            facilities=facilities_of(self.accounts, call.username),
            seed=self._dice.getrandbits(64),
        )

    def _noted(self, request: Request, peer: str) -> Reply:
        try:
            reply = respond(request, self.scenarios, self.memory, self.registry)
            self.registry.keep(reply.changes)
        except StoreError as error:
            self.ledger.distrust(str(error))
            reply = refusal(request, f"The message was not taken: {error}")
        self._note(request, reply, peer)
        return reply

    def _fault(self, request: Request, peer: str, kind: FaultKind, detail: str, summary: str = "") -> Reply:
        reply = FaultReply(kind=kind, detail=detail, summary=summary or detail)
        self._note(request, reply, peer)
        return reply

    def _note(self, request: Request, reply: Reply, peer: str) -> None:
        self.ledger.note(request, reply, peer)
        exchange = Exchange(request=request, reply=reply, peer=peer)
        for observer in self.observers:
            try:
                observer(exchange)
            except Exception as error:  # noqa: BLE001  # whoever watches must not cost the sender its answer
                self.report(peer, f"an observer failed: {internal_error(error)}")

    def _batch_or_unreadable(self, decoded: Decoded, reason: str, peer: str) -> FrameAnswer:
        batch = read_batch(decoded.text)
        if not batch.header or not batch.messages or batch.stray:
            return self._refused(reason, peer)
        return encoded(self._batch(batch, peer), decoded.codec)

    def _batch(self, batch: Batch, peer: str) -> Reply:
        """One reply for all; it waits as long as the slowest, one that hangs up hangs up on them all, and what goes
        wrong with one on its way goes wrong with them all.
        """
        replies = [self._batch_member(text, peer) for text in members(batch)]
        for reply in replies:
            if isinstance(reply, NoReply):
                return reply
        texts = [reply.text for reply in replies if isinstance(reply, MessageReply)]
        text = batch_reply(batch, texts, self.clock(), self.new_control_id)
        wire = tuple(misbehaviour for reply in replies for misbehaviour in reply.wire)
        return MessageReply(text=text, delay=max(reply.delay for reply in replies), wire=wire)

    def _batch_member(self, text: str, peer: str) -> Reply:
        try:
            message = read(text)
        except ER7Error as error:
            request = Request(transport="mllp", received=self.clock(), control_id=self.new_control_id(), text=text)
            reply = refusal(request, f"Not a readable HL7 message: {error}")
            self._note(request, reply, peer)
            return reply
        self._report_notes(message.notes, peer)
        return self._noted(self._request(message, text), peer)

    def _unreadable(self, request: Request, reason: str) -> Reply:
        match self.on_unreadable:
            case "close":
                return NoReply(how="close", summary=reason)
            case "silent":
                return NoReply(how="hang", summary=reason)
            case "ack":
                return refusal(request, reason)


def _not_taken(reply: Reply, trouble: str) -> Reply:
    """A fault to what could not be written down. One that is a fault already, or nothing, stays as it is."""
    if isinstance(reply, NoReply | FaultReply):
        return reply
    detail = f"The message was not taken: {trouble}"
    return FaultReply(kind=FaultKind.UNKNOWN, detail=detail, summary=detail)


def _not_one_message(text: str, error: ER7Error) -> tuple[FaultKind, str]:
    batch = read_batch(text)
    if batch.header and not batch.stray:
        return FaultKind.MESSAGE_TOO_LARGE, "hl7Message holds a batch; send one message at a time"
    return FaultKind.UNKNOWN, f"hl7Message is not a readable HL7 message: {error}"
