"""A scenario file: YAML or JSON text -> Scenario. Every complaint names file, line, column and what to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, model_validator

from mockiis import document
from mockiis.document import Marks, complaint
from mockiis.entry_types import Text, read_location, read_text
from mockiis.er7 import Location
from mockiis.scenario.model import Scenario
from mockiis.scenario.patients import PatientEntry
from mockiis.scenario.replies import ReplyEntry, unknown_patients
from mockiis.scenario.rule_entry import RuleEntry, unreachable_states
from mockiis.scenario.values import Complaint, Part, list_of, mapping_of, read_each, refuse

TRACK = (Location.parse("PID-3.1"), Location.parse("QPD-3.1"))
"""Whose first value is the tracked key, unless the file says otherwise: the patient's first identifier."""


def load(text: str, name: str) -> Scenario:
    """Read a scenario; ``name`` is the file's, for complaints. Raises DocumentError with every problem found."""
    return document.load(text, name, ScenarioEntry).scenario(name)


def load_entry(text: str, name: str) -> tuple[ScenarioEntry, Marks]:
    """The file as written, with the place of everything in it. Raises DocumentError with every problem found."""
    return document.load_marked(text, name, ScenarioEntry)


def _version(value: Any) -> str:
    if read_text(value) != "1":
        raise complaint(f"version '{value}' of the language is not known; write 1")
    return "1"


def _track(value: Any) -> tuple[Location, ...]:
    """One place, several of which the first that is there counts, or ``all`` for one state shared by all."""
    if value == "all":
        return ()
    entries = value if isinstance(value, list) else [value]
    if not entries:
        raise complaint("write whose values are tracked, such as PID-3.1, or 'all' for one state shared by all")
    found = read_each(enumerate(entries), lambda _index, entry: read_location(read_text(entry)))
    if any(place.field is None for place in found):
        raise complaint("a whole segment cannot be tracked; name a field of it, such as PID-3.1")
    return tuple(found)


def _preload(value: Any) -> bool:
    if value != "true":
        raise complaint("write preload: true, or leave it out")
    return True


class ScenarioEntry(Part):
    """The whole file as written."""

    version: Annotated[Literal["1"], PlainValidator(_version)]
    name: Text = ""
    about: Text = ""
    track: Annotated[tuple[Location, ...], PlainValidator(_track)] = TRACK
    patients: Annotated[dict[str, PatientEntry], mapping_of("patients by a name of your choice")] = Field(
        default_factory=dict
    )
    preload: Annotated[bool, PlainValidator(_preload)] = False
    rules: Annotated[tuple[RuleEntry, ...], list_of("rules", some=True)]
    otherwise: ReplyEntry | None = None

    @model_validator(mode="after")
    def _whole(self) -> ScenarioEntry:
        refuse([*self._same_names(), *self._unknown_patients(), *unreachable_states(self.rules), *self._otherwise()])
        if self.preload and not self.patients:
            raise complaint("there are no patients to preload; write them under 'patients'", "preload")
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
        for index, rule in enumerate(self.rules):
            for place, reply in rule.each_reply():
                if not reply.mix:
                    yield from ((("rules", index, *place, *at), e) for at, e in unknown_patients(reply, self.patients))
        if self.otherwise:
            yield from ((("otherwise", *at), e) for at, e in unknown_patients(self.otherwise, self.patients))

    def _otherwise(self) -> Iterator[Complaint]:
        for place, reply in self.otherwise.each() if self.otherwise else ():
            if reply.kind in ("fault", "http"):
                text = f"'otherwise' answers MLLP too, which has no {reply.kind}; write a last rule for SOAP"
                yield ("otherwise", *place), complaint(text)
            if reply.chance < 1:
                yield ("otherwise", *place, "chance"), complaint("'otherwise' answers whatever is left; leave it out")

    def scenario(self, name: str) -> Scenario:
        """The scenario as it runs; ``name`` is the file's."""
        persons = {key: patient.person() for key, patient in self.patients.items()}
        source = PurePath(name).name
        return Scenario(
            name=self.name or PurePath(name).stem,
            about=self.about,
            source=name,
            track=self.track,
            preloaded=tuple(persons.values()) if self.preload else (),
            rules=tuple(rule.rule(number, source, persons) for number, rule in enumerate(self.rules, 1)),
            otherwise=self.otherwise.script("otherwise", persons) if self.otherwise else None,
        )
