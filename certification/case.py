"""A certification case as written in ``cases/*.yaml``: what is sent, what answers, what is expected.

Everything a case can say stands in this file; ``loader`` reads the files, ``checks`` judge what happened.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PlainValidator, model_validator

from certification import files
from certification.expected import Expected
from certification.values import OneOrMore, Some, looks_like_location, read_place
from mockiis.document import Entry, advice, complaint
from mockiis.entry_types import Duration, Text, choice, read_text
from mockiis.er7 import Location
from mockiis.message import FaultKind

Capability = Literal["connect", "submit", "query", "correct", "survive", "secure"]
Transport = Literal["soap", "mllp", "http"]

CAPABILITIES: dict[str, str] = {
    "connect": "connectivity test",
    "submit": "vaccination updates made and accepted",
    "query": "queries made and their answers understood",
    "correct": "rejections understood, corrected and sent again",
    "survive": "faulty answers and networks survived",
    "secure": "credentials sent, refusals understood",
}
"""What a vendor must be able to do, in the order of the report."""

OUTCOMES = (
    "accepted",
    "accepted with warnings",
    "rejected",
    "faulted",
    "timed out",
    "connection failed",
    "not an acknowledgment",
    "reached",
)
FAULTS = tuple(kind.value for kind in FaultKind)
USUAL_SCENARIO = "ndiis-examples"
"""How a registry behaves unless a case says otherwise; cases that keep to it can judge any registry."""

Place = Annotated[Location, PlainValidator(read_place)]


class _Locations(Entry):
    """A mapping whose keys are HL7 locations, next to words of the case language."""

    values: dict[Place, Expected] = Field(default_factory=dict)

    @classmethod
    def known_keys(cls) -> list[str]:
        """Words of the language, and any location."""
        return [*(name for name in cls.model_fields if name != "values"), "an HL7 location such as PID-5.1"]

    @model_validator(mode="before")
    @classmethod
    def _locations_apart(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise complaint(f"write keys and values here, such as PID-22: 2186-5, not {value!r}")
        places = {key for key in value if key == "values" or looks_like_location(key)}
        words = {key: item for key, item in value.items() if key not in places}
        return {**words, "values": {key: item for key, item in value.items() if key in places}}


class Sent(_Locations):
    """What the message must hold when it reaches the IIS. ``same_as`` names a file of ``messages`` it must equal."""

    same_as: Text = ""

    @model_validator(mode="after")
    def _file_is_there(self) -> Self:
        if self.same_as:
            _known_file("messages", self.same_as, "same_as")
        return self


class Send(Entry):
    """What is sent: a vaccination or query record, a message as it stands, or the text of a connectivity test.

    ``change`` sets values of the record by path (``vaccinations.1.funding``; an empty value removes it), ``enlarge``
    repeats the text at a path until it has so many characters.
    """

    record: Text = ""
    message: Text = ""
    connectivity: Text = ""
    release: Annotated[str, PlainValidator(choice("a release", ("1.5", "1.4")))] = ""
    change: dict[str, Any] = Field(default_factory=dict)
    enlarge: dict[str, int] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _file_name(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"message" if value.endswith(".hl7") else "record": value}
        return value

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [kind for kind in ("record", "message", "connectivity") if getattr(self, kind)]
        if len(kinds) != 1:
            raise complaint("write exactly one of: record, message, connectivity")
        if kinds != ["connectivity"]:
            _known_file(f"{kinds[0]}s", getattr(self, kinds[0]), kinds[0])
        if kinds != ["record"] and (self.release or self.change or self.enlarge):
            raise complaint("'release', 'change' and 'enlarge' go with a record")
        return self


class With(Entry):
    """How this step is sent, where it differs from the usual: other credentials, a time limit."""

    user: Text = ""
    password: Text = ""
    facility: Text = ""
    time_limit: Duration | None = None

    @property
    def credentials(self) -> dict[str, str]:
        """The credentials that replace the usual ones."""
        return {name: value for name in ("user", "password", "facility") if (value := getattr(self, name))}


class ExpectedFinding(Entry):
    """One ERR as the sender must have understood it. What is not written is not compared.

    ``text`` is compared only when the built-in mock answers.
    """

    at: Place | None = None
    words: Text = ""
    code: Text = ""
    severity: Annotated[str, PlainValidator(choice("a severity", ("E", "W", "I")))] = ""
    app: Text = ""
    text: Text = ""


class ExpectedPerson(Entry):
    """One patient of a query response as the sender must have understood it; doses and forecast by CVX code."""

    identifier: Text = ""
    family: Text = ""
    given: Text = ""
    birth_date: Text = ""
    sex: Text = ""
    doses: tuple[Text, ...] | None = None
    forecast: tuple[Text, ...] | None = None


class Expect(_Locations):
    """What the sender must report. HL7 locations name values of the answer it received."""

    outcome: OneOrMore[Annotated[str, PlainValidator(choice("an outcome", OUTCOMES))]]
    fault: Annotated[str, PlainValidator(choice("a fault", FAULTS))] = ""
    detail: Text = ""
    findings: tuple[ExpectedFinding, ...] | None = None
    persons: tuple[ExpectedPerson, ...] | None = None


class Script(Entry):
    """Scenario rules that answer one step, and where they stand in the case file."""

    rules: tuple[Any, ...]
    file: str = ""
    line: int = 1

    @model_validator(mode="before")
    @classmethod
    def _rules(cls, value: Any) -> Any:
        if not isinstance(value, list) or not value:
            raise complaint("write a list of scenario rules here, each with name, when and reply")
        return {"rules": value}


class Step(Entry):
    """One message on its way and back. ``answer`` are rules in the scenario language that answer this step only."""

    send: Send
    with_: With = Field(alias="with", default_factory=With)
    sent: Sent = Field(default_factory=lambda: Sent.model_validate({}))
    answer: Script | None = None
    expect: Expect


_ID = re.compile(r"[A-Za-z0-9]+([-._][A-Za-z0-9]+)*")


def _case_id(value: Any) -> str:
    text = read_text(value)
    if not _ID.fullmatch(text):
        raise complaint(f"'{text}' is not an id; write words of letters and digits joined by '-' or '_'")
    return text


class Case(Entry):
    """One thing that a sender must be able to do. ``mock_only`` says why another IIS cannot be judged by it."""

    id: Annotated[str, PlainValidator(_case_id)]
    title: Text
    source: Text
    capability: Annotated[Capability, PlainValidator(choice("a capability", tuple(CAPABILITIES)))]
    transports: OneOrMore[Annotated[Transport, PlainValidator(choice("a transport", ("soap", "mllp", "http")))]] = (
        "soap",
        "mllp",
    )
    scenario: Text = USUAL_SCENARIO
    mock_only: Text = ""
    steps: Some[Step]

    @property
    def scripted(self) -> bool:
        """Whether it needs an IIS that answers as this case says."""
        return self.scenario != USUAL_SCENARIO or any(step.answer for step in self.steps)

    @property
    def other_credentials(self) -> frozenset[str]:
        """Names of the credentials that a step is sent with instead of the right ones."""
        return frozenset(name for step in self.steps for name in step.with_.credentials)


def _known_file(folder: str, name: str, key: str) -> None:
    known = files.names(folder)
    if name not in known:
        raise complaint(f"certification/{folder} has no file '{name}'; {advice(name, known)}", key)
