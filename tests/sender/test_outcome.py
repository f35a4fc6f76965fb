"""Outcomes in words, their exit codes, and what they keep to themselves."""

from __future__ import annotations

import pytest

from mockiis.er7 import Location
from mockiis.message import Answer
from mockiis.profile import Finding
from sender.outcome import (
    Accepted,
    AcceptedWithWarnings,
    ConnectionFailed,
    Faulted,
    NotAcknowledgment,
    Outcome,
    Reached,
    Rejected,
    TimedOut,
    without_segments,
)

AGREE = "is about configuration, not about the data: agree with the registry on"
YES = Answer(message_type="ACK", acknowledgment_code="AA", message_control_id="M1")


@pytest.mark.parametrize(
    ("outcome", "exit_code", "sentence"),
    [
        (Accepted(answer=YES), 0, "accepted (MSA-1 AA)"),
        (AcceptedWithWarnings(answer=YES), 0, "accepted, with warnings (MSA-1 AA)"),
        (Rejected(answer=YES), 1, "rejected in whole or part, without saying why (MSA-1 AA)"),
        (Faulted(kind="SecurityFault", reason="Security", detail="bad user"), 1, "SecurityFault: Security - bad user"),
        (Faulted(kind="SecurityFault", reason="Security", detail="Security"), 1, "SecurityFault: Security"),
        (Faulted(kind="SOAP fault Receiver"), 1, "SOAP fault Receiver"),
        (TimedOut(seconds=30.0), 3, "no answer within 30 s"),
        (TimedOut(seconds=2.5, connected=False), 3, "no connection within 2.5 s"),
        (ConnectionFailed(reason="connection refused"), 3, "connection refused"),
        (NotAcknowledgment(reason="the answer is empty"), 3, "the answer is empty"),
        (Reached(echoed=True), 0, "reached; the text came back unchanged"),
        (Reached(echoed=False), 0, "reached; MLLP has no echo to compare"),
    ],
)
def test_says_how_a_send_ended(outcome: Outcome, exit_code: int, sentence: str) -> None:
    """A no is 1; what was not delivered, or not answered as it should be, is 3."""
    assert (exit_code, sentence) == (outcome.exit_code, outcome.sentence)


CORRECT = "correct what the findings name and send the message again"
ASK = "where the findings do not say what to do, ask those who run the registry, then send the message again"


@pytest.mark.parametrize(
    ("code", "findings", "expected"),
    [
        ("AE", [("101", "PID-7")], CORRECT),
        ("AE", [("207", "PID-7")], CORRECT),
        ("AE", [("200", "MSH-9")], CORRECT),
        ("AE", [("", "")], CORRECT),
        ("AE", [("207", "")], ASK),
        ("AE", [], ASK),
        ("AR", [("101", "PID-7")], CORRECT),
        ("AR", [("207", "")], ASK),
        ("AR", [], f"AR {AGREE} message type (MSH-9), processing id (MSH-11), version (MSH-12), then send again"),
        ("CR", [], f"CR {AGREE} message type (MSH-9), processing id (MSH-11), version (MSH-12), then send again"),
        ("AR", [("200", ""), ("201", "")], f"AR {AGREE} message type (MSH-9), then send again"),
        ("AR", [("202", "MSH-11")], f"AR {AGREE} processing id (MSH-11), then send again"),
        ("AR", [("207", ""), ("203", "MSH-12")], f"AR {AGREE} version (MSH-12), then send again"),
    ],
)
def test_says_what_to_do_about_a_refusal(code: str, findings: list[tuple[str, str]], expected: str) -> None:
    """AR is about type, version and processing id unless its findings name data; an internal error is not ours."""
    told = tuple(
        Finding(code=code, severity="E", location=Location.parse(place) if place else None) for code, place in findings
    )
    answer = Answer(message_type="ACK", acknowledgment_code=code, message_control_id="M1", findings=told)
    assert expected == Rejected(answer=answer).next_step


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PID-7 is missing", "PID-7 is missing"),
        ("cannot read PID|1||123|DOE^JANE", "cannot read (HL7 text left out)"),
        ("", ""),
    ],
)
def test_leaves_embedded_segments_out(text: str, expected: str) -> None:
    """Some receivers quote the whole message in a fault or an ERR; a patient must not be printed."""
    assert expected == without_segments(text)


def test_does_not_print_what_came_back() -> None:
    """The text of an answer can hold a patient, so the value's own description leaves it out."""
    assert "DOE" not in repr(NotAcknowledgment(reason="x", text="PID|1||1||DOE"))
