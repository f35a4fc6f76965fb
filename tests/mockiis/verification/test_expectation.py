"""What is said when the journal does not hold what a test expects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from mockiis.scenario import load
from mockiis.server.service import Service
from mockiis.store.entry import Seen
from mockiis.verification import EVERYTHING, Counted, InOrder, Verification, read_inquiry
from mockiis.verification.expectation import verified
from mockiis.wire.soap import SOAP12
from mockiis.wire.soap_server import Call

SCENARIO = """\
version: 1
rules:
  - {name: rejected, when: {PID-5.1: Roe}, reply: {ack: AE, errors: [{at: PID-7, code: 101}]}}
  - {name: accepted, when: {message: VXU}, reply: {ack: AA}}
"""
VXU = "MSH|^~\\&|A|B|C|D|20240403||VXU^V04^VXU_V04|{}|P|2.5.1\rPID|1||7||{}^Jane||{}\r"


def exchanges(*people: str, born: str = "2019") -> list[Seen]:
    """The exchanges of a mock that got a message for each; ``?`` is none, ``!`` connectivityTest."""
    service = Service(scenarios=[load(SCENARIO, "s.yaml")], clock=lambda: datetime(2024, 4, 3, tzinfo=UTC))
    for number, name in enumerate(people, 1):
        if name == "!":
            service.answer_call(Call(operation="connectivityTest", version=SOAP12, text="hello"), "peer")
        else:
            service.answer_frame(b"hello" if name == "?" else VXU.format(f"M{number}", name, born).encode(), "peer")
    return list(service.ledger.journal.seen())


def after(verification: Verification, seen: Iterable[Seen]) -> Verification:
    """The expectation when it has seen them."""
    for exchange in seen:
        verification.look_at(exchange)
    return verification


def counted(when: Mapping[str, Any], least: int = 1, most: int | None = None) -> Counted:
    return Counted(read_inquiry(when), least, most)


@pytest.mark.parametrize(
    ("least", "most", "so_far", "finally_"),
    [
        (1, None, True, True),
        (2, None, True, True),
        (3, None, None, False),
        (2, 2, True, True),
        (1, 1, False, False),
        (3, 3, None, False),
        (0, 2, None, True),
        (0, 1, False, False),
        (0, 0, False, False),
        (1, 3, None, True),
        (3, 4, None, False),
    ],
)
def test_a_verdict_falls_as_soon_as_it_can(least: int, most: int | None, so_far: bool | None, finally_: bool) -> None:
    """Two of three match: what can still change is left open until the end."""
    verification = after(counted({"PID-5.1": "Doe"}, least, most), exchanges("Doe", "Roe", "Doe"))

    assert (so_far, finally_) == (verification.verdict(final=False), verification.verdict(final=True))


def test_without_conditions_everything_counts() -> None:
    """As a rule does, conditions see messages only, unless they ask for connectivityTest."""
    seen = exchanges("Doe", "?", "!")

    asked = (
        {},
        {"message": "VXU"},
        {"transport": ["mllp", "soap"]},
        {"operation": "connectivityTest"},
        {"acknowledgment": "AR"},
        {"rule": {"missing": "true"}},
    )

    assert [3, 1, 1, 1, 0, 0] == [after(counted(when), seen).count for when in asked]


def test_too_few_name_those_received_and_the_closest_other() -> None:
    """With every condition of it, and a hint."""
    verification = after(counted({"message": "VXU", "PID-5.1": "Doe", "PID-7": "2019"}, 2, 2), exchanges("Doe", "Jane"))

    assert (
        "Expected exactly 2 exchanges with message VXU and PID-5.1 Doe and PID-7 2019, received 1"
        " (of 2 exchanges in the journal)\n"
        "  Received: exchange 1, VXU^V04^VXU_V04 MSH-10='M1' over mllp, answered AA by rule \"accepted\"\n"
        "  Closest: exchange 2, VXU^V04^VXU_V04 MSH-10='M2' over mllp, answered AA by rule \"accepted\""
        "  2 of 3 conditions hold\n"
        "    ok   message  want VXU   got 'VXU^V04^VXU_V04'\n"
        "    FAIL PID-5.1  want Doe   got 'Jane'\n"
        "    ok   PID-7    want 2019  got '2019'"
    ) == verification.message()


def test_too_many_are_listed() -> None:
    """The first few."""
    verification = after(counted({"PID-5.1": "Doe"}, 1, 1), exchanges(*["Doe"] * 7))
    lines = verification.message().splitlines()

    assert "Expected exactly 1 exchange with PID-5.1 Doe, received 7 (of 7 exchanges in the journal)" == lines[0]
    assert 5 == sum(line.startswith("  Received: exchange ") for line in lines)
    assert "  and 2 more" == lines[-1]


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (1, None, "at least 1 exchange,"),
        (0, 0, "no exchange,"),
        (0, 1, "at most 1 exchange,"),
        (2, 3, "2 to 3 exchanges,"),
    ],
)
def test_numbers_are_said_in_words(least: int, most: int | None, words: str) -> None:
    """As people say them."""
    assert f"Expected {words} received none" in Counted(EVERYTHING, least, most).message()


def test_of_two_as_close_the_later_is_told() -> None:
    """It is the one just sent; of others the one with fewer differences, of its kind first."""
    seen = exchanges("Jane", "Roe", "?")
    verification = after(counted({"message": "VXU", "PID-5.1": "Doe"}), seen)
    nearer_one = after(counted({"PID-5.1": "Doe", "rule": "accepted"}), seen)

    assert verification.closest
    assert nearer_one.closest
    assert (2, 1) == (verification.closest.entry.number, nearer_one.closest.entry.number)
    assert verification.message().endswith("\n  Hint: 1 exchange could not be read as a message")


def test_nothing_received_says_so() -> None:
    """Rather than a table of nothing."""
    assert counted({"message": "VXU"}).message() == (
        "Expected at least 1 exchange with message VXU, received none\n"
        "  Nothing has reached the mock since it was started or reset; does your system send to this one?"
    )
    assert "Nothing has reached the mock" in InOrder([EVERYTHING]).message()


def test_steps_come_in_order() -> None:
    """Others may stand between them, one exchange is one step."""
    steps = [read_inquiry({"PID-5.1": "Doe"}), read_inquiry({"acknowledgment": "AE"})]
    found = after(InOrder(steps), exchanges("Jane", "Doe", "Jane", "Roe", "Doe"))
    once = after(InOrder([steps[0], steps[0]]), exchanges("Doe"))

    assert (True, 2) == (found.verdict(final=False), found.count)
    assert {"verified": True, "count": 2} == verified(found)
    assert (None, False) == (once.verdict(final=False), once.verdict(final=True))


def test_the_step_that_did_not_come_is_explained() -> None:
    """By what came after the others."""
    steps = [read_inquiry({"PID-5.1": name}) for name in ("Doe", "Jane")]
    after_it = after(InOrder(steps), exchanges("Jane", "Doe", "Roe"))
    at_the_end = after(InOrder(steps), exchanges("Jane", "Doe"))

    assert (
        "Expected 2 exchanges in order; step 2 did not come: PID-5.1 Jane\n"
        "  Step 1: exchange 2, VXU^V04^VXU_V04 MSH-10='M2' over mllp, answered AA by rule \"accepted\"\n"
        "  Closest: exchange 3, VXU^V04^VXU_V04 MSH-10='M3' over mllp, answered AE by rule \"rejected\""
        "  0 of 1 conditions hold\n"
        "    FAIL PID-5.1  want Jane  got 'Roe'\n"
        "    Hint: Patient name - given name (PID-5.2) holds it"
    ) == after_it.message()
    assert at_the_end.message().endswith("\n  No message came after that")


def test_programs_get_the_same() -> None:
    """What was wanted and got, condition by condition."""
    verification = after(counted({"message": "VXU", "PID-5.1": "Doe"}), exchanges("Roe"))
    found = verified(verification)

    assert (False, 0, verification.message()) == (found["verified"], found["count"], found["message"])
    assert {
        "number": 1,
        "conditions": [
            {"condition": "message", "held": True, "want": "VXU", "got": ["VXU^V04^VXU_V04"]},
            {"condition": "PID-5.1", "held": False, "want": "Doe", "got": ["Roe"]},
        ],
        "hints": [],
    } == found["closest"]
