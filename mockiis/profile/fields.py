"""Fields, compiled: for each segment of a profile, what every field must hold, checked in one pass over its text.

Values that repeat (codes, systems, numbers) are remembered, so that the same code costs a dictionary look-up the next
time. Names, addresses and identifiers of persons are not remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mockiis.er7 import NULL, STANDARD, Segment
from mockiis.profile.datatypes import CODED, Types, base_fields, base_name
from mockiis.profile.flaw import (
    MOST,
    Flaw,
    missing_field,
    not_in_table,
    other_system,
    shown,
    too_long,
    too_many,
    unexpected_field,
)
from mockiis.profile.memory import Memory
from mockiis.profile.place import Place
from mockiis.profile.predicate import HasCode, Test, compiled, looked_at
from mockiis.profile.primitives import Check
from mockiis.profile.scene import Fault, Order, Scene, fault_at
from mockiis.profile.specification import Default, FieldSpec, Standard, Usage, UsageCode
from mockiis.profile.statements import Compiled
from mockiis.profile.tolerances import Tolerant, tolerant

Found = tuple[Fault, bool]
"""A fault, and whether a required field is lost by it."""


@dataclass(slots=True, kw_only=True)
class FieldRule:
    """One field of one profile, ready to be checked. ``statements`` are those that look at nothing but its text.

    ``repeats``: its texts are few, and part of the segment's shape. ``decided_by`` are the fields of the segment that
    decide how it is used; None where another segment has a say. ``fine`` holds texts that need no further look,
    whatever else is in the message.
    """

    number: int
    usage: Usage
    condition: Test | None
    judge: Callable[[str], Sequence[Flaw]]
    repeats: bool
    remembers: bool
    decided_by: frozenset[int] | None
    missing: tuple[Flaw, ...]
    unexpected: tuple[Flaw, ...]
    statements: Sequence[Compiled]
    watched: bool
    fine: Memory[bool] = field(default_factory=Memory)
    memory: Memory[Sequence[Flaw]] = field(default_factory=Memory)
    used_as: dict[str, FieldRule] = field(default_factory=dict)

    def fixed(self, segment: Segment, order: Order | None, scene: Scene) -> FieldRule:
        """The rule for segments where whatever decides how the field is used is as it is here."""
        if self.usage.when_false is None:
            return self
        code = self.used(segment, order, scene)
        if code not in self.used_as:
            self.used_as[code] = replace(
                self,
                usage=replace(self.usage, when_true=code, when_false=None),
                unexpected=self.unexpected if code == "X" else (),
                watched=code == "R",
                fine=Memory(),
            )
        return self.used_as[code]

    def check(self, text: str, segment: Segment, order: Order | None, scene: Scene) -> Sequence[Found]:
        """What is missing, or wrong with the text; it may be empty."""
        if not text and not self.watched:
            self.fine.keep(text, True)
            return ()
        valued = bool(text) and text != NULL
        flaws = self._flaws(text) if valued else ()
        if valued and text[0] not in _MARKS and not (flaws or self.unexpected or self.statements):
            if self.remembers:
                self.fine.keep(text, True)
            return ()
        found: list[Found] = []
        if self.watched and not (valued and text.strip(_MARKS)) and self.used(segment, order, scene) == "R":
            found += [(fault_at(segment, self.number, flaw), flaw.breaks) for flaw in self.missing]
        if valued:
            found += self._valued(text, flaws, segment, order, scene)
            if self.remembers and not (found or self.unexpected) and text.strip(_MARKS):
                self.fine.keep(text, True)
        return found

    def _valued(
        self, text: str, flaws: Sequence[Flaw], segment: Segment, order: Order | None, scene: Scene
    ) -> list[Found]:
        """The flaws of a field that is valued: a forbidden one has only that; and what statements say of it.

        Each repetition stands for itself: a bad one is lost, and the field only when all of them are.
        """
        found: list[Found] = []
        if flaws or self.unexpected:
            usage = self.used(segment, order, scene)
            if usage == "X":
                flaws = [replace(flaw, found=shown(STANDARD.unescape(text))) for flaw in self.unexpected]
            bad = {flaw.repetition or 1 for flaw in flaws if flaw.breaks}
            lost = usage == "R" and len(bad) > text.count("~")
            found = [(fault_at(segment, self.number, flaw), lost and flaw.breaks) for flaw in flaws]
        for statement in self.statements:
            broken = statement.check(segment, order, scene)
            if broken:
                required = self.used(segment, order, scene) == "R"
                found += [(fault, required) for fault in statement.faults(broken)]
        return found

    def _flaws(self, text: str) -> Sequence[Flaw]:
        if not self.remembers:
            return self.judge(text)
        known = self.memory.get(text)
        return self.memory.keep(text, self.judge(text)) if known is None else known

    def used(self, segment: Segment, order: Order | None, scene: Scene) -> UsageCode:
        """The usage that holds here: R, RE, O or X."""
        if self.usage.when_false is None:
            return self.usage.when_true
        holds = self.condition is None or self.condition(segment, order, scene)
        return self.usage.when_true if holds else self.usage.when_false


class FieldCompiler:
    """Makes the rules of segments from a standard's data."""

    def __init__(self, standard: Standard, has_code: HasCode, defaults: Mapping[Place, Default]) -> None:
        self._standard, self._has_code, self._defaults = standard, has_code, defaults
        self.types = Types(standard, has_code)

    def fields(self, segment_id: str, profile: str, statements: Sequence[Compiled]) -> list[FieldRule]:
        """The fields of a segment in a profile: those of the base standard, with what the guide says of them."""
        base = base_fields().get(segment_id, {})
        said: dict[int, list[Compiled]] = {}
        for statement in statements:
            if statement.by_text is not None:
                said.setdefault(statement.by_text, []).append(statement)
        rules = []
        for number in sorted({*self._standard.segments.get(segment_id, {}), *base}):
            kind, most = base.get(number, ("varies", None))
            spec = self.spec(segment_id, number, kind)
            rules.append(self._field(number, spec, most, profile, said.get(number, ())))
        return rules

    def _field(
        self,
        number: int,
        spec: FieldSpec,
        most: int | None,
        profile: str,
        statements: Sequence[Compiled],
    ) -> FieldRule:
        usage = spec.usage(profile)
        tolerate = self.tolerant(spec, profile)
        codes, place = (usage.when_true, usage.when_false), (spec.segment, number)
        kind = base_name(spec.type)
        return FieldRule(
            number=number,
            usage=usage,
            condition=compiled(usage.condition, self._has_code, self._defaults),
            judge=self._judge(spec, usage, usage.maximum if profile in spec.usages else most, profile, tolerate),
            repeats=(kind in CODED and place not in _UNIQUE | _COUNTED) or place in _OBSERVED,
            remembers=(kind in _REPEATED and place not in _UNIQUE) or place in _REPEATED_FIELDS,
            decided_by=looked_at(usage.condition, spec.segment, self._defaults),
            missing=tolerate([replace(missing_field(), statement=spec.statement)], ""),
            unexpected=tolerate([replace(unexpected_field(), statement=spec.statement)], "") if "X" in codes else (),
            statements=statements,
            watched="R" in codes,
        )

    def _judge(
        self, spec: FieldSpec, usage: Usage, maximum: int | None, profile: str, tolerate: Tolerant
    ) -> Callable[[str], Sequence[Flaw]]:
        """An optional field is held to the base standard only, as NIST does."""
        optional = usage.when_true == "O" and usage.when_false is None
        first = self._repetition(spec, self.types.check(spec.type, constrained=not optional), profile)
        later = self._repetition(spec, self.types.check(spec.later_type), profile) if spec.later_type else first

        def judge(text: str) -> Sequence[Flaw]:
            if "~" not in text:
                found = first(text)
                return tolerate(found, text) if found else ()
            count = text.count("~") + 1
            flaws: list[Flaw] = []
            for number, value in enumerate(text.split("~", MOST)[:MOST], 1):
                if value and value != NULL:
                    kept = tolerate((first if number == 1 else later)(value), value)
                    flaws += kept if number == 1 else [replace(flaw, repetition=number) for flaw in kept]
            if maximum is not None and count > max(maximum, 1):
                flaws += tolerate([too_many(count, maximum)], text)
            return tuple(flaws)

        return judge

    def _repetition(self, spec: FieldSpec, check: Check | None, profile: str) -> Check:
        """The check of one repetition: its data type, its length, and the tables and systems of the field."""
        tables = spec.tables_in(profile)
        coded = base_name(spec.type) in ("CE", "CWE")
        bound = bool(tables or spec.systems)
        if check is not None and spec.length is None and not bound:
            return check

        def judge(value: str) -> Sequence[Flaw]:
            flaws = list(check(value)) if check is not None else []
            if coded and spec.systems:  # what the field asks of its coding system says more than table 0396 does
                flaws = [flaw for flaw in flaws if (flaw.kind, flaw.component) != ("table", 3)]
            if spec.length is not None and len(value) > spec.length:
                flaws.append(too_long(value, spec.length))
            if bound:
                flaws += self._coded(value, spec, tables) if coded else self._plain(value, tables)
            return flaws

        return judge

    def _plain(self, value: str, tables: Sequence[str]) -> list[Flaw]:
        code = STANDARD.unescape(value.partition("^")[0])
        return self._in_tables(code, tables, None)

    def _in_tables(self, code: str, tables: Sequence[str], component: int | None) -> list[Flaw]:
        if not tables or any(self._has_code(table, code) for table in tables):
            return []
        return [not_in_table(" or ".join(tables), code, component)]

    def _coded(self, value: str, spec: FieldSpec, tables: Sequence[str]) -> list[Flaw]:
        parts = value.split("^", 5)
        code = STANDARD.unescape(parts[0])
        system = parts[2] if len(parts) > 2 else ""
        flaws = self._in_tables(code, tables, 1) if code else []
        if code and system and spec.systems and system not in spec.systems:
            flaws.append(other_system(system, spec.systems))
        return flaws

    def has_code(self, table: str, code: str) -> bool:
        """Whether a value set has a code."""
        return self._has_code(table, code)

    def tolerant(self, spec: FieldSpec, profile: str) -> Tolerant:
        """What puts the severities of the standard's tolerances on flaws of a field."""
        return tolerant(self._standard, self.types, self._has_code, spec, profile)

    def spec(self, segment_id: str, number: int, kind: str = "varies") -> FieldSpec:
        """What the standard says of a field, or that it is of this data type and no more."""
        known = self._standard.segments.get(segment_id, {}).get(number)
        return known or FieldSpec(segment=segment_id, number=number, type=kind)


_MARKS = "^~&"
_UNIQUE = frozenset({("MSH", 7), ("ORC", 2), ("ORC", 3)})
"""Fields of such a type whose values hardly ever repeat."""
_COUNTED = frozenset({("OBX", 1)})
"""Fields whose few values go with any value of the others."""
_OBSERVED = frozenset({("OBX", 4), ("OBX", 5)})
"""Fields of other types whose values do repeat: numbers of observations, and their values."""
_REPEATED_FIELDS = _OBSERVED | {("RXA", 15)}
"""Those and lots, which are many."""
_REPEATED = CODED | {"TS", "DT", "XCN", "XON", "LA2"}
"""Codes, dates, and who gave, ordered and recorded: few people and places for many patients."""
