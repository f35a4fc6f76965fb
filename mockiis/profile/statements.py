"""Conformance statements, compiled: what must be so at a place, when its predicate is true.

A statement about a segment is checked for every such segment, in its order group; those about a component of a data
type (``EI.3``) are the business of ``type_statements``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from mockiis.er7 import NULL, Location, Segment
from mockiis.profile.dates import before, parse
from mockiis.profile.flaw import MOST, shown
from mockiis.profile.place import Place
from mockiis.profile.predicate import HasCode, Lookup, Test, compiled, lookup
from mockiis.profile.scene import Fault, Order, Scene, at
from mockiis.profile.standard import Default, Must, Predicate, Standard, Statement

OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
_CODES = {"valued": "101", "empty": "999", "table": "103", "present": "100", "observation": "101"}

Found = Sequence[tuple[Location, str]]
Check = Callable[[Segment, Order | None, Scene], Found]
"""Places in a segment that are not as asked, each with what was found."""


class Special(NamedTuple):
    """A statement that needs code: whether it is fulfilled, and what is expected and found where it is not."""

    fulfilled: Callable[[Statement, Segment, Order | None, Scene], bool]
    expected: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """One statement, ready: for which segments, when, and what is wrong.

    ``by_text`` is the field whose text decides alone; None where something else matters too. ``by_segment``: what
    matters is in this segment.
    """

    statement: Statement
    owner: str
    when: Test | None
    check: Check
    expected: str
    by_text: int | None
    by_segment: bool

    def faults(self, segment: Segment, order: Order | None, scene: Scene) -> Sequence[Fault]:
        """What this segment has against the statement."""
        if self.when is not None and not self.when(segment, order, scene):
            return ()
        found = self.check(segment, order, scene)
        return [_fault(self.statement, location, self.expected, text) for location, text in found] if found else ()


class StatementCompiler:
    """Makes checks from the statements of a standard."""

    def __init__(
        self, standard: Standard, has_code: HasCode, defaults: Mapping[Place, Default], special: Mapping[str, Special]
    ) -> None:
        self._standard, self._has_code, self._defaults, self._special = standard, has_code, defaults, special

    def by_segment(self, profile: str) -> dict[str, tuple[Compiled, ...]]:
        """The statements of a profile by the segment they are about."""
        found: dict[str, list[Compiled]] = {}
        for statement in self._standard.statements.values():
            if profile in statement.profiles and not statement.at.in_type:
                made = self._compiled(statement)
                found.setdefault(made.owner, []).append(made)
        return {owner: tuple(statements) for owner, statements in found.items()}

    def _compiled(self, statement: Statement) -> Compiled:
        place, must = statement.at, statement.must
        encoding = place.owner == "MSH" and place.field in (1, 2)
        return Compiled(
            statement=statement,
            owner="MSH" if must.kind == "present" else place.owner,
            when=compiled(statement.when, self._has_code, self._defaults),
            check=self._check(statement, place),
            expected=self._special[must.values[0]].expected if must.kind == "check" else expected(must),
            by_text=None if statement.when or must.kind in _SITUATED or encoding else place.field,
            by_segment=must.kind not in _SITUATED and self._is_own(statement.when, place.owner),
        )

    def _is_own(self, when: Predicate, owner: str) -> bool:
        """Whether a predicate looks at this segment only."""
        places = [term.place for term in when]
        return all(place.owner == owner and place not in self._defaults for place in places)

    def _check(self, statement: Statement, place: Place) -> Check:
        must = statement.must
        match must.kind:
            case "check":
                return _specially(statement, self._special[must.values[0]])
            case "same_as":
                return _same(place, lookup(Place.parse(must.values[0]), self._has_code, {}))
        structural = _STRUCTURAL.get(must.kind)
        return structural(must, place) if structural else _each_value(place, value_test(must, self._has_code))


def value_test(must: Must, has_code: HasCode) -> Callable[[str], bool]:
    """Whether a value that is not empty fulfills what is asked."""
    values = must.values
    tests: dict[str, Callable[[str], bool]] = {
        "equals": lambda value: value in values,
        "in": lambda value: value in values,
        "not_in": lambda value: value not in values,
        "table": lambda value: any(has_code(table, value) for table in values),
        "not_in_table": lambda value: not any(has_code(table, value) for table in values),
        "empty": lambda _value: False,
        "positive": lambda value: value.isascii() and value.isdecimal() and int(value[:9]) > 0,
        "matches": lambda value: _pattern(values[0]).fullmatch(value) is not None,
        "oid": lambda value: OID.fullmatch(value) is not None,
    }
    return tests[must.kind]


_pattern = cache(re.compile)


def _fault(statement: Statement, location: Location, wanted: str, found: str) -> Fault:
    return Fault(
        location=location,
        kind=statement.id,
        code=statement.code or _CODES.get(statement.must.kind, "999"),
        application_code=statement.application_code,
        text=statement.text,
        expected=wanted,
        found=found or "nothing",
        fix=statement.fix,
        severity=statement.severity,
        statement=statement.id,
        source=statement.source,
    )


_EXPECTED = {
    "equals": "{}",
    "in": "{}",
    "not_in": "none of {}",
    "table": "a code of table {}",
    "not_in_table": "no code of table {}",
    "empty": "nothing",
    "valued": "a value",
    "present": "such a segment",
    "same_as": "the same as {}",
    "positive": "a whole number above 0",
    "matches": "another form",
    "oid": "an OID, such as 2.16.840.1.113883",
    "sequential": "1, 2, 3 and so on",
    "some_repetition": "{}",
    "observation": "an OBX with {} in OBX-3.1",
}


def expected(must: Must) -> str:
    """What is asked, in a few words."""
    return _EXPECTED[must.kind].format(" or ".join(value or "nothing" for value in must.values))


def _values(segment: Segment, place: Place) -> list[tuple[int, str]]:
    """The values there that are not empty, each with the number of its repetition."""
    if place.field is None or not segment.raw(place.field):
        return []
    found = []
    for number, text in enumerate(segment.repetitions(place.field)[:MOST], 1):
        if place.repetition in (None, number):
            value = segment.part(text, place.component, place.subcomponent)
            if value and value != NULL:
                found.append((number, value))
    return found


def _at(segment: Segment, place: Place, number: int = 1) -> Location:
    return at(segment, place.field, place.component, number if number > 1 else None, place.subcomponent)


def _each_value(place: Place, holds: Callable[[str], bool]) -> Check:
    def check(segment: Segment, _order: Order | None, _scene: Scene) -> Found:
        found = _values(segment, place)
        return [(_at(segment, place, number), shown(value)) for number, value in found if not holds(value)]

    return check


def _valued(_must: Must, place: Place) -> Check:
    def check(segment: Segment, _order: Order | None, _scene: Scene) -> Found:
        return () if _values(segment, place) else [(_at(segment, place), "")]

    return check


def _present(_must: Must, place: Place) -> Check:
    """Checked at the MSH, since a segment that is missing cannot ask for itself."""

    def check(_segment: Segment, _order: Order | None, scene: Scene) -> Found:
        return () if place.owner in scene.by_id else [(Location(segment=place.owner), "")]

    return check


def _observed(must: Must, _place: Place) -> Check:
    def check(segment: Segment, order: Order | None, _scene: Scene) -> Found:
        if order is None or any(order.observed(code) for code in must.values):
            return ()
        return [(at(order.rxa or segment), "no such OBX")]

    return check


def _same(place: Place, other: Lookup) -> Check:
    def check(segment: Segment, order: Order | None, scene: Scene) -> Found:
        found, wanted = _values(segment, place), other(segment, order, scene)
        return [(_at(segment, place, number), shown(value)) for number, value in found if not _equal(value, wanted)]

    return check


def _equal(one: str, two: str) -> bool:
    """The same text, or the same time to the precision of the coarser."""
    first, second = (None, None) if one == two else (parse(one), parse(two))
    if first is None or second is None:
        return one == two
    return not before(first, second) and not before(second, first)


def _sequential(must: Must, place: Place) -> Check:
    """Through the message, or from 1 again in each group: at an ORC, or at a PID."""
    through = "message" in must.values
    again = set(must.values) != {"message"}

    def check(segment: Segment, _order: Order | None, scene: Scene) -> Found:
        value = segment.get(place.field or 1)
        allowed = (through and value == str(segment.occurrence)) or (again and value == str(scene.numbers[segment]))
        return () if allowed or not value else [(at(segment, place.field), shown(value))]

    return check


def _some_repetition(must: Must, place: Place) -> Check:
    """One repetition begins with these components; none at all is the business of the field's usage."""
    wanted = must.values[0]

    def check(segment: Segment, _order: Order | None, _scene: Scene) -> Found:
        texts = segment.repetitions(place.field or 1)[:MOST]
        if texts == [""] or any(text == wanted or text.startswith(f"{wanted}^") for text in texts):
            return ()
        return [(at(segment, place.field), shown(texts[0]))]

    return check


def _specially(statement: Statement, special: Special) -> Check:
    place = statement.at

    def check(segment: Segment, order: Order | None, scene: Scene) -> Found:
        if special.fulfilled(statement, segment, order, scene):
            return ()
        return [(_at(segment, place), special.found)]

    return check


_STRUCTURAL: Mapping[str, Callable[[Must, Place], Check]] = {
    "observation": _observed,
    "present": _present,
    "sequential": _sequential,
    "some_repetition": _some_repetition,
    "valued": _valued,
}
_SITUATED = frozenset({"valued", "present", "observation", "sequential", "same_as", "some_repetition", "check"})
"""Kinds that look at more than the text of a field, or at one that is empty or null."""
