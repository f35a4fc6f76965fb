"""What comes as the bytes of a message or of a batch: in an MLLP frame, or as the body of an HTTP request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mockiis.er7 import Batch, Decoded, ER7Error, Message, decode, read, read_batch
from mockiis.message import MessageReply, NoReply, Reply, Request
from mockiis.message.batch import batch_reply, members
from mockiis.respond import refusal
from mockiis.server.caller import Caller
from mockiis.server.encoding import encoded
from mockiis.server.exchanges import Exchanges
from mockiis.server.frame_service import FrameAnswer
from mockiis.server.held import Held
from mockiis.server.later import Later, all_of, then

OnUnreadable = Literal["ack", "close", "silent"]
_HEADER = 2000
"""Characters of a message that is too large in which its MSH is looked for."""
_HOLDER = {"mllp": "frame", "http": "body"}
"""What a message comes in."""
_TAKEN_BACK = "The message was not taken: what it changed could not be written down while others were waited for"
_COMING = FrameAnswer(reply=MessageReply(text=""), data=b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The bytes of one caller, decoded, on their way to an answer."""

    exchanges: Exchanges
    caller: Caller
    decoded: Decoded
    max_message: int
    on_unreadable: OnUnreadable

    @classmethod
    def of(cls, data: bytes, caller: Caller, exchanges: Exchanges, max_message: int, on: OnUnreadable) -> Text:
        """Decode the bytes, and report what is odd about them."""
        decoded = decode(data)
        exchanges.report_notes(decoded.notes, caller.peer)
        return cls(exchanges=exchanges, caller=caller, decoded=decoded, max_message=max_message, on_unreadable=on)

    def answer(self) -> Held[FrameAnswer]:
        """The reply to a message, a batch, or something unreadable."""
        return self.exchanges.hold(self._answered(), self._not_taken, _COMING)

    def refuse(self, reason: str) -> Held[FrameAnswer]:
        """AR 207 with the reason in ERR-8 and an empty MSA-2, since there is no message to answer."""
        return self.exchanges.hold(self._refused(reason), lambda answer, _trouble: answer, _COMING)

    def _answered(self) -> Later[FrameAnswer]:
        text = self.decoded.text
        if len(text) > self.max_message:
            batch = read_batch(text)
            return self._batch(batch) if batch.header and batch.messages else self._encoded(self._too_large(text))
        try:
            message = read(text)
        except ER7Error as error:
            return self._batch_or_unreadable(f"Not a readable HL7 message: {error}")
        if len(message.named("MSH")) > 1:
            holder = _HOLDER.get(self.caller.transport, "text")
            return self._batch_or_unreadable(f"Two MSH segments in one {holder} and no batch header")
        self.exchanges.report_notes(message.notes, self.caller.peer)
        request = self.exchanges.request(self.caller, message, text)
        return then(self.exchanges.answered(request, self.caller.peer), self._encoded)

    def _batch_or_unreadable(self, reason: str) -> Later[FrameAnswer]:
        batch = read_batch(self.decoded.text)
        return self._batch(batch) if batch.header and batch.messages else self._refused(reason)

    def _batch(self, batch: Batch) -> Later[FrameAnswer]:
        """One reply for all, when the last one is there; each of them is an exchange of its own."""
        ledger = self.exchanges.ledger
        taken_back = ledger.taken_back
        asked = [self._member(text) for text in members(batch)]

        def whole(replies: list[Reply]) -> FrameAnswer:
            if ledger.taken_back != taken_back:  # while one was waited for, what the others changed may have been lost
                replies = [refusal(request, _TAKEN_BACK) for request, _ in asked]
            for (request, _), reply in zip(asked, replies, strict=True):
                self.exchanges.note(request, reply, self.caller.peer)
            return self._encoded(self._batch_reply(batch, replies))

        return then(all_of([reply for _, reply in asked]), whole)

    def _member(self, text: str) -> tuple[Request, Later[Reply]]:
        """One message of a batch and its reply, whatever the others are like."""
        try:
            message = read(text)
        except ER7Error as error:
            request = self.exchanges.request(self.caller, None, text)
            return request, refusal(request, f"Not a readable HL7 message: {error}")
        if len(text) > self.max_message:
            return self._refused_for_size(text)
        self.exchanges.report_notes(message.notes, self.caller.peer)
        request = self.exchanges.request(self.caller, message, text)
        return request, self.exchanges.decided(request, self.caller.peer)

    def _batch_reply(self, batch: Batch, replies: list[Reply]) -> Reply:
        """It waits as long as the slowest; one that is no message is the reply to them all, and what goes wrong with
        one on its way goes wrong with them all.
        """
        for reply in replies:
            if not isinstance(reply, MessageReply):
                return reply
        texts = [reply.text for reply in replies if isinstance(reply, MessageReply)]
        text = batch_reply(batch, texts, self.exchanges.clock(), self.exchanges.new_control_id)
        wire = tuple(misbehaviour for reply in replies for misbehaviour in reply.wire)
        return MessageReply(text=text, delay=max(reply.delay for reply in replies), wire=wire)

    def _too_large(self, text: str) -> Reply:
        request, reply = self._refused_for_size(text)
        return self.exchanges.note(request, reply, self.caller.peer)

    def _refused_for_size(self, text: str) -> tuple[Request, Reply]:
        """AR 207 that names the message by its MSH, which is all that is read of it."""
        first, _, _ = text[:_HEADER].lstrip().partition("\r")
        request = self.exchanges.request(self.caller, _readable(first), first)
        return request, refusal(request, f"The message has more than {self.max_message} characters")

    def _refused(self, reason: str) -> FrameAnswer:
        request = self.exchanges.request(self.caller)
        match self.on_unreadable:
            case "close":
                reply: Reply = NoReply(how="close", summary=reason)
            case "silent":
                reply = NoReply(how="hang", summary=reason)
            case "ack":
                reply = refusal(request, reason)
        return encoded(self.exchanges.note(request, reply, self.caller.peer), "utf-8")

    def _not_taken(self, answer: FrameAnswer, trouble: str) -> FrameAnswer:
        """AR 207 to what could not be written down. An answer that says nothing of success stays as it is."""
        if not isinstance(answer.reply, MessageReply):
            return answer
        reason = f"The message was not taken: {trouble}"
        batch = read_batch(self.decoded.text)
        if not batch.header or not batch.messages:
            return self._encoded(refusal(self._unnoted(self.decoded.text), reason))
        texts = [refusal(self._unnoted(member), reason).text for member in members(batch)]
        whole = batch_reply(batch, texts, self.exchanges.clock(), self.exchanges.new_control_id)
        return self._encoded(MessageReply(text=whole, summary=reason))

    def _unnoted(self, text: str) -> Request:
        return self.exchanges.request(self.caller, _readable(text))

    def _encoded(self, reply: Reply) -> FrameAnswer:
        return encoded(reply, self.decoded.codec)


def _readable(text: str) -> Message | None:
    try:
        return read(text)
    except ER7Error:
        return None
