"""What a test expects of the journal, fed with one exchange after another, and what it says when it is not met.

Nothing is kept but numbers, the first few exchanges that match and the closest one, however long the journal is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from mockiis.store.entry import Seen
from mockiis.verification.inquiry import EntrySubject, Inquiry
from mockiis.verification.near import Near, named, nearer

_SHOWN = 5
"""Exchanges that match and are listed when there are too many or too few."""
_NOTHING = "  Nothing has reached the mock since it was started or reset; does your system send to this one?"


class Verification(Protocol):
    """An expectation. It looks at the exchanges in their order, each once."""

    count: int
    closest: Near | None

    def look_at(self, exchange: Seen) -> None:
        """Take one more exchange into account."""

    def verdict(self, *, final: bool) -> bool | None:
        """Whether it is met; None while that may still change, which it may not when this is ``final``."""

    def message(self) -> str:
        """What was expected, what was received, and the closest exchange. For people, with the message's values."""


class Counted:
    """So many exchanges match. An exact number other than 0 is met as soon as it is reached; an upper bound only when
    no more exchanges can come.
    """

    def __init__(self, inquiry: Inquiry, least: int = 1, most: int | None = None) -> None:
        self.inquiry = inquiry
        self.least = least
        self.most = most
        self.count = self.seen = self.unread = 0
        self.closest: Near | None = None
        self._first: list[str] = []

    def look_at(self, exchange: Seen) -> None:
        """Count it, or see how close it is."""
        subject = EntrySubject(exchange)
        self.seen += 1
        self.unread += subject.message is None and not exchange.request.operation
        if not self.inquiry.holds(subject):
            self.closest = nearer(self.closest, self.inquiry, subject)
            return
        self.count += 1
        if len(self._first) < _SHOWN:
            self._first.append(named(exchange.entry()))

    def verdict(self, *, final: bool) -> bool | None:
        """Too many are too many at once."""
        if self.most is not None and self.count > self.most:
            return False
        enough = self.count >= self.least
        reached = enough and (self.most is None or self.least == self.most > 0)
        return True if reached else (enough if final else None)

    def message(self) -> str:
        """The numbers, what matched, and what came closest."""
        asked = f" with {self.inquiry}" if self.inquiry.conditions else ""
        lines = [f"Expected {self._expected()}{asked}, received {self.count or 'none'}"]
        if not self.seen:
            return "\n".join([*lines, _NOTHING])
        lines[0] += f" (of {_exchanges(self.seen)} in the journal)"
        lines += [f"  Received: {text}" for text in self._first]
        if self.count > len(self._first):
            lines.append(f"  and {self.count - len(self._first)} more")
        if self.count < self.least:
            lines += _explained(self.closest, self.unread)
        return "\n".join(lines)

    def _expected(self) -> str:
        if self.most is None:
            return f"at least {_exchanges(self.least)}"
        if self.most == 0:
            return "no exchange"
        if self.least == self.most:
            return f"exactly {_exchanges(self.most)}"
        return f"{f'{self.least} to' if self.least else 'at most'} {_exchanges(self.most)}"


class InOrder:
    """An exchange for each step, one after another; others may stand between them."""

    def __init__(self, steps: Sequence[Inquiry]) -> None:
        self.steps = steps
        self.count = self.seen = self.unread = 0
        self.closest: Near | None = None
        self._found: list[str] = []

    def look_at(self, exchange: Seen) -> None:
        """See whether it is the next step."""
        self.seen += 1
        if self.count == len(self.steps):
            return
        subject = EntrySubject(exchange)
        step = self.steps[self.count]
        if step.holds(subject):
            self.count += 1
            self.closest, self.unread = None, 0
            self._found.append(named(exchange.entry()))
        else:
            self.unread += subject.message is None and not exchange.request.operation
            self.closest = nearer(self.closest, step, subject)

    def verdict(self, *, final: bool) -> bool | None:
        """Met as soon as the last step was seen."""
        if self.count == len(self.steps):
            return True
        return False if final else None

    def message(self) -> str:
        """The steps that were found, the one that was not, and what came closest to it after the others."""
        step = self.steps[self.count]
        lines = [f"Expected {_exchanges(len(self.steps))} in order; step {self.count + 1} did not come: {step}"]
        if not self.seen:
            return "\n".join([*lines, _NOTHING])
        lines += [f"  Step {number}: {text}" for number, text in enumerate(self._found, 1)]
        if self.closest is None and self._found:
            lines.append("  No message came after that")
        return "\n".join([*lines, *_explained(self.closest, self.unread)])


def _explained(closest: Near | None, unread: int) -> list[str]:
    lines = closest.lines() if closest else []
    if unread:
        lines.append(f"  Hint: {_exchanges(unread)} could not be read as a message")
    return lines


def _exchanges(number: int) -> str:
    return f"{number} exchange{'' if number == 1 else 's'}"


def verified(verification: Verification) -> dict[str, Any]:
    """The answer to whoever asked, for programs."""
    if verification.verdict(final=True):
        return {"verified": True, "count": verification.count}
    closest = verification.closest.as_data() if verification.closest else None
    return {"verified": False, "count": verification.count, "message": verification.message(), "closest": closest}
