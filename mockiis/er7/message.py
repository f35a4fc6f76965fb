"""An ER7 message as values: nothing dropped, nothing repaired, fields split only when they are asked for.

Positions count from 1 everywhere, as in the standard; MSH-1 is the field separator itself.
The counterpart that makes these from text is ``reader``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
        if self._fields is None:
            self._fields = self.text.split(self.delimiters.field)
            if self.id in _HEADERS:
                self._fields.insert(1, self.delimiters.field)
        return self._fields

    def raw(self, field: int) -> str:
        """The whole field as received, every repetition; empty where the segment is shorter."""
        fields = self._fields or self.fields
        return fields[field] if field < len(fields) else ""

    def repetitions(self, field: int) -> list[str]:
        """Raw text of each repetition. MSH-1 and MSH-2 are never split."""
        text = self.raw(field)
        mark = self.delimiters.repetition
        if not mark or mark not in text or self.names_delimiters(field):
            return [text]
        return text.split(mark)

    def names_delimiters(self, field: int) -> bool:
        """Whether it is MSH-1 or MSH-2 (or those of FHS or BHS), which hold the encoding characters."""
        return field <= 2 and self.id in _HEADERS

    def get(self, field: int, component: int | None = None, subcomponent: int | None = None) -> str:
        """One value of the first repetition, escape sequences decoded; empty where there is none."""
        fields = self._fields or self.fields
        if field >= len(fields) or not fields[field]:
            return ""
        text, marks = fields[field], self.delimiters
        if marks.repetition in text:
            text = self.repetitions(field)[0]
        if component is None and subcomponent is None:
            return marks.unescape(text) if marks.escape in text else text
        return self.part(text, component, subcomponent)

    def part(self, repetition: str, component: int | None, subcomponent: int | None = None) -> str:
        """A component or subcomponent of a repetition, decoded. A composite keeps its separators."""
        marks = self.delimiters
        text = repetition
        if component is not None:
            text = _piece(text, marks.component, component)
        if subcomponent is not None:
            text = _piece(text, marks.subcomponent, subcomponent)
        return marks.unescape(text) if marks.escape in text else text

    def parts(self, repetition: str, count: int) -> list[str]:
        """The first components of a repetition, decoded; those that are not there are empty."""
        marks = self.delimiters
        pieces = repetition.split(marks.component, count)[:count] if marks.component else [repetition]
        if marks.escape in repetition:
            pieces = [marks.unescape(piece) for piece in pieces]
        return pieces + [""] * (count - len(pieces))

    def matches(self, repetition: str, component: int, value: str) -> bool:
        """Whether a component of a repetition has that value, as in ``PID-3[5=MR]``."""
        return self.part(repetition, component) == value

    def __repr__(self) -> str:
        return f"Segment({self.id}[{self.occurrence}])"


class Message:
    """One message. ``lines`` and ``ends`` are the text exactly as received, so that nothing is lost."""

    __slots__ = ("_named", "_segments", "delimiters", "ends", "lines", "notes", "prefix")

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
        self.ends = None if ends is None else tuple(ends)
        self.prefix = prefix
        self.delimiters = delimiters
        self.notes = tuple(notes)
        self._segments: tuple[Segment, ...] = ()
        self._named: dict[str, list[Segment]] = {}

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Every segment in order; blank lines are kept in ``lines`` but are no segments."""
        if not self._segments:
            self._index()
        return self._segments

    def _index(self) -> dict[str, list[Segment]]:
        segments, named = [], self._named
        for line in self.lines:
            if line:
                segment = Segment(line, self.delimiters)
                segments.append(segment)
                same = named.get(segment.id)
                if same is None:
                    named[segment.id] = [segment]
                else:
                    same.append(segment)
                    segment.occurrence = len(same)
        self._segments = tuple(segments)
        return named

    @property
    def header(self) -> Segment:
        """The MSH segment."""
        return self.segments[0]

    @property
    def by_id(self) -> Mapping[str, Sequence[Segment]]:
        """Every segment by its name, in order."""
        return self._named or self._index()

    def named(self, segment_id: str) -> list[Segment]:
        """Every segment of that name, in order."""
        return list(self.by_id.get(segment_id, ()))

    def get(self, location: str | Location) -> str:
        """The first value there, escape sequences decoded; empty when absent. Raises LocationError."""
        where = Location.parse(location) if isinstance(location, str) else location
        if where.field is None or where.repetition is not None or where.repetition_key is not None:
            return next(self.occurrences(where), "")
        chosen = self._chosen(where)
        return chosen[0].get(where.field, where.component, where.subcomponent) if chosen else ""

    def values(self, location: str | Location) -> list[str]:
        """Every value there that is not empty: all segments and repetitions the location leaves open."""
        return [value for value in self.occurrences(location) if value]

    def filled(self, location: str | Location) -> list[str]:
        """As ``values``, without fields of separators only, which are empty. Those of MSH-2 are its value."""
        where = Location.parse(location) if isinstance(location, str) else location
        values = self.values(where)
        if where.component is not None or where.segment in _HEADERS:
            return values
        separators = self.delimiters.component + self.delimiters.subcomponent
        return [value for value in values if value.strip(separators)]

    def occurrences(self, location: str | Location) -> Iterator[str]:
        """As ``values``, empty ones included. A location without a field gives the segment's text."""
        where = Location.parse(location) if isinstance(location, str) else location
        for segment in self._chosen(where):
            if where.field is None:
                yield segment.text
                continue
            repetitions = segment.repetitions(where.field)
            if where.repetition is not None:
                repetitions = repetitions[where.repetition - 1 : where.repetition]
            for repetition in repetitions:
                if where.repetition_key is None or segment.matches(repetition, *where.repetition_key):
                    yield segment.part(repetition, where.component, where.subcomponent)

    def _chosen(self, where: Location) -> Sequence[Segment]:
        segments = self.by_id.get(where.segment, [])
        if where.occurrence is not None:
            return segments[where.occurrence - 1 : where.occurrence]
        if where.key is not None:
            field, component, value = where.key
            return [s for s in segments if any(s.matches(text, component, value) for text in s.repetitions(field))]
        return segments

    def replace(self, location: str | Location, value: str) -> Message:
        """A copy with one field, component or subcomponent set to ``value`` (escaped); all else as it was.

        The first segment and repetition the location leaves open is meant; fields, repetitions and components
        that do not exist yet are added. Raises LookupError when there is no such segment, for MSH-1 and MSH-2,
        and for a part whose delimiter the message does not have.
        """
        where = Location.parse(location) if isinstance(location, str) else location
        chosen = self._chosen(where)
        if not chosen:
            raise LookupError(f"the message has no segment for {where}")
        filled = [index for index, line in enumerate(self.lines) if line]
        lines = list(self.lines)
        lines[filled[self.segments.index(chosen[0])]] = _replaced(chosen[0], where, self.delimiters.escaped(value))
        return Message(lines, self.ends, prefix=self.prefix, delimiters=self.delimiters, notes=self.notes)

    def __repr__(self) -> str:
        return f"Message({self.header.raw(9)}, control id {self.header.raw(10)})"


_HEADERS = frozenset({"MSH", "FHS", "BHS"})


def _piece(text: str, mark: str, number: int) -> str:
    if not mark or mark not in text:
        return text if number == 1 else ""
    pieces = text.split(mark, number)
    return pieces[number - 1] if number <= len(pieces) else ""


def _replaced(segment: Segment, where: Location, value: str) -> str:
    """The segment's text with ``value`` at that place."""
    if where.field is None or segment.names_delimiters(where.field):
        raise LookupError(f"{where} cannot be replaced; name a field, and not MSH-1 or MSH-2")
    marks = segment.delimiters
    places = [
        (marks.field, where.field if segment.id in _HEADERS else where.field + 1),
        (marks.repetition, _repetition(segment, where)),
        (marks.component, where.component or 0),
        (marks.subcomponent, where.subcomponent or 0),
    ]
    if any(number > 1 and not mark for mark, number in places):
        raise LookupError(f"{where} cannot be replaced; MSH-2 lacks the delimiter for it")
    return _put(segment.text, [place for place in places if place[1]], value)


def _repetition(segment: Segment, where: Location) -> int:
    """The number of the repetition that the location means, the first one where it leaves that open."""
    if where.repetition_key is None or where.field is None:
        return where.repetition or 1
    component, value = where.repetition_key
    for number, text in enumerate(segment.repetitions(where.field), 1):
        if segment.matches(text, component, value):
            return number
    raise LookupError(f"the message has no repetition for {where}")


def _put(text: str, places: Sequence[tuple[str, int]], value: str) -> str:
    """``text`` with ``value`` at the place that delimiters and numbers lead to; what is missing there is added."""
    if not places:
        return value
    (mark, number), *rest = places
    pieces = text.split(mark) if mark else [text]
    pieces.extend([""] * (number - len(pieces)))
    pieces[number - 1] = _put(pieces[number - 1], rest, value)
    return mark.join(pieces)
