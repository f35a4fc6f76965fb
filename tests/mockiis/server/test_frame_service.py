"""The careful way to ask the service: nothing it does loses the connection, and reports stay few."""

from __future__ import annotations

import pytest

from mockiis.er7 import Note
from mockiis.message import MessageReply
from mockiis.server.frame_service import CLOSE, FrameAnswer, PeerService

PEER = "192.0.2.7:4711"
REFUSED = FrameAnswer(reply=MessageReply(text=""), data=b"refused")


class Failing:
    """A service that fails, quoting the message it was given."""

    def __init__(self, *, refusing_too: bool = False) -> None:
        self.refusing_too = refusing_too
        self.reports: list[tuple[str, str]] = []
        self.refused: list[str] = []

    def answer_frame(self, data: bytes, peer: str) -> FrameAnswer:
        raise ValueError(data)

    def refuse_frame(self, reason: str, peer: str) -> FrameAnswer:
        self.refused.append(reason)
        if self.refusing_too:
            raise LookupError(reason)
        return REFUSED

    def report(self, peer: str, text: str) -> None:
        self.reports.append((peer, text))


def test_a_failure_becomes_a_refusal() -> None:
    """The sender gets an answer; the report names the error and its place, and none of the message."""
    service = Failing()

    assert REFUSED == PeerService(service, PEER).answer(b"PID|SECRET")
    assert ["internal error"] == service.refused
    [(peer, text)] = service.reports
    assert peer == PEER
    assert text.startswith("internal error: ValueError at test_frame_service.py:")
    assert text.endswith(" in answer_frame")
    assert "SECRET" not in text


@pytest.mark.parametrize("ask", [lambda asked: asked.answer(b"x"), lambda asked: asked.refuse("too large")])
def test_with_no_answer_at_all_the_connection_is_closed(ask: object) -> None:
    """A service that cannot even refuse costs the connection, in order, and says so."""
    service = Failing(refusing_too=True)

    assert CLOSE == ask(PeerService(service, PEER))  # type: ignore[operator]
    assert "LookupError" in service.reports[-1][1]


def test_a_habit_is_noted_once() -> None:
    """An oddity that comes with every message is one line, not one for each."""
    service = Failing()
    asked = PeerService(service, PEER)

    for _ in range(3):
        asked.note(Note("mllp-cr-missing", "no CR"))
        asked.note(Note("mllp-null-between", "NUL"))

    assert [(PEER, "mllp-cr-missing: no CR"), (PEER, "mllp-null-between: NUL")] == service.reports


def test_reports_are_limited() -> None:
    """A connection that sends only garbage fills no log, and the last line says that lines are left out."""
    service = Failing()
    asked = PeerService(service, PEER)

    for number in range(200):
        asked.report(f"garbage {number}")

    assert 51 == len(service.reports)
    assert (PEER, "garbage 49") == service.reports[49]
    assert (PEER, "nothing more is reported about this connection") == service.reports[50]
