"""A scenario file: YAML or JSON text -> Scenario. Every complaint names file, line, column and what to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, PlainValidator, model_validator

from mockiis import document
from mockiis.document import closest, complaint
from mockiis.entry_types import Text, read_text
from mockiis.scenario.checks import OneOf
from mockiis.scenario.conditions import read_conditions
from mockiis.scenario.model import Condition, Rule, Scenario
from mockiis.scenario.patients import PatientEntry
from mockiis.scenario.replies import ReplyEntry
from mockiis.scenario.values import Complaint, Part, Place, list_of, mapping_of, refuse


def load(text: str, name: str) -> Scenario:
    """Read a scenario; ``name`` is the file's, for complaints. Raises DocumentError with every problem found."""
    entry = document.load(text, name, ScenarioEntry)
    persons = {key: patient.person() for key, patient in entry.patients.items()}
    source = PurePath(name).name
    return Scenario(
        name=entry.name or PurePath(name).stem,
        about=entry.about,
        source=name,
        rules=tuple(
            Rule(
                name=rule.name,
                number=number,
                source=source,
                conditions=rule.when,
                script=rule.reply.script(rule.name, persons),
            )
            for number, rule in enumerate(entry.rules, 1)
        ),
        otherwise=entry.otherwise.script("otherwise", persons) if entry.otherwise else None,
    )


class RuleEntry(Part):
    """One rule as written."""

    later: ClassVar[frozenset[str]] = frozenset({"replies", "then", "expect", "chance", "state", "track"})

    name: Text
    when: Annotated[tuple[Condition, ...], PlainValidator(read_conditions)] = ()
    reply: ReplyEntry

    @model_validator(mode="after")
    def _reply_fits(self) -> RuleEntry:
        transports, operations = self._asked("transport"), self._asked("operation")
        soap_only = bool(operations) or transports == {"soap"}
        if operations and transports == {"mllp"}:
            raise complaint("MLLP has no operations; leave 'operation' out, or write transport: soap", "when")
        if self.reply.kind == "fault" and not soap_only:
            raise complaint("only SOAP has faults; write transport: soap under 'when'", "reply")
        if "connectivityTest" in operations:
            self._fits_connectivity_test()
        if self.reply.kind == "rsp":
            self._fits_query()
        return self

    def _asked(self, key: str) -> set[str]:
        """The plain values that a condition names; empty when there is none."""
        checks = [condition.check for condition in self.when if condition.key == key]
        return {value for check in checks if isinstance(check, OneOf) for value in check.values}

    def _fits_connectivity_test(self) -> None:
        if any(condition.location or condition.key in ("message", "profile") for condition in self.when):
            raise complaint("connectivityTest carries no HL7 message, so the rule would never match", "when")
        if self.reply.kind not in ("fault", "drop"):
            raise complaint(
                "connectivityTest carries no HL7 message to answer; write fault or drop,"
                " or leave the rule out and it is echoed",
                "reply",
            )

    def _fits_query(self) -> None:
        others = sorted(value for value in self._asked("message") if not value.upper().startswith("QBP"))
        if others:
            raise complaint(f"a query response answers QBP, and this rule is for {others[0]}; write ack", "reply")


def _version(value: Any) -> str:
    if read_text(value) != "1":
        raise complaint(f"version '{value}' of the language is not known; write 1")
    return "1"


class ScenarioEntry(Part):
    """The whole file as written."""

    later: ClassVar[frozenset[str]] = frozenset({"track", "state", "expect", "chance", "seed", "wire"})

    version: Annotated[Literal["1"], PlainValidator(_version)]
    name: Text = ""
    about: Text = ""
    patients: Annotated[dict[str, PatientEntry], mapping_of("patients by a name of your choice")] = Field(
        default_factory=dict
    )
    rules: Annotated[tuple[RuleEntry, ...], list_of("rules", some=True)]
    otherwise: ReplyEntry | None = None

    @model_validator(mode="after")
    def _whole(self) -> ScenarioEntry:
        if self.otherwise and self.otherwise.kind == "fault":
            raise complaint(
                "'otherwise' answers MLLP too, which has no faults; write a last rule for SOAP", "otherwise"
            )
        refuse([*self._same_names(), *self._unknown_patients()])
        return self

    def _same_names(self) -> Iterator[Complaint]:
        counts = Counter(rule.name for rule in self.rules)
        for index, rule in enumerate(self.rules):
            if counts[rule.name] > 1:
                yield (
                    ("rules", index, "name"),
                    complaint(f"several rules are called '{rule.name}'; name each by its own"),
                )

    def _unknown_patients(self) -> Iterator[Complaint]:
        replies: list[tuple[Place, ReplyEntry | None]] = [
            *((("rules", index, "reply"), rule.reply) for index, rule in enumerate(self.rules)),
            (("otherwise",), self.otherwise),
        ]
        for place, reply in replies:
            for index, name in enumerate(reply.rsp.patients if reply and reply.rsp else ()):
                if name not in self.patients:
                    yield (*place, "rsp", "patients", index), complaint(self._not_a_patient(name))

    def _not_a_patient(self, name: str) -> str:
        near = closest(name, self.patients)
        advice = f"there are: {', '.join(self.patients)}" if self.patients else "the file has none"
        if near:
            advice = f"did you mean '{near}'?"
        return f"'{name}' is not under 'patients'; {advice}"
