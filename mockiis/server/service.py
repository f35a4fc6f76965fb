"""The mock IIS without its sockets: bytes and calls in, replies out.

``exchanges`` holds what all ways in have in common, ``texts`` what comes as the bytes of messages; here are the ways:
MLLP frames, bodies posted over plain HTTP, and SOAP calls. The listeners carry out what it returns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mockiis.er7 import ER7Error, Message, decode, read, read_batch
from mockiis.message import FaultKind, FaultReply, HTTPReply, MessageReply, NoReply, Reply
from mockiis.server.accounts import refusal as wrong_account
from mockiis.server.caller import Caller
from mockiis.server.exchanges import Exchanges, numbered
from mockiis.server.frame_service import FrameAnswer
from mockiis.server.held import Held
from mockiis.server.later import Later
from mockiis.server.texts import OnUnreadable, Text
from mockiis.wire.http_post import NoPost, Post
from mockiis.wire.soap_server import Call, Refusal

__all__ = ["MAX_MESSAGE", "OnUnreadable", "Service", "numbered"]

MAX_MESSAGE = 1_048_576
"""Characters of one message, unless a limit is given."""
_OF_XML = ("line-ends-lf", "line-ends-crlf")
"""Notes that are no habit of a sender over SOAP: XML makes LF of every line end."""
_COMING = MessageReply(text="")
_PLAIN = "text/plain; charset=utf-8"
_ASK = (("WWW-Authenticate", 'Basic realm="mockiis", charset="UTF-8"'),)


@dataclass(slots=True, kw_only=True)
class Service(Exchanges):
    """Everything a listener asks."""

    max_message: int = MAX_MESSAGE
    on_unreadable: OnUnreadable = "ack"

    # MLLP and plain HTTP.

    def answer_frame(self, data: bytes, peer: str) -> Held[FrameAnswer]:
        """The reply to what one MLLP block held: a message, a batch, or something unreadable."""
        return self._text(data, Caller(transport="mllp", peer=peer)).answer()

    def refuse_frame(self, reason: str, peer: str) -> Held[FrameAnswer]:
        """The reply to a block that cannot be taken."""
        return self._text(b"", Caller(transport="mllp", peer=peer)).refuse(reason)

    def answer_post(self, post: Post, peer: str) -> Held[FrameAnswer]:
        """The same for the body of an HTTP request; 401 when the credentials are refused."""
        caller = Caller(
            transport="http", peer=peer, username=post.username, password=post.password, facility=post.facility
        )
        wrong = wrong_account(self.accounts, post.username, post.password, post.facility)
        if not wrong:
            return self._text(post.data, caller).answer()
        return self._page(caller, decode(post.data).text, HTTPReply(status=401, body=wrong, headers=_ASK))

    def refuse_post(self, refused: NoPost, peer: str) -> Held[FrameAnswer]:
        """A response with the status and the sentence, since there is no message to answer."""
        return self._page(
            Caller(transport="http", peer=peer), "", HTTPReply(status=refused.status, body=refused.sentence)
        )

    def _text(self, data: bytes, caller: Caller) -> Text:
        return Text.of(data, caller, self, self.max_message, self.on_unreadable)

    def _page(self, caller: Caller, text: str, reply: HTTPReply) -> Held[FrameAnswer]:
        page = replace(reply, body=f"{reply.body}\n", content_type=_PLAIN, summary=reply.body)
        answer = FrameAnswer(reply=self.note(self.request(caller, None, text), page, caller.peer), data=b"")
        return self.hold(answer, lambda answer, _trouble: answer, answer)

    # SOAP.

    def answer_call(self, call: Call, peer: str) -> Held[Reply]:
        """The reply to one SOAP operation."""
        return self.hold(self._call_answered(call, peer), _not_taken, _COMING)

    def _call_answered(self, call: Call, peer: str) -> Later[Reply]:
        caller = Caller(
            transport="soap", peer=peer, username=call.username, password=call.password, facility=call.facility
        )
        request = self.request(caller, None, call.text, call.operation)
        if call.operation == "connectivityTest":
            return self.answered(request, peer)
        message = self._message_of(call)
        if isinstance(message, FaultReply):
            return self.note(request, message, peer)
        self.report_notes([note for note in message.notes if note.code not in _OF_XML], peer)
        return self.answered(self.request(caller, message, call.text, call.operation), peer)

    def _message_of(self, call: Call) -> Message | FaultReply:
        """The message of a call that may be answered, or why it may not."""
        wrong = wrong_account(self.accounts, call.username, call.password, call.facility)
        if wrong:
            return _fault(FaultKind.SECURITY, wrong)
        if len(call.text) > self.max_message:
            detail = f"hl7Message has {len(call.text)} characters; the limit is {self.max_message}"
            return _fault(FaultKind.MESSAGE_TOO_LARGE, detail)
        try:
            message = read(call.text)
        except ER7Error as error:
            return _not_one_message(call.text, error)
        if len(message.named("MSH")) > 1:
            detail = "hl7Message holds more than one MSH segment; send one message at a time"
            return _fault(FaultKind.MESSAGE_TOO_LARGE, detail)
        return message

    def refuse_call(self, refusal: Refusal, peer: str) -> Held[Reply]:
        """The fault for an envelope that could not be taken."""
        request = self.request(Caller(transport="soap", peer=peer), None, "", "")
        reply = self.note(request, _fault(refusal.kind, refusal.detail, refusal.summary), peer)
        return self.hold(reply, lambda reply, _trouble: reply, _COMING)


def _fault(kind: FaultKind, detail: str, summary: str = "") -> FaultReply:
    return FaultReply(kind=kind, detail=detail, summary=summary or detail)


def _not_taken(reply: Reply, trouble: str) -> Reply:
    """A fault to what could not be written down. One that is a fault already, or nothing, stays as it is."""
    if isinstance(reply, NoReply | FaultReply):
        return reply
    return _fault(FaultKind.UNKNOWN, f"The message was not taken: {trouble}")


def _not_one_message(text: str, error: ER7Error) -> FaultReply:
    batch = read_batch(text)
    if batch.header and not batch.stray:
        return _fault(FaultKind.MESSAGE_TOO_LARGE, "hl7Message holds a batch; send one message at a time")
    return _fault(FaultKind.UNKNOWN, f"hl7Message is not a readable HL7 message: {error}")
