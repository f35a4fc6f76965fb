"""Messages for the tests of the judge, made of the pieces in ``data/judge``, and a way to break them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from mockiis.er7 import Location, read
from mockiis.profile.finding import Finding
from mockiis.profile.validator import Judgement, validator

FOLDER = Path(__file__).parents[2] / "data" / "judge"
RECEIVED = datetime(2026, 10, 2, 12, tzinfo=UTC)
"""When the messages of ``data/judge`` are received."""


class Draft:
    """A message that a test is writing. Values are raw ER7 text, and nothing of the package's own writing is used."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)

    @property
    def text(self) -> str:
        """The message as it is sent."""
        return "".join(f"{line}\r" for line in self.lines)

    def has(self, segment: str) -> bool:
        """Whether there is such a segment."""
        return any(line.startswith(f"{segment}|") for line in self.lines)

    def copy(self) -> Draft:
        """The same message, to be changed."""
        return Draft(self.lines)

    def index(self, place: str) -> int:
        """The line of the segment that a location names, the first one where it does not say which."""
        where = Location.parse(place)
        found = [number for number, line in enumerate(self.lines) if line.startswith(where.segment)]
        return found[(where.occurrence or 1) - 1]

    def get(self, place: str) -> str:
        """The raw text of a field."""
        number = Location.parse(place).field or 0
        fields = self._fields(self.index(place))
        return fields[number] if number < len(fields) else ""

    def put(self, place: str, value: str) -> Draft:
        """Set a field, repetition, component or subcomponent."""
        where, line = Location.parse(place), self.index(place)
        fields = self._fields(line)
        fields += [""] * ((where.field or 0) + 1 - len(fields))
        marks = [("~", where.repetition), ("^", where.component), ("&", where.subcomponent)]
        fields[where.field or 0] = _put(fields[where.field or 0], marks, value)
        self.lines[line] = "|".join(fields[:1] + fields[2:] if where.segment == "MSH" else fields)
        return self

    def drop(self, place: str) -> Draft:
        """Leave a segment out."""
        del self.lines[self.index(place)]
        return self

    def add(self, place: str, line: str) -> Draft:
        """Put a line after a segment."""
        self.lines.insert(self.index(place) + 1, line)
        return self

    def again(self, place: str) -> Draft:
        """Send a segment twice."""
        return self.add(place, self.lines[self.index(place)])

    def changed(self, changes: dict[str, Any]) -> Draft:
        """Make the changes that an entry of ``data/judge`` names."""
        for place, value in changes.get("set", {}).items():
            self.put(place, value)
        for place, line in changes.get("add", {}).items():
            self.add(place, line)
        for name in ("drop", "again"):
            if name in changes:
                getattr(self, name)(changes[name])
        return self

    def _fields(self, line: int) -> list[str]:
        fields = self.lines[line].split("|")
        return [*fields[:1], "|", *fields[1:]] if fields[0] == "MSH" else fields


def _put(text: str, marks: Sequence[tuple[str, int | None]], value: str) -> str:
    """``text`` with ``value`` in it, at the first piece where no number says which one."""
    if not any(number for _, number in marks):
        return value
    (mark, number), *rest = marks
    pieces = text.split(mark)
    pieces += [""] * ((number or 1) - len(pieces))
    pieces[(number or 1) - 1] = _put(pieces[(number or 1) - 1], rest, value)
    return mark.join(pieces)


def loaded(name: str) -> dict[str, Any]:
    """A file of ``data/judge``; every scalar is text."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return found


def draft_of(names: Iterable[str]) -> Draft:
    """The pieces as one message, its order groups and observations numbered."""
    pieces, lines, orders, observations = loaded("pieces"), [], 0, 0
    for name in names:
        piece = pieces[name]
        for line in [piece] if isinstance(piece, str) else piece:
            orders, observations = (orders + 1, 0) if line.startswith("ORC") else (orders, observations)
            observations += line.startswith("OBX")
            numbered = line.replace("{o}", str(orders)).replace("{x}", str(observations))
            lines.append(numbered.replace("{id}", "26-10-01-0815"))
    return Draft(lines)


CASES = {name: entry for file in ("z22", "ndiis", "queries", "answers") for name, entry in loaded(file).items()}


def valid(case: dict[str, Any]) -> Draft:
    """The valid message of a case."""
    return draft_of(case["message"]).changed({"set": case.get("set", {})})


def judged(text: str, standard: str) -> Judgement:
    """The judgement about a text by a shipped standard."""
    return validator(standard).judge(read(text), RECEIVED)


def told(finding: Finding) -> str:
    """A finding as entries of ``data/judge`` write it."""
    return f"{finding.location} {finding.code} {finding.severity} {finding.statement}".rstrip()


def words(value: str | list[str]) -> list[str]:
    """One text or a list of them, as entries write it."""
    return [value] if isinstance(value, str) else list(value)
