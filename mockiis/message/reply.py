"""What the IIS does in answer to a request, as data. ``server`` carries it out: waits, writes, hangs up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from mockiis.message.change import Change
from mockiis.message.misbehaviour import Misbehaviour


class FaultKind(StrEnum):
    """The four faults of the CDC interface. The value is the WSDL's fault name."""

    SECURITY = "SecurityFault"
    MESSAGE_TOO_LARGE = "MessageTooLargeFault"
    UNSUPPORTED_OPERATION = "UnsupportedOperationFault"
    UNKNOWN = "UnknownFault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What every reply has: the rule that made it (empty: built in), a delay in seconds before it is sent, and why
    it is no answer of a rule: ``summary`` in a sentence that may be logged, for it has nothing of the message's
    content, and ``explanation`` in full, with the values that no rule matched. ``wire`` is what goes wrong on its way,
    ``changes`` what the registry remembers from now on.
    """

    rule: str = ""
    delay: float = 0.0
    summary: str = ""
    explanation: str = ""
    wire: tuple[Misbehaviour, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReply(Reply):
    """An HL7 message, or the text that connectivityTest echoes. One of another registry ``keeps_charset``."""

    text: str
    keeps_charset: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultReply(Reply):
    """A SOAP fault. ``detail`` is the sentence for people; ``reason`` replaces the kind's fixed Reason."""

    kind: FaultKind
    detail: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReply(Reply):
    """No answer: close the connection in order, reset it, or leave it open and silent (hang)."""

    how: Literal["close", "reset", "hang"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HTTPReply(Reply):
    """An HTTP response in place of a SOAP envelope: a proxy's error page, a redirect, a body of anything."""

    status: int
    body: str = ""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardReply(Reply):
    """What the registry behind this one answers; ``server`` asks it."""
