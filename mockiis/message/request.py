"""A request as it reached the IIS."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mockiis.er7 import Message

Transport = Literal["soap", "mllp", "http"]
"""CDC's SOAP interface, MLLP, or a message in the body of an HTTP request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Everything an answer may depend on, so that the same request always gets the same reply.

    ``received`` (with zone) becomes MSH-7 of the answer and ``control_id`` its MSH-10: clock and numbering are
    the server's, the core has neither. ``seed`` is a number drawn for this request, from which whatever is left to
    chance follows. ``facilities`` are those that the account may send for, none for any. ``operation`` is the SOAP
    operation and empty elsewhere. ``message`` is None for connectivityTest, whose echoBack is ``text``.
    """

    transport: Transport
    received: datetime
    control_id: str
    message: Message | None = None
    text: str = ""
    operation: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    facility: str = ""
    facilities: tuple[str, ...] = ()
    seed: int = 0
