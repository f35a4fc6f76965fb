"""``reply``: what an author wrote, checked, and made into the script that ``respond`` carries out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, model_validator

from mockiis.document import advice, complaint
from mockiis.entry_types import Text, choice, read_text
from mockiis.message.person import Person
from mockiis.message.reply import FaultKind
from mockiis.profile import Finding
from mockiis.scenario.delay import NONE
from mockiis.scenario.error_entries import ErrorEntry, read_text_template, scripted
from mockiis.scenario.http_entry import HTTPEntry
from mockiis.scenario.model import (
    AcknowledgmentScript,
    DropScript,
    EchoScript,
    FaultScript,
    ForwardScript,
    MixScript,
    QueryResponseScript,
    Script,
    ScriptedError,
    ScriptedMisbehaviour,
    TextScript,
)
from mockiis.scenario.registry_entry import RegistryEntry
from mockiis.scenario.template import EMPTY, Template, read_template
from mockiis.scenario.timing import Chance, ScriptDelay
from mockiis.scenario.values import Complaint, Part, every, list_of
from mockiis.scenario.wire import read_wire

MODIFIERS: Mapping[str, tuple[str, ...]] = {
    "errors": ("ack", "rsp"),
    "text": ("ack", "rsp"),
    "reason": ("fault",),
    "detail": ("fault",),
    "wire": ("ack", "rsp", "fault", "hl7", "http", "registry", "echo", "forward"),
    "broken": ("ack", "rsp", "hl7"),
}
"""Which kinds of reply each modifier goes with; ``delay`` and ``chance`` go with all."""

AcknowledgmentCode = Literal["AA", "AE", "AR", "CA", "CE", "CR"]
Profile = Literal["Z31", "Z32", "Z33", "Z42"]
QueryStatus = Literal["OK", "NF", "TM", "AE", "AR"]
How = Literal["reset", "close", "hang"]

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
    ("AA", "AE", "AR", "CA", "CE", "CR"),
    {"ACCEPT": "AA", "ACCEPTED": "AA", "OK": "AA", "ERROR": "AE", "REJECT": "AR", "REJECTED": "AR"},
)


def _fault(value: Any) -> FaultKind:
    return FaultKind(choice("a fault", tuple(FaultKind), {"FAULT": "UnknownFault"})(value))


def _segments(value: Any) -> Template:
    """Segments on lines of their own, each ended by CR; blank lines do not count."""
    lines = [line for line in re.split("\r\n|\r|\n", read_text(value)) if line.strip()]
    return read_template("\r".join(lines) + "\r")


def _yes(kind: str) -> Callable[[Any], bool]:
    """For a kind of reply that needs no more than its name."""

    def read(value: Any) -> bool:
        if value != "true":
            raise complaint(f"write {kind}: true, or the word {kind} alone as the reply")
        return True

    return read


ON_PURPOSE = "on purpose"
"""What ``broken`` says, so that lint does not judge the answer by its profile."""


def _broken(value: Any) -> bool:
    if value != ON_PURPOSE:
        raise complaint(f"write broken: {ON_PURPOSE}, or leave it out")
    return True


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

    ack: Annotated[AcknowledgmentCode | None, PlainValidator(_ack)] = None
    rsp: QueryResponseEntry | None = None
    fault: Annotated[FaultKind | None, PlainValidator(_fault)] = None
    hl7: Annotated[Template | None, PlainValidator(_segments)] = None
    http: HTTPEntry | None = None
    registry: RegistryEntry | None = None
    echo: Annotated[bool, PlainValidator(_yes("echo"))] = False
    forward: Annotated[bool, PlainValidator(_yes("forward"))] = False
    drop: Annotated[How | None, PlainValidator(_drop)] = None
    mix: Annotated[tuple[MixEntry, ...], list_of("replies", some=True)] = ()
    errors: Annotated[tuple[ErrorEntry, ...], list_of("errors", some=True)] = ()
    text: Annotated[Template | None, PlainValidator(read_text_template)] = None
    reason: Text = ""
    detail: Text = ""
    delay: ScriptDelay = NONE
    wire: Annotated[tuple[ScriptedMisbehaviour, ...], PlainValidator(read_wire)] = ()
    chance: Chance = 1.0
    broken: Annotated[bool, PlainValidator(_broken)] = False

    @model_validator(mode="before")
    @classmethod
    def _one_word(cls, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            return value
        if value not in WORDS:
            raise complaint(f"'{value}' is not a reply; {_word_advice(value)}")
        return {value: "true"}

    @model_validator(mode="after")
    def _one_kind(self) -> ReplyEntry:
        kinds = [kind for kind in KINDS if kind in self.model_fields_set]
        if len(kinds) != 1:
            found = " and ".join(kinds) + " stand together" if kinds else "the answer is missing"
            raise complaint(f"{found}; write exactly one of: {', '.join(KINDS)}")
        for modifier, allowed in MODIFIERS.items():
            if modifier in self.model_fields_set and kinds[0] not in allowed:
                raise complaint(f"'{modifier}' goes with {_listed(allowed)}, not with {kinds[0]}", modifier)
        if self.text and self.errors:
            raise complaint("each of 'errors' has a text of its own; write it there", "text")
        if self.rsp and len(self.errors) > 1:
            raise complaint("a query response carries one ERR at most; keep one error", "errors")
        return self

    @property
    def kind(self) -> str:
        """Which of KINDS it is."""
        return next(kind for kind in KINDS if kind in self.model_fields_set)

    def each(self) -> Iterator[tuple[tuple[str | int, ...], ReplyEntry]]:
        """The reply itself, or the members of a mix, each with its place below this one."""
        if not self.mix:
            yield (), self
        for index, member in enumerate(self.mix):
            yield from ((("mix", index, *place), entry) for place, entry in member.each())

    def script(self, rule: str, persons: Mapping[str, Person]) -> Script:
        """The reply as data; ``rule`` names the rule in the texts that the author left out."""
        common: dict[str, Any] = {"delay": self.delay, "wire": self.wire, "chance": self.chance}
        return KINDS[self.kind](self, rule, persons, common)

    def scripted_errors(self, code: str, rule: str) -> tuple[ScriptedError, ...]:
        """The errors given; else one from ``text``; a refusal always has one, as the guide demands."""
        if self.errors:
            return tuple(entry.error() for entry in self.errors)
        if code in _REFUSALS:
            text = self.text or Template((f'Refused by the rule "{rule}" of the scenario.',))
            return (scripted(Finding(code=_REFUSALS[code], severity="E"), text),)
        return (scripted(Finding(code="0", severity="I"), self.text),) if self.text else ()


def _share(value: Any) -> float:
    text = read_text(value)
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?%?", text, re.ASCII) or not float(text.rstrip("%")):
        raise complaint(f"'{text}' is not a share; write how often this reply is given, such as 44 or 44%")
    return float(text.rstrip("%"))


class MixEntry(ReplyEntry):
    """One of several replies, and how much of all answers it is, in any unit."""

    share: Annotated[float, PlainValidator(_share)]

    @model_validator(mode="after")
    def _no_mix_within(self) -> MixEntry:
        if self.mix:
            raise complaint("a mix holds no other mix; write its replies here", "mix")
        if "chance" in self.model_fields_set:
            raise complaint("'share' says how often this reply is given; write 'chance' beside 'mix'", "chance")
        return self


ReplyEntry.model_rebuild()

_Making = Callable[[ReplyEntry, str, Mapping[str, Person], dict[str, Any]], Script]


def _acknowledgment(entry: ReplyEntry, rule: str, _persons: object, common: dict[str, Any]) -> Script:
    code = entry.ack or "AA"
    return AcknowledgmentScript(code=code, errors=entry.scripted_errors(code, rule), **common)


def _query_response(entry: ReplyEntry, rule: str, persons: Mapping[str, Person], common: dict[str, Any]) -> Script:
    rsp = entry.rsp
    assert rsp is not None
    status = rsp.status or ("NF" if rsp.profile == "Z33" else "OK")
    found = tuple(persons[name] for name in rsp.patients)
    errors = entry.scripted_errors(status, rule)
    return QueryResponseScript(profile=rsp.profile, status=status, persons=found, errors=errors, **common)


def _faulted(entry: ReplyEntry, rule: str, _persons: object, common: dict[str, Any]) -> Script:
    detail = entry.detail or f'Answered by the rule "{rule}" of the scenario.'
    return FaultScript(kind=entry.fault or FaultKind.UNKNOWN, reason=entry.reason, detail=detail, **common)


def _http(entry: ReplyEntry, _rule: str, _persons: object, common: dict[str, Any]) -> Script:
    assert entry.http is not None
    return entry.http.script(common)


def _mixed(entry: ReplyEntry, rule: str, persons: Mapping[str, Person], common: dict[str, Any]) -> Script:
    whole = sum(member.share for member in entry.mix)
    members = tuple((member.share / whole, member.script(rule, persons)) for member in entry.mix)
    return MixScript(members=members, **common)


KINDS: Mapping[str, _Making] = {
    "ack": _acknowledgment,
    "rsp": _query_response,
    "fault": _faulted,
    "hl7": lambda entry, _rule, _persons, common: TextScript(template=entry.hl7 or EMPTY, **common),
    "http": _http,
    "registry": lambda entry, _rule, _persons, common: (entry.registry or RegistryEntry()).script(common),
    "echo": lambda _entry, _rule, _persons, common: EchoScript(**common),
    "forward": lambda _entry, _rule, _persons, common: ForwardScript(**common),
    "drop": lambda entry, _rule, _persons, common: DropScript(how=entry.drop or "close", **common),
    "mix": _mixed,
}
"""The kinds of reply, and the script that each becomes."""
WORDS = ("registry", "echo", "forward")
"""Kinds that may stand alone, as in ``otherwise: registry``."""
_REFUSALS = {"AE": "999", "AR": "207", "CE": "999", "CR": "207"}
"""MSA-1 or QAK-2 of a refusal, and the ERR-3 it gets where the file names no error."""


def _listed(names: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _word_advice(word: str) -> str:
    if word in KINDS:
        return f"write a mapping, as in reply: {{{word}: ...}}"
    if word == "pass":
        return "it ends 'replies', as in replies: [{ack: AE}, pass]"
    return advice(word, [*WORDS, "a mapping such as {ack: AA}"])


def unknown_patients(reply: ReplyEntry, names: Mapping[str, object]) -> list[Complaint]:
    """A complaint for each patient that the reply names and ``names`` does not have."""
    return [
        ((*place, "rsp", "patients", index), _not_a_patient(name, names))
        for place, entry in reply.each()
        for index, name in enumerate(entry.rsp.patients if entry.rsp else ())
        if name not in names
    ]


def _not_a_patient(name: str, names: Mapping[str, object]) -> Any:
    known = advice(name, list(names)) if names else "the file has none"
    return complaint(f"'{name}' is not under 'patients'; {known}")
