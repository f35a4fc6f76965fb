"""Who a message came from, and how."""

from __future__ import annotations

from dataclasses import dataclass, field

from mockiis.message.request import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """``peer`` is host:port; the credentials are empty where there are none."""

    transport: Transport
    peer: str
    username: str = ""
    password: str = field(default="", repr=False)
    facility: str = ""
