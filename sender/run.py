"""A run: one submission after another over one session, until all are answered or there is no use in going on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from mockiis.console import ExitCode
from sender.files import Submission
from sender.outcome import AcceptedWithWarnings, NotSent, Outcome

PATIENCE = 3
"""So many messages in a row that could not be delivered end the run: each may have waited for the time limit."""


class Sends(Protocol):
    """What a run asks of a session."""

    async def send(self, message: str) -> Outcome:
        """Send one message; how that ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One submission and how sending it ended."""

    submission: Submission
    outcome: Outcome


async def send_all(
    submissions: Sequence[Submission], session: Sends, results: list[Result], advance: Callable[[], None]
) -> None:
    """Send each, adding to ``results`` as answers come; ``advance`` is called after each."""
    undelivered = 0
    for submission in submissions:
        if undelivered >= PATIENCE:
            outcome: Outcome = NotSent(reason=f"not sent: {PATIENCE} messages in a row could not be delivered")
        else:
            outcome = await session.send(submission.message)
            undelivered = undelivered + 1 if outcome.exit_code == ExitCode.UNREACHED else 0
        results.append(Result(submission=submission, outcome=outcome))
        advance()


def not_sent(submissions: Sequence[Submission], results: list[Result], reason: str) -> None:
    """Complete ``results`` after a run that was broken off."""
    rest = submissions[len(results) :]
    results.extend(Result(submission=submission, outcome=NotSent(reason=reason)) for submission in rest)


def answered(results: Iterable[Result]) -> int:
    """How many got the answer that is theirs, be it yes or no."""
    return sum(result.outcome.exit_code < ExitCode.UNREACHED for result in results)


def exit_code(results: Iterable[Result], *, strict: bool) -> ExitCode:
    """The highest that applies. Accepted with warnings is accepted, unless ``strict``."""
    return max((_exit_code(result.outcome, strict) for result in results), default=ExitCode.OK)


def _exit_code(outcome: Outcome, strict: bool) -> ExitCode:
    return ExitCode.NO if strict and isinstance(outcome, AcceptedWithWarnings) else outcome.exit_code
