"""An ER7 message as values: nothing dropped, nothing repaired, fields split only when they are asked for.

Positions count from 1 everywhere, as in the standard; MSH-1 is the field separator itself.
The counterpart that makes these from text is ``reader``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mockiis.er7.delimiters import STANDARD, Delimiters
from mockiis.er7.location import Location

NULL = '""'
"""HL7 null: the sender asks to delete the stored value. It is a value, not an empty field."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd about the text that was read and kept: a stable code and a sentence."""

    code: str
    text: str


class Segment:
    """One segment: its text as received, and its fields when asked for."""

    __slots__ = ("_fields", "delimiters", "id", "occurrence", "text")

    def __init__(self, text: str, delimiters: Delimiters, occurrence: int = 1) -> None:
        self.text = text
        self.delimiters = delimiters
        self.occurrence = occurrence
        self.id = text.partition(delimiters.field)[0]
        self._fields: list[str] | None = None

    @property
    def fields(self) -> Sequence[str]:
        """Raw text of every field; index 0 is the segment id, index n is field n, in MSH too."""
        fields = self._fields
        if fields is None:
            fields = self.text.split(self.delimiters.field)
            if fields[0] in _HEADERS:
                fields.insert(1, self.delimiters.field)
            self._fields = fields
        return fields

    def raw(self, field: int) -> str:
        """The whole field as received, every repetition; empty where the segment is shorter."""
        fields = self.fields
        return fields[field] if field < len(fields) else ""

    def repetitions(self, field: int) -> list[str]:
        """Raw text of each repetition. MSH-1 and MSH-2 are never split."""
        text = self.raw(field)
        if self.id in _HEADERS and field <= 2:
            return [text]
        mark = self.delimiters.repetition
        return text.split(mark) if mark else [text]

    def get(self, field: int, component: int | None = None, subcomponent: int | None = None) -> str:
        """One value of the first repetition, escape sequences decoded; empty where there is none."""
        return self.part(self.repetitions(field)[0], component, subcomponent)

    def part(self, repetition: str, component: int | None, subcomponent: int | None = None) -> str:
        """A component or subcomponent of a repetition, decoded. A composite keeps its separators."""
        if component is None:
            return self._value(repetition)
        text = _piece(repetition, self.delimiters.component, component)
        if subcomponent is not None:
            text = _piece(text, self.delimiters.subcomponent, subcomponent)
        return self._value(text)

    def _value(self, text: str) -> str:
        return self.delimiters.unescape(text) if self.delimiters.escape in text else text

    def __repr__(self) -> str:
        return f"Segment({self.id}[{self.occurrence}])"


class Message:
    """One message. ``lines`` and ``ends`` are the text exactly as received, so that nothing is lost."""

    __slots__ = ("_segments", "delimiters", "ends", "lines", "notes", "prefix")

    def __init__(
        self,
        lines: Sequence[str],
        ends: Sequence[str] | None,
        *,
        prefix: str = "",
        delimiters: Delimiters = STANDARD,
        notes: Sequence[Note] = (),
    ) -> None:
        """``ends`` holds the terminator after each line; None means CR between lines and after the last."""
        self.lines = tuple(lines)
        self.ends = ends
        self.prefix = prefix
        self.delimiters = delimiters
        self.notes = tuple(notes)
        self._segments: tuple[Segment, ...] | None = None

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Every segment in order; blank lines are kept in ``lines`` but are no segments."""
        if self._segments is None:
            counts: dict[str, int] = {}
            segments = []
            for line in self.lines:
                if line:
                    segment = Segment(line, self.delimiters)
                    counts[segment.id] = segment.occurrence = counts.get(segment.id, 0) + 1
                    segments.append(segment)
            self._segments = tuple(segments)
        return self._segments

    @property
    def header(self) -> Segment:
        """The MSH segment."""
        return self.segments[0]

    def named(self, segment_id: str) -> list[Segment]:
        """Every segment of that name, in order."""
        return [segment for segment in self.segments if segment.id == segment_id]

    def get(self, location: str | Location) -> str:
        """The first value there, escape sequences decoded; empty when absent. Raises LocationError."""
        for value in self.occurrences(location):
            return value
        return ""

    def values(self, location: str | Location) -> list[str]:
        """Every value there that is not empty: all segments and repetitions the location leaves open."""
        return [value for value in self.occurrences(location) if value]

    def occurrences(self, location: str | Location) -> Iterator[str]:
        """As ``values``, empty ones included. A location without a field gives the segment's text."""
        where = Location.parse(location) if isinstance(location, str) else location
        for segment in self.segments:
            if segment.id != where.segment or not _chosen(segment, where):
                continue
            if where.field is None:
                yield segment.text
                continue
            for number, repetition in enumerate(segment.repetitions(where.field), 1):
                if where.repetition not in (None, number):
                    continue
                if where.repetition_key and segment.part(repetition, where.repetition_key[0]) != where.repetition_key[1]:
                    continue
                yield segment.part(repetition, where.component, where.subcomponent)

    def replace(self, location: str | Location, value: str) -> Message:
        """A copy with one field, component or subcomponent set to ``value`` (escaped); all else as it was.

        The first segment and repetition the location leaves open is meant. Raises LookupError when there is no
        such segment; fields, repetitions and components that do not exist yet are added.
        """
        where = Location.parse(location) if isinstance(location, str) else location
        for index, segment in enumerate(self._by_line()):
            if segment is not None and segment.id == where.segment and _chosen(segment, where):
                lines = list(self.lines)
                lines[index] = _with(segment, where, self.delimiters.escaped(value))
                return Message(
                    lines, self.ends, prefix=self.prefix, delimiters=self.delimiters, notes=self.notes
                )
        raise LookupError(f"the message has no segment {where.segment} for {where}")

    def _by_line(self) -> list[Segment | None]:
        segments = iter(self.segments)
        return [next(segments) if line else None for line in self.lines]

    def __repr__(self) -> str:
        return f"Message({self.header.raw(9)}, control id {self.header.raw(10)})"


_HEADERS = frozenset({"MSH", "FHS", "BHS"})


def _piece(text: str, mark: str, number: int) -> str:
    if not mark or mark not in text:
        return text if number == 1 else ""
    pieces = text.split(mark, number)
    return pieces[number - 1] if number <= len(pieces) else ""


def _chosen(segment: Segment, where: Location) -> bool:
    if where.occurrence is not None:
        return segment.occurrence == where.occurrence
    if where.key is not None:
        field, component, value = where.key
        return any(segment.part(text, component) == value for text in segment.repetitions(field))
    return True


def _with(segment: Segment, where: Location, value: str) -> str:
    if where.field is None:
        raise LookupError(f"{where} names a segment; name a field to replace")
    marks = segment.delimiters
    fields = list(segment.fields)
    repetitions = segment.repetitions(where.field)
    number = where.repetition or 1
    if where.repetition_key:
        key_component, key_value = where.repetition_key
        keyed = [n for n, text in enumerate(repetitions, 1) if segment.part(text, key_component) == key_value]
        if not keyed:
            raise LookupError(f"no repetition for {where}")
        number = keyed[0]
    text = _nth(repetitions, number)
    if where.component is not None:
        components = text.split(marks.component)
        if where.subcomponent is not None:
            subcomponents = _nth(components, where.component).split(marks.subcomponent)
            value = _set(subcomponents, where.subcomponent, value, marks.subcomponent)
        value = _set(components, where.component, value, marks.component)
    field = _set(repetitions, number, value, marks.repetition)
    fields.extend([""] * (where.field + 1 - len(fields)))
    fields[where.field] = field
    if segment.id in _HEADERS:
        del fields[1]
    return marks.field.join(fields)


def _nth(pieces: Sequence[str], number: int) -> str:
    return pieces[number - 1] if number <= len(pieces) else ""


def _set(pieces: list[str], number: int, value: str, mark: str) -> str:
    pieces.extend([""] * (number - len(pieces)))
    pieces[number - 1] = value
    return mark.join(pieces)
