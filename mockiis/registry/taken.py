"""What is left of a message after it was judged: fields and segments that count as empty are empty.

So whoever reads it needs to know nothing of findings. HL7 null is told apart from what was not sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mockiis.er7 import NULL, STANDARD, Location, Segment
from mockiis.er7.compose import in_standard
from mockiis.profile import Finding
from mockiis.profile.flaw import MOST

Place = tuple[str, int]
_SHORT = 1000
"""Characters of a segment that cannot have more repetitions than anybody looks at."""
_NULLS = re.compile(r'(?<![^~^&])""(?![^~^&])')
"""HL7 null in a part of a field."""


class Taken:
    """The segments of one message as they are taken. ``cleared`` are the fields that were HL7 null, as PID-11."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._segments: set[Place] = set()
        self._fields: dict[Place, list[Finding]] = {}
        for finding in findings:
            at = finding.location
            if at is not None and finding.effect == "segment ignored":
                self._segments.add(_place(at))
            elif at is not None and at.field is not None and finding.effect == "field ignored":
                self._fields.setdefault(_place(at), []).append(finding)

    def segment(self, segment: Segment) -> Segment | None:
        """The segment without what was ignored, in standard encoding characters; None if all of it was."""
        place = (segment.id, segment.occurrence)
        if place in self._segments:
            return None
        plain = segment.delimiters is STANDARD and len(segment.text) < _SHORT and NULL not in segment.text
        if plain and place not in self._fields:
            return segment
        fields = [_not_too_many(in_standard(segment.delimiters, text)) for text in segment.fields]
        for finding in self._fields.get(place, ()):
            assert finding.location is not None
            _leave_out(fields, finding, finding.location)
        nulls = [number for number, text in enumerate(fields) if text == NULL]
        text = "|".join("" if number in nulls else _NULLS.sub("", field) for number, field in enumerate(fields))
        return TakenSegment(text, segment.occurrence, frozenset(nulls))


class TakenSegment(Segment):
    """A segment that remembers which of its fields were HL7 null."""

    __slots__ = ("nulls",)

    def __init__(self, text: str, occurrence: int, nulls: frozenset[int]) -> None:
        super().__init__(text, STANDARD, occurrence)
        self.nulls = nulls


def cleared(segment: Segment | None) -> frozenset[str]:
    """The fields of a segment that were HL7 null."""
    if not isinstance(segment, TakenSegment):
        return frozenset()
    return frozenset(f"{segment.id}-{number}" for number in segment.nulls)


def _not_too_many(text: str) -> str:
    """The field with no more repetitions than the judge looks at."""
    return text if text.count("~") < MOST else "~".join(text.split("~", MOST)[:MOST])


def _place(at: Location) -> Place:
    return at.segment, at.occurrence or 1


def _leave_out(fields: list[str], finding: Finding, at: Location) -> None:
    """Empty what the finding is about: a component that must not be sent, repetitions beyond those allowed, a
    repetition, or the field.
    """
    number = at.field or 0
    if number >= len(fields):
        return
    repetitions = fields[number].split("~")
    index = (at.repetition or 1) - 1
    if finding.found.endswith(" repetitions"):
        repetitions = repetitions[: int(finding.expected.rpartition(" ")[2])]
    elif finding.expected == "nothing" and at.component is None:
        repetitions = []
    elif index < len(repetitions):
        part = at.component if finding.expected == "nothing" else None
        repetitions[index] = _without(repetitions[index], part) if part else ""
    fields[number] = "~".join(repetitions)


def _without(text: str, component: int) -> str:
    parts = text.split("^")
    if component <= len(parts):
        parts[component - 1] = ""
    return "^".join(parts)
