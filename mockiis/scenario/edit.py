"""Values of a message changed wherever they stand, and orders left out: what ``registry`` may do with a message."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mockiis.er7 import Location, Message, Segment
from mockiis.message.request import Request
from mockiis.scenario.conditions import Condition, all_hold
from mockiis.scenario.subject import Subject
from mockiis.scenario.template import Source, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What becomes of every value at a location: another ``value``; or what it is, without some characters, in ASCII,
    or its ``first`` characters only.
    """

    location: Location
    value: Template | None = None
    remove: str = ""
    ascii: bool = False
    first: int | None = None

    def in_segment(self, segment: Segment, text: str, source: Source) -> str:
        """The text of a segment with the change, where it is meant."""
        at, marks = self.location, segment.delimiters
        if at.segment != segment.id or at.occurrence not in (None, segment.occurrence) or at.field is None:
            return text
        fields = text.split(marks.field)
        if at.field >= len(fields):
            if self.value is None:
                return text
            fields += [""] * (at.field - len(fields) + 1)
        repetitions = fields[at.field].split(marks.repetition) if marks.repetition else [fields[at.field]]
        for place, repetition in enumerate(repetitions):
            if self._means(segment, place + 1, repetition):
                repetitions[place] = self._repetition(segment, repetition, source)
        fields[at.field] = (marks.repetition or "").join(repetitions)
        return marks.field.join(fields)

    def _means(self, segment: Segment, number: int, repetition: str) -> bool:
        key = self.location.repetition_key
        if key is not None:
            return segment.matches(repetition, *key)
        return self.location.repetition in (None, number)

    def _repetition(self, segment: Segment, text: str, source: Source) -> str:
        mark, component = segment.delimiters.component, self.location.component
        if component is None and self.value is not None:
            return self.value.er7(source)
        pieces = text.split(mark) if mark else [text]
        if component is None:
            return mark.join(self._part(segment, piece, source) for piece in pieces)
        if component > len(pieces) and self.value is not None and mark:
            pieces += [""] * (component - len(pieces))
        if component <= len(pieces):
            pieces[component - 1] = self._part(segment, pieces[component - 1], source)
        return mark.join(pieces)

    def _part(self, segment: Segment, raw: str, source: Source) -> str:
        marks = segment.delimiters
        text = marks.unescape(raw) if self.value is None else self.value.plain(source)
        text = "".join(character for character in text if character not in self.remove)
        text = _in_ascii(text) if self.ascii else text
        return marks.escaped(text[: self.first].strip())


_SPELLED = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ß": "ss", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"})


def _in_ascii(text: str) -> str:
    """Letters without their accents; what has no letter in ASCII is left out."""
    return unicodedata.normalize("NFKD", text.translate(_SPELLED)).encode("ascii", "ignore").decode()


def edited(message: Message, edits: Sequence[Edit], source: Source) -> Message:
    """The message with the changes, one after another."""
    segments, lines = iter(message.segments), []
    for line in message.lines:
        segment = next(segments) if line else None
        text = line
        for edit in edits:
            text = edit.in_segment(segment, text, source) if segment is not None else text
        lines.append(text)
    return _like(message, lines)


def without(message: Message, conditions: Sequence[Condition], request: Request) -> Message:
    """The message without each order (ORC, RXA, and what follows) that the conditions hold for."""
    lines: list[str] = []
    for group in _orders(message):
        about = Message(group, None, delimiters=message.delimiters)
        if not (group[0].startswith(("ORC", "RXA")) and all_hold(conditions, Subject(request, about))):
            lines += group
    return _like(message, lines)


def _orders(message: Message) -> Iterator[list[str]]:
    """The lines in groups: what comes before the first order, and each order; a new patient ends one."""
    group: list[str] = []
    for segment in message.segments:
        begins = segment.id in ("ORC", "PID") or (segment.id == "RXA" and any(line[:3] == "RXA" for line in group))
        if begins and group:
            yield group
            group = []
        group.append(segment.text)
    yield group


def _like(message: Message, lines: Sequence[str]) -> Message:
    ends = message.ends if message.ends and len(message.ends) == len(lines) else None
    return Message(lines, ends, prefix=message.prefix, delimiters=message.delimiters, notes=message.notes)
