"""What happened in one step of a case, as checks see it, and the failures they find in it."""

from __future__ import annotations

from dataclasses import dataclass

from certification.case import Transport
from mockiis.er7 import ER7Error, Message, read
from mockiis.errors import printable
from sender.answer import judge
from sender.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One thing that is not as the case expects: where, what was expected, what was found, what to do.

    ``field`` is an HL7 location, or what else was compared; ``words`` says it for people.
    """

    case: str
    transport: Transport
    step: int
    field: str
    words: str
    expected: str
    found: str
    advice: str

    def __str__(self) -> str:
        return (
            f"step {self.step}: {self.words}\n"
            f"  expected: {printable(self.expected)}\n"
            f"  found:    {printable(self.found)}\n"
            f"  to do:    {self.advice}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A step of a case: what the sender made, what reached the IIS, what the sender reports.

    ``received`` holds every text that reached the IIS during the step; None when nobody could watch. ``earlier``
    are the messages of the steps before.
    """

    case: str
    transport: Transport
    step: int
    made: str
    received: tuple[str, ...] | None
    outcome: Outcome
    earlier: tuple[Message, ...] = ()

    @property
    def message(self) -> Message | None:
        """The message as it reached the IIS, or as it was made when nobody could watch; None if it is no HL7."""
        return readable((self.received or (self.made,))[-1])

    @property
    def watched(self) -> bool:
        """Whether the IIS is the built-in mock, whose every word is known."""
        return self.received is not None

    @property
    def read_again(self) -> Outcome:
        """What our own reader makes of the answer: tells wrong reading from a wrong answer."""
        return judge((self.received or (self.made,))[-1], self.outcome.text)

    @property
    def answer(self) -> Message | None:
        """The answer as the sender received it; None when there is none."""
        return readable(self.outcome.text)

    def failure(self, field: str, words: str, expected: str, found: str, advice: str) -> Failure:
        """A failure of this step."""
        return Failure(
            case=self.case,
            transport=self.transport,
            step=self.step,
            field=field,
            words=words,
            expected=expected,
            found=found,
            advice=advice,
        )


def readable(text: str) -> Message | None:
    """The text as a message; None when it is none."""
    try:
        return read(text)
    except ER7Error:
        return None
