"""Every way a send can end, as values. Each says itself in one sentence, what to do next, and the exit code it means.

No sentence holds anything of the patient: only codes, the message control id and what the receiver wrote in ERR.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

from mockiis.console import ExitCode
from mockiis.message import Answer
from mockiis.profile import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The text that came back, not judged yet. ``remarks`` say what was odd about how it came."""

    text: str = field(repr=False)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one send ended. ``text`` is what came back, as it came; empty when nothing did."""

    name: ClassVar[str] = ""
    exit_code: ClassVar[ExitCode] = ExitCode.UNREACHED
    usual_step: ClassVar[str] = ""
    text: str = field(default="", repr=False)

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        raise NotImplementedError

    @property
    def next_step(self) -> str:
        """What to do about it; empty when there is nothing to do."""
        return self.usual_step

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the receiver says about the message, an ERR each."""
        return ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was odd about the answer, though it could be understood."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Outcome):
    """The answer to this very message came: an acknowledgment or a query response."""

    answer: Answer = field(repr=False)
    added: tuple[str, ...] = ()
    """Remarks of our own and on how the answer came, besides those of whoever read it."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the receiver says about the message, an ERR each."""
        return self.answer.findings

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was odd about the answer, though it could be understood."""
        return (*(note.text for note in self.answer.notes), *self.added)


class Accepted(Answered):
    """AA, with nothing but information."""

    name = "accepted"
    exit_code = ExitCode.OK

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        return _yes(self.answer) + _code(self.answer)


class AcceptedWithWarnings(Answered):
    """AA or AE with no ERR more severe than W: the data is in, something may be lost."""

    name = "accepted with warnings"
    exit_code = ExitCode.OK
    usual_step = "read the warnings and mend their cause; there is no need to send this message again"

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        return f"{_yes(self.answer)}, with warnings{_code(self.answer)}"


class Rejected(Answered):
    """The receiver says no: AR, or AE with an error."""

    name = "rejected"
    exit_code = ExitCode.NO
    usual_step = "correct what the findings name and send the message again"

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        if self._unprocessed:
            return f"rejected: the receiver does not process such messages{_code(self.answer)}"
        whole = "" if self.findings else ", without saying why"
        return f"rejected in whole or part{whole}{_code(self.answer)}"

    @property
    def next_step(self) -> str:
        """What to do: AR is about how the two systems are set up, unless its findings name something of the data."""
        codes = {finding.code for finding in self.findings}
        settings = [_CONFIGURED[code] for code in sorted(codes & _CONFIGURED.keys())]
        if self._unprocessed and (settings or codes <= {""}):
            asked = ", ".join(dict.fromkeys(settings or _CONFIGURED.values()))
            return _CONFIGURATION_STEP.format(self.answer.acknowledgment_code, asked)
        if not any(finding.err_2 for finding in self.findings) and codes <= {"207"}:
            return _ASKING_STEP
        return self.usual_step

    @property
    def _unprocessed(self) -> bool:
        return self.answer.acknowledgment_code in ("AR", "CR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulted(Outcome):
    """The interface refused the call before any HL7 processing. ``kind`` is the fault's name, or the HTTP status."""

    name = "faulted"
    exit_code = ExitCode.NO
    kind: str
    reason: str = ""
    detail: str = ""

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        said = [without_segments(text) for text in (self.reason, self.detail) if text]
        return f"{self.kind}" + (f": {' - '.join(dict.fromkeys(said))}" if said else "")

    @property
    def next_step(self) -> str:
        """What to do, by the kind of fault."""
        return _FAULT_STEPS.get(self.kind, "ask those who run the registry what the fault means, then send again")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedOut(Outcome):
    """No answer within the time limit. Whether the message was received is not known.

    ``meanwhile`` says what came in its place; empty when nothing did.
    """

    name = "timed out"
    usual_step = (
        "send the same message again, with the same message control id; the receiver may have it already; "
        "if no message is ever answered, check the scheme and the port of the address"
    )
    seconds: float
    connected: bool = True
    meanwhile: str = ""

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        what = "no answer" if self.connected else "no connection"
        return f"{what} within {self.seconds:g} s" + (f"; {self.meanwhile}" if self.meanwhile else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionFailed(Outcome):
    """There was no connection, or it was lost before the answer. ``reason`` says why, ``advice`` what to do."""

    name = "connection failed"
    reason: str
    connected: bool = False
    advice: str = ""

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        return self.reason

    @property
    def next_step(self) -> str:
        """What to do: after a lost connection the receiver may have the message."""
        if self.connected:
            return TimedOut.usual_step
        return self.advice or "check the address and that something listens there, then send again"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAcknowledgment(Outcome):
    """Something came back, but not the answer to this message. Whether the message was processed is not known."""

    name = "not an acknowledgment"
    usual_step = "find out what answers at that address; the message may or may not have been processed"
    reason: str

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        return self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent(Outcome):
    """The run ended before this message's turn came."""

    name = "not sent"
    usual_step = "send it when the others get through"
    reason: str

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        return self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted(Outcome):
    """Somebody broke the run off while this message was under way. Whether it was received is not known."""

    name = "interrupted"
    exit_code = ExitCode.INTERRUPTED
    usual_step = TimedOut.usual_step

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        return "interrupted before its answer came"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached(Outcome):
    """The connectivity test passed; ``sentence`` says what was proved."""

    name = "reached"
    exit_code = ExitCode.OK
    echoed: bool
    transport: str = "MLLP"

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        unchanged = "the text came back unchanged"
        return f"reached; {unchanged if self.echoed else f'{self.transport} has no echo to compare'}"


def without_segments(text: str) -> str:
    """A receiver's own words up to the first HL7 segment in them, which could name a patient."""
    found = _SEGMENT.search(text)
    return f"{text[: found.start()]}(HL7 text left out)" if found else text


_SEGMENT = re.compile(r"\b[A-Z][A-Z0-9]{2}\|")


def _yes(answer: Answer) -> str:
    """What was accepted, or what a query has found."""
    found = len(answer.persons)
    match answer.query_status:
        case "":
            return "accepted"
        case "NF":
            return "query answered: no patient found"
        case "TM":
            return "query answered: too many patients match"
    return f"query answered: {found} candidates found" if found > 1 else "query answered: patient found"


def _code(answer: Answer) -> str:
    status = f", QAK-2 {answer.query_status}" if answer.query_status else ""
    return f" (MSA-1 {answer.acknowledgment_code}{status})"


_FAULT_STEPS = {
    "HTTP status 401": "check user, password and facility id, then send again",
    "SecurityFault": "check user, password and facility id, then send again",
    "MessageTooLargeFault": "send one message at a time and no larger than the registry takes",
    "UnsupportedOperationFault": "check the address and --dialect; this service does not know the operation",
}

_CONFIGURED = {
    **dict.fromkeys(("200", "201"), "message type (MSH-9)"),
    "202": "processing id (MSH-11)",
    "203": "version (MSH-12)",
}
"""Codes of table HL70357 that tell of configuration, and the setting that each is about."""

_ASKING_STEP = "where the findings do not say what to do, ask those who run the registry, then send the message again"
"""For an application internal error (207) and for no finding at all: there is no value to correct."""

_CONFIGURATION_STEP = "{} is about configuration, not about the data: agree with the registry on {}, then send again"
