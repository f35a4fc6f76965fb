"""``reply``: what an author wrote, checked, and made into the script that ``respond`` carries out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import PlainValidator, model_validator

from mockiis.document import complaint
from mockiis.entry_types import Text, choice, read_location, read_text
from mockiis.er7 import Location, LocationError
from mockiis.message.person import Person
from mockiis.message.reply import FaultKind
from mockiis.profile import Finding
from mockiis.profile.tables import HL70357, HL70533
from mockiis.scenario.model import (
    AcknowledgmentScript,
    DropScript,
    FaultScript,
    QueryResponseScript,
    Script,
    ScriptedError,
    TextScript,
)
from mockiis.scenario.template import Template, read_template
from mockiis.scenario.values import Delay, Part, every, list_of, not_yet

KINDS = ("ack", "rsp", "fault", "hl7", "drop")
MODIFIERS: Mapping[str, tuple[str, ...]] = {
    "errors": ("ack", "rsp"),
    "text": ("ack", "rsp"),
    "reason": ("fault",),
    "detail": ("fault",),
}
"""Which kinds of reply each modifier goes with; ``delay`` goes with all."""

AcknowledgmentCode = Literal["AA", "AE", "AR"]
Severity = Literal["E", "W", "I"]
Profile = Literal["Z31", "Z32", "Z33", "Z42"]
QueryStatus = Literal["OK", "NF", "TM", "AE", "AR"]
How = Literal["reset", "close", "hang"]


_severity = choice(
    "a severity (table HL70516)",
    ("E", "W", "I"),
    {"ERROR": "E", "FATAL": "E", "F": "E", "WARNING": "W", "INFORMATION": "I", "INFO": "I"},
)
_profile = choice("a profile of a query response", ("Z31", "Z32", "Z33", "Z42"), {"Z34": "Z32", "Z44": "Z42"})
_status = choice(
    "a query response status (QAK-2)",
    ("OK", "NF", "TM", "AE", "AR"),
    {"AA": "OK", "FOUND": "OK", "NOT FOUND": "NF", "TOO MANY": "TM", "ERROR": "AE"},
)
_drop = choice(
    "a way to leave the sender without an answer",
    ("reset", "close", "hang"),
    {"TIMEOUT": "hang", "SILENCE": "hang", "DISCONNECT": "close", "ABORT": "reset"},
)
_ack = choice(
    "an acknowledgment code (MSA-1)",
    ("AA", "AE", "AR"),
    {"ACCEPT": "AA", "ACCEPTED": "AA", "OK": "AA", "ERROR": "AE", "REJECT": "AR", "REJECTED": "AR"},
)


def _acknowledgment_code(value: Any) -> str:
    if value in ("CA", "CE", "CR"):
        raise complaint(f"enhanced mode ({value}) is not supported yet; write one of: AA, AE, AR")
    return _ack(value)


def _fault(value: Any) -> FaultKind:
    return FaultKind(choice("a fault", tuple(FaultKind), {"FAULT": "UnknownFault"})(value))


def _segments(value: Any) -> Template:
    """Segments on lines of their own, each ended by CR; blank lines do not count."""
    lines = [line for line in re.split("\r\n|\r|\n", read_text(value)) if line.strip()]
    return read_template("\r".join(lines) + "\r")


def _table(what: str, table: Mapping[str, str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        text = read_text(value)
        if text in table:
            return text
        named = [f"{number} ({name})" for number, name in table.items() if name.casefold() == text.casefold()]
        advice = f"write its number: {named[0]}" if named else f"write one of: {', '.join(table)}"
        raise complaint(f"'{text}' is not {what}; {advice}")

    return read


def _place(value: Any) -> Location | str:
    """A location, or ERR-2 word for word (``PID^1^11^5``)."""
    text = read_text(value)
    if "^" in text:
        try:
            Location.from_erl(text)
        except LocationError:
            raise complaint(
                f"'{text}' is not an error location; write one such as PID-7, or as in ERR-2: PID^1^7"
            ) from None
        return text
    location = read_location(text)
    if location.key or location.repetition_key:
        raise complaint(f"an error stands at one place; count it, as in {location.segment}[2]-5")
    return location


def _text(value: Any) -> Template:
    return read_template(read_text(value))


class ErrorEntry(Part):
    """One entry of ``errors``: an ERR segment."""

    at: Annotated[Location | str | None, PlainValidator(_place)] = None
    code: Annotated[str, PlainValidator(_table("an error code of table HL70357", HL70357))]
    severity: Annotated[Severity, PlainValidator(_severity)] = "E"
    app: Annotated[str, PlainValidator(_table("an application error code of table HL70533", HL70533))] = ""
    text: Annotated[Template, PlainValidator(_text)] = Template(())

    def error(self) -> ScriptedError:
        """The finding, complete where nothing depends on the request."""
        location, erl = (None, self.at) if isinstance(self.at, str) else (self.at, "")
        finding = Finding(code=self.code, severity=self.severity, location=location, erl=erl, application_code=self.app)
        return _scripted(finding, self.text)


def _scripted(finding: Finding, text: Template) -> ScriptedError:
    if text.constant:
        return ScriptedError(finding=replace(finding, text=text.literal))
    return ScriptedError(finding=finding, text=text)


class QueryResponseEntry(Part):
    """``rsp``: which query response, with whom."""

    profile: Annotated[Profile, PlainValidator(_profile)]
    status: Annotated[QueryStatus | None, PlainValidator(_status)] = None
    patients: Annotated[tuple[str, ...], PlainValidator(every(read_text, "patient names"))] = ()

    @model_validator(mode="after")
    def _consistent(self) -> QueryResponseEntry:
        empty = self.profile == "Z33"
        if empty and self.patients:
            raise complaint("Z33 holds no patients; write Z31 for candidates, Z32 or Z42 for one patient", "patients")
        if not empty and not self.patients:
            raise complaint(f"{self.profile} tells of patients: name them, as in patients: [alice], or write Z33")
        if self.profile in ("Z32", "Z42") and len(self.patients) > 1:
            raise complaint(f"{self.profile} holds one patient; write Z31 for several candidates", "patients")
        if self.status and (self.status == "OK") == empty:
            raise complaint(f"{self.profile} does not go with {self.status}; {_GOES[empty]}", "status")
        return self


_GOES = {True: "write NF, TM, AE or AR", False: "write OK, or leave it out"}


class ReplyEntry(Part):
    """Exactly one kind of answer, and what modifies it."""

    later: ClassVar[frozenset[str]] = frozenset({"http", "registry", "echo", "wire", "chance"})

    ack: Annotated[AcknowledgmentCode | None, PlainValidator(_acknowledgment_code)] = None
    rsp: QueryResponseEntry | None = None
    fault: Annotated[FaultKind | None, PlainValidator(_fault)] = None
    hl7: Annotated[Template | None, PlainValidator(_segments)] = None
    drop: Annotated[How | None, PlainValidator(_drop)] = None
    errors: Annotated[tuple[ErrorEntry, ...], list_of("errors", some=True)] = ()
    text: Annotated[Template | None, PlainValidator(_text)] = None
    reason: Text = ""
    detail: Text = ""
    delay: Delay = 0.0

    @model_validator(mode="before")
    @classmethod
    def _is_built(cls, value: Any) -> Any:
        if value in ("registry", "echo"):
            raise not_yet(value)
        return value

    @model_validator(mode="after")
    def _one_kind(self) -> ReplyEntry:
        kinds = [kind for kind in KINDS if kind in self.model_fields_set]
        if len(kinds) != 1:
            found = " and ".join(kinds) + " stand together" if kinds else "the answer is missing"
            raise complaint(f"{found}; write exactly one of: {', '.join(KINDS)}")
        for modifier, allowed in MODIFIERS.items():
            if modifier in self.model_fields_set and kinds[0] not in allowed:
                raise complaint(f"'{modifier}' goes with {' or '.join(allowed)}, not with {kinds[0]}", modifier)
        if self.text and self.errors:
            raise complaint("each of 'errors' has a text of its own; write it there", "text")
        if self.rsp and len(self.errors) > 1:
            raise complaint("a query response carries one ERR at most; keep one error", "errors")
        return self

    @property
    def kind(self) -> str:
        """Which of KINDS it is."""
        return next(kind for kind in KINDS if kind in self.model_fields_set)

    def script(self, rule: str, persons: Mapping[str, Person]) -> Script:
        """The reply as data; ``rule`` names the rule in the texts that the author left out."""
        if self.ack:
            return AcknowledgmentScript(code=self.ack, errors=self._errors(self.ack, rule), delay=self.delay)
        if self.rsp:
            status = self.rsp.status or ("NF" if self.rsp.profile == "Z33" else "OK")
            return QueryResponseScript(
                profile=self.rsp.profile,
                status=status,
                persons=tuple(persons[name] for name in self.rsp.patients),
                errors=self._errors(status, rule),
                delay=self.delay,
            )
        if self.fault:
            detail = self.detail or f'Answered by the rule "{rule}" of the scenario.'
            return FaultScript(kind=self.fault, reason=self.reason, detail=detail, delay=self.delay)
        if self.hl7:
            return TextScript(template=self.hl7, delay=self.delay)
        return DropScript(how=self.drop or "close", delay=self.delay)

    def _errors(self, code: str, rule: str) -> tuple[ScriptedError, ...]:
        """The errors given; else one from ``text``; a refusal always has one, as the guide demands."""
        if self.errors:
            return tuple(entry.error() for entry in self.errors)
        if code in _REFUSALS:
            text = self.text or Template((f'Refused by the rule "{rule}" of the scenario.',))
            return (_scripted(Finding(code=_REFUSALS[code], severity="E"), text),)
        return (_scripted(Finding(code="0", severity="I"), self.text),) if self.text else ()


_REFUSALS = {"AE": "999", "AR": "207"}
"""MSA-1 or QAK-2 of a refusal, and the ERR-3 it gets where the file names no error."""
