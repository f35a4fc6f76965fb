"""Conformance statements, compiled: what must be so at a place, when its predicate is true.

A statement about a segment is checked for every such segment, in its order group; those about a component of a data
type (``EI.3``) are the business of ``type_statements``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from mockiis.er7 import Location, Segment
from mockiis.profile.place import Place
from mockiis.profile.predicate import HasCode, Test, compiled, looked_at, lookup
from mockiis.profile.scene import Fault, Order, Scene
from mockiis.profile.specification import Default, Must, Standard, Statement
from mockiis.profile.statement_checks import STRUCTURAL, Broken, Check, as_sent, each_value, location, same_as

OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
_CODES = {"valued": "101", "empty": "999", "table": "103", "present": "100", "observation": "101"}


class Special(NamedTuple):
    """A statement that needs code: whether it is fulfilled, and what is expected and found where it is not."""

    fulfilled: Callable[[Statement, Segment, Order | None, Scene], bool]
    expected: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compiled:
    """One statement, ready: for which segments, when, and what is wrong.

    ``by_text`` is the field whose text decides alone; None where something else matters too. ``looks_at`` are the
    fields of its segment that decide about it, ``chosen_by`` those that decide ``when`` alone; None where something
    else has a say.
    """

    statement: Statement
    owner: str
    when: Test | None
    check: Check
    expected: str
    by_text: int | None
    looks_at: frozenset[int] | None
    chosen_by: frozenset[int] | None

    def faults(self, broken: Broken) -> list[Fault]:
        """What is to be said of places where the statement is broken."""
        return [_fault(self.statement, place, self.expected, text) for place, text in broken]


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
        chosen_by = looked_at(statement.when, place.owner, self._defaults)
        own = self._looked_at(statement)
        return Compiled(
            statement=statement,
            owner="MSH" if must.kind == "present" else place.owner,
            when=compiled(statement.when, self._has_code, self._defaults),
            check=self._check(statement, place),
            expected=self._special[must.values[0]].expected if must.kind == "check" else expected(must),
            by_text=None if statement.when or must.kind in _SITUATED or own is None else place.field,
            looks_at=None if chosen_by is None or own is None else chosen_by | own,
            chosen_by=chosen_by,
        )

    def _looked_at(self, statement: Statement) -> frozenset[int] | None:
        """The fields of its segment that decide whether a statement is fulfilled; None where something else does."""
        place, must = statement.at, statement.must
        if place.field is None or (place.owner, place.field) in DELIMITERS or must.kind in _ELSEWHERE:
            return None
        if must.kind != "same_as":
            return frozenset({place.field})
        other = Place.parse(must.values[0])
        return frozenset({place.field, other.field}) if other.owner == place.owner and other.field else None

    def _check(self, statement: Statement, place: Place) -> Check:
        must = statement.must
        match must.kind:
            case "check":
                return _specially(statement, self._special[must.values[0]])
            case "same_as":
                return same_as(place, lookup(Place.parse(must.values[0]), self._has_code, {}))
        structural = STRUCTURAL.get(must.kind)
        if structural is not None:
            return structural(must, place)
        holds = value_test(must, self._has_code)
        return as_sent(place, holds) if (place.owner, place.field) in DELIMITERS else each_value(place, holds)


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


def _specially(statement: Statement, special: Special) -> Check:
    place = statement.at

    def check(segment: Segment, order: Order | None, scene: Scene) -> Broken:
        if special.fulfilled(statement, segment, order, scene):
            return ()
        return [(location(segment, place), special.found)]

    return check


DELIMITERS = frozenset({("MSH", 1), ("MSH", 2)})
"""Fields that are judged as they were sent, before the message is put into the standard characters."""
_ELSEWHERE = frozenset({"present", "observation", "sequential", "check"})
"""Kinds that look at other segments, or at the number of their own."""
_SITUATED = _ELSEWHERE | {"valued", "same_as", "some_repetition"}
"""Kinds that look at more than the text of a field, or at one that is empty or null."""
