"""One exchange, as observers see it: what came in, what went out, and one line about it without PHI."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mockiis.er7 import ER7Error, read
from mockiis.message import FaultReply, HTTPReply, MessageReply, NoReply, Reply, Request

_TYPE = re.compile(r"[A-Z0-9]{3}(\^[A-Z0-9]{0,3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request with the reply it got. ``peer`` is host:port of the sender."""

    request: Request
    reply: Reply
    peer: str

    @property
    def message_type(self) -> str:
        """MSH-9 as type^event, or what stands in its place."""
        request = self.request
        if request.message is None:
            return request.operation if request.operation == "connectivityTest" else "not read"
        header = request.message.header
        text = f"{header.get(9, 1)}^{header.get(9, 2)}".rstrip("^")
        return text if _TYPE.fullmatch(text) else "unknown type"

    @property
    def control_id(self) -> str:
        """MSH-10 of the request."""
        return self.request.message.header.get(10) if self.request.message else ""

    def line(self) -> str:
        """Time, transport, peer, type, control id, answer and rule. Never a patient's data, never a password."""
        rule = f' by rule "{self.reply.rule}"' if self.reply.rule else ""
        control_id = re.sub(r"[^\w.\-]", "?", self.control_id)[:40] or "-"
        return (
            f"{self.request.received:%H:%M:%S} {self.request.transport} {self.peer} {self.message_type} {control_id}"
            f" -> {answered(self.reply)}{_spoiled(self.reply)}{rule}"
        )

    def why(self) -> str:
        """Why no rule answered, in one line without values of the message. Empty when one did."""
        return "".join(character if character.isprintable() else "?" for character in self.reply.summary)


def answered(reply: Reply) -> str:
    """The reply in a word or two: the acknowledgment code, the fault, or what is done instead."""
    match reply:
        case MessageReply(text=text):
            return _acknowledged(text)
        case FaultReply(kind=kind):
            return kind.value
        case HTTPReply(status=status):
            return f"HTTP {status}"
        case NoReply(how=how):
            return {"close": "connection closed", "reset": "connection reset", "hang": "no answer"}[how]
    return type(reply).__name__


def _spoiled(reply: Reply) -> str:
    """What goes wrong with it on its way."""
    return f" ({', '.join(misbehaviour.name for misbehaviour in reply.wire)})" if reply.wire else ""


def _acknowledged(text: str) -> str:
    if not text.startswith(("MSH", "FHS", "BHS")):
        return "echo"
    try:
        answer = read(text)
    except ER7Error:
        return "batch"
    codes = " ".join(filter(None, (answer.get("MSA-1"), answer.get("QAK-2"))))
    return codes if re.fullmatch("[A-Z]{2}( [A-Z]{2})?", codes) else "message"
