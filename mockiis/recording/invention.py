"""Invented persons in place of real ones: the same value always becomes the same other one, in requests and answers.

What is replaced is named by its place (``_PLACES``); segments that are not known to be safe are left out, and texts in
words keep nothing of the values that were replaced elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from mockiis.er7 import ER7Error, Message, Segment, read

Way = Callable[["Inventor", str], str]
_FAMILIES = ("Aasen", "Birkeland", "Carver", "Dalgaard", "Ekern", "Fossum", "Grindal", "Holte", "Ivers", "Jorde")
_GIVEN = ("Ada", "Bodil", "Carl", "Dag", "Edith", "Finn", "Greta", "Hans", "Ingrid", "Jens", "Karin", "Leif")
_SHORTEST = 3
"""Characters of a value that is looked for in texts; of shorter ones too many words would be hit."""


class Inventor:
    """Remembers what it has invented. ``left_out`` counts the segments that it dropped, by name."""

    def __init__(self) -> None:
        self._invented: dict[tuple[str, str], str] = {}
        self._counts: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()

    def learn(self, text: str) -> None:
        """Invent what stands for the values of a message, before any text in words is looked at."""
        self.message(text)

    def message(self, text: str) -> str:
        """The message with invented persons, each segment ended by CR; empty when it is none."""
        try:
            message = read(text)
        except ER7Error:
            return ""
        return "".join(f"{line}\r" for segment in message.segments if (line := self._segment(message, segment)))

    def words(self, text: str) -> str:
        """A text in words, with the invented values where real ones stood."""
        for (_, real), invented in sorted(self._invented.items(), key=lambda entry: -len(entry[0][1])):
            if len(real) >= _SHORTEST and real in text.casefold():
                text = re.sub(rf"(?<!\w){re.escape(real)}(?!\w)", invented.replace("\\", ""), text, flags=re.IGNORECASE)
        return text

    def _segment(self, message: Message, segment: Segment) -> str:
        name = segment.text[:3]
        if name not in _KEPT:
            self.left_out[name] += 1
            return ""
        marks = message.delimiters
        fields = segment.text.split(marks.field)
        shift = 1 if name == "MSH" else 0
        for number, ways in _PLACES.get(name, {}).items():
            index = number - shift
            if index < len(fields) and fields[index] not in ("", '""'):
                repetitions = fields[index].split(marks.repetition)
                fields[index] = marks.repetition.join(self._repetition(r, ways, marks.component) for r in repetitions)
        return marks.field.join(fields)

    def _repetition(self, text: str, ways: Mapping[int, Way], separator: str) -> str:
        parts = text.split(separator)
        for number, way in ways.items():
            if number <= len(parts) and parts[number - 1] not in ("", '""'):
                parts[number - 1] = way(self, parts[number - 1])
        return separator.join(parts)

    def _of(self, kind: str, real: str, make: Callable[[int], str]) -> str:
        key = kind, real.casefold()
        if key not in self._invented:
            self._invented[key] = make(self._counts[kind])
            self._counts[kind] += 1
        return self._invented[key]


def _family(inventor: Inventor, real: str) -> str:
    return inventor._of("family", real, lambda number: _named(_FAMILIES, number))  # noqa: SLF001


def _given(inventor: Inventor, real: str) -> str:
    return inventor._of("given", real, lambda number: _named(_GIVEN, number))  # noqa: SLF001


def _named(names: tuple[str, ...], number: int) -> str:
    again = number // len(names)
    second = f"-{names[again % len(names)]}{'x' * (again // len(names))}" if again else ""
    return names[number % len(names)] + second


def _identifier(inventor: Inventor, real: str) -> str:
    return inventor._of("identifier", real, lambda number: f"R{number + 1:06d}")  # noqa: SLF001


def _street(inventor: Inventor, real: str) -> str:
    return inventor._of("street", real, lambda number: f"{number + 1} Elm St")  # noqa: SLF001


def _town(inventor: Inventor, real: str) -> str:
    return inventor._of("town", real, lambda number: f"Northville {number + 1}")  # noqa: SLF001


def _zip(inventor: Inventor, real: str) -> str:
    return inventor._of("zip", real, lambda number: f"{58000 + number % 1000}")  # noqa: SLF001


def _phone(inventor: Inventor, real: str) -> str:
    return inventor._of("phone", real, lambda number: f"555{number + 100:04d}")  # noqa: SLF001


def _mail(inventor: Inventor, real: str) -> str:
    return inventor._of("mail", real, lambda number: f"person{number + 1}@example.org")  # noqa: SLF001


def _birth(inventor: Inventor, real: str) -> str:
    """Another day of the same year, so that ages stay about what they were; the time of day is dropped."""
    digits = re.match(r"\d{4}(\d{2}(\d{2})?)?", real)
    if digits is None:
        return ""

    def day(number: int) -> str:
        return f"{date(int(digits[0][:4] or 1900) or 1900, number // 28 % 12 + 1, number % 28 + 1):%Y%m%d}"

    return inventor._of("birth", digits[0], day)[: len(digits[0])]  # noqa: SLF001


def _nothing(_inventor: Inventor, _real: str) -> str:
    return ""


def _comment(inventor: Inventor, real: str) -> str:
    return inventor.words(real)


_ID: Mapping[int, Way] = {1: _identifier}
_NAME: Mapping[int, Way] = {1: _family, 2: _given, 3: _given}
_PERSON: Mapping[int, Way] = {1: _identifier, 2: _family, 3: _given, 4: _given}
_ADDRESS: Mapping[int, Way] = {1: _street, 2: _nothing, 3: _town, 5: _zip, 8: _nothing, 9: _nothing, 10: _nothing}
_PHONE: Mapping[int, Way] = {1: _phone, 4: _mail, 6: _nothing, 7: _phone, 8: _nothing, 9: _nothing, 12: _phone}
_DATE: Mapping[int, Way] = {1: _birth}
_TEXT: Mapping[int, Way] = {1: _comment, 2: _comment}

_PLACES: Mapping[str, Mapping[int, Mapping[int, Way]]] = {
    "PID": {
        **dict.fromkeys((2, 3, 4, 18, 19, 20, 21), _ID),
        **dict.fromkeys((5, 6, 9), _NAME),
        7: _DATE,
        11: _ADDRESS,
        12: {1: _nothing},
        13: _PHONE,
        14: _PHONE,
        23: {1: _nothing},
        29: _DATE,
    },
    "PD1": {4: _PERSON},
    "NK1": {
        2: _NAME,
        4: _ADDRESS,
        **dict.fromkeys((5, 6, 31, 40), _PHONE),
        13: {1: _nothing},
        16: _DATE,
        26: _NAME,
        30: _NAME,
        32: _ADDRESS,
        33: _ID,
        37: _ID,
    },
    "QPD": {3: _ID, 4: _NAME, 5: _NAME, 6: _DATE, 8: _ADDRESS, 9: _PHONE},
    "ORC": {
        2: _ID,
        3: _ID,
        4: _ID,
        10: _PERSON,
        11: _PERSON,
        12: _PERSON,
        14: _PHONE,
        19: _PERSON,
        23: _PHONE,
        24: _ADDRESS,
    },
    "RXA": {10: _PERSON},
    "OBX": {16: _PERSON, 25: _PERSON},
    "MSA": {3: _TEXT},
    "ERR": {7: _TEXT, 8: _TEXT},
}
"""By segment, field and component: what is invented."""
_KEPT = frozenset({"MSH", "MSA", "ERR", "QAK", "QPD", "RCP", "PID", "PD1", "NK1", "ORC", "RXA", "RXR", "OBX", "DSC"})
"""Segments that stay. Others, and those of a site's own, may hold anybody."""
