"""What an MLLP connection asks of the service, and a careful way to ask it on behalf of one peer.

The service is implemented in ``service``; ``mllp`` is the one that asks.
"""

from __future__ import annotations

import typing
from dataclasses import dataclass

from mockiis.er7 import Note
from mockiis.message import NoReply, Reply
from mockiis.server.failure import internal_error
from mockiis.server.held import Held

_MOST_REPORTS = 50
"""Reports on one connection. One that sends only garbage must not fill the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameAnswer:
    """What to do about one frame, or one body over plain HTTP, and the message to send in the character set ``codec``;
    empty where the reply is no message.
    """

    reply: Reply
    data: bytes
    codec: str = "utf-8"


CLOSE = FrameAnswer(reply=NoReply(how="close"), data=b"")
"""Close the connection once the earlier replies are written."""


class FrameService(typing.Protocol):
    """What a connection asks of the service."""

    def answer_frame(self, data: bytes, peer: str) -> FrameAnswer | Held[FrameAnswer]:
        """Answer one message, given as it was in its frame."""

    def refuse_frame(self, reason: str, peer: str) -> FrameAnswer | Held[FrameAnswer]:
        """Answer a frame that cannot be given to ``answer_frame``."""

    def report(self, peer: str, text: str) -> None:
        """Note something odd on the wire. The text has no part of any message."""


class PeerService:
    """The service for one peer: an error in it becomes a refusal, and reports stay few."""

    def __init__(self, service: FrameService, peer: str) -> None:
        self._service = service
        self._peer = peer
        self._noted: set[str] = set()
        self._reports = 0

    def answer(self, data: bytes) -> FrameAnswer | Held[FrameAnswer]:
        """The service's answer. Its own failure is reported, and must not cost the sender the connection."""
        try:
            return self._service.answer_frame(data, self._peer)
        except Exception as error:  # noqa: BLE001
            self._service.report(self._peer, internal_error(error))
            return self.refuse("internal error")

    def refuse(self, reason: str) -> FrameAnswer | Held[FrameAnswer]:
        """The service's refusal; where even that fails there is nothing to say, and the connection is closed."""
        try:
            return self._service.refuse_frame(reason, self._peer)
        except Exception as error:  # noqa: BLE001
            self._service.report(self._peer, internal_error(error))
            return CLOSE

    def note(self, note: Note) -> None:
        """Report an oddity, once for the connection: a sender's habit comes with each of its messages."""
        if note.code not in self._noted:
            self._noted.add(note.code)
            self.report(f"{note.code}: {note.text}")

    def report(self, text: str) -> None:
        """Report something that happened, up to a limit, and say when the limit is reached."""
        self._reports += 1
        if self._reports <= _MOST_REPORTS:
            self._service.report(self._peer, text)
        elif self._reports == _MOST_REPORTS + 1:
            self._service.report(self._peer, "nothing more is reported about this connection")
