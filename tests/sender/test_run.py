"""A run over several submissions: order, giving up, and the exit code."""

from __future__ import annotations

import pytest
import pytest_twisted

from mockiis.message import Answer
from sender.files import Submission
from sender.outcome import (
    Accepted,
    AcceptedWithWarnings,
    ConnectionFailed,
    Faulted,
    NotAcknowledgment,
    NotSent,
    Outcome,
    Rejected,
    TimedOut,
)
from sender.run import Result, exit_code, not_sent, send_all

ANSWER = Answer(message_type="ACK", acknowledgment_code="AA", message_control_id="M1")
YES, WARNED, NO = Accepted(answer=ANSWER), AcceptedWithWarnings(answer=ANSWER), Rejected(answer=ANSWER)
FAULT = Faulted(kind="SecurityFault")
LOST, LATE, ODD = ConnectionFailed(reason="x"), TimedOut(seconds=1.0), NotAcknowledgment(reason="x")
GIVEN_UP = NotSent(reason="not sent: 3 messages in a row could not be delivered")


class Scripted:
    """A session that gives outcomes in order and keeps what was sent."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[str] = []

    async def send(self, message: str) -> Outcome:
        self.sent.append(message)
        return self.outcomes.pop(0)


def submissions(number: int) -> list[Submission]:
    return [Submission(source=f"{n}.hl7", message=f"message {n}", control_id=f"M{n}") for n in range(number)]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([YES, NO, WARNED, FAULT], [YES, NO, WARNED, FAULT]),
        ([LOST, LATE, YES, LOST, ODD, YES], [LOST, LATE, YES, LOST, ODD, YES]),
        ([YES, LOST, LATE, ODD], [YES, LOST, LATE, ODD, GIVEN_UP, GIVEN_UP]),
    ],
)
@pytest_twisted.ensureDeferred
async def test_sends_in_order_until_there_is_no_use(outcomes: list[Outcome], expected: list[Outcome]) -> None:
    """After three messages in a row that could not be delivered the rest is not tried."""
    session, results, advanced = Scripted(*outcomes), list[Result](), list[None]()
    await send_all(submissions(len(expected)), session, results, lambda: advanced.append(None))
    assert expected == [result.outcome for result in results]
    assert [f"message {n}" for n in range(len(outcomes))] == session.sent
    assert len(expected) == len(advanced)


def test_a_run_that_was_broken_off_is_completed() -> None:
    """What was not reached is told as not sent."""
    todo = submissions(3)
    results = [Result(submission=todo[0], outcome=YES)]
    not_sent(todo, results, "not sent: interrupted")
    assert [result.outcome for result in results] == [YES, *[NotSent(reason="not sent: interrupted")] * 2]


@pytest.mark.parametrize(
    ("outcomes", "strict", "expected"),
    [
        ([], False, 0),
        ([YES, YES], False, 0),
        ([YES, WARNED], False, 0),
        ([YES, WARNED], True, 1),
        ([YES, NO, WARNED], False, 1),
        ([FAULT], False, 1),
        ([YES, LATE, NO], False, 3),
        ([LOST, NO], True, 3),
        ([ODD], False, 3),
        ([GIVEN_UP], False, 3),
    ],
)
def test_the_highest_exit_code_wins(outcomes: list[Outcome], strict: bool, expected: int) -> None:
    """Accepted with warnings is accepted, unless --strict."""
    (todo,) = submissions(1)
    assert expected == exit_code([Result(submission=todo, outcome=outcome) for outcome in outcomes], strict=strict)
