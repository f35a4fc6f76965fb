"""Fields, compiled: for each segment of a profile, what every field must hold, checked in one pass over its text.

What was found in a value is remembered for fields whose values repeat (codes, systems, numbers of OBX), so that the
same code costs a dictionary look-up the next time. Names, dates and identifiers are not remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from mockiis.er7 import NULL, STANDARD, Location, Segment
from mockiis.profile import datatypes
from mockiis.profile.datatypes import Check, Types, base_fields, base_name
from mockiis.profile.flaw import Flaw, shown
from mockiis.profile.place import Place
from mockiis.profile.predicate import Test
from mockiis.profile.scene import Order, Scene
from mockiis.profile.standard import FieldSpec, Standard, Tolerance, Usage

Found = tuple[Location, Flaw, bool]
"""Where, what, and whether the field is required there."""
HasCode = Callable[[str, str], bool]
Compile = Callable[[Usage], Test | None]

REMEMBERED = 2048
"""Values of one field whose flaws are kept; when there are more, all are forgotten."""
_CODED = frozenset({"CE", "CWE", "ID", "IS", "HD", "PT", "VID", "MSG", "SI", "EI"})


@dataclass(slots=True, kw_only=True)
class FieldRule:
    """One field of one profile, ready to be checked."""

    number: int
    usage: Usage
    condition: Test | None
    judge: Callable[[str], Sequence[Flaw]]
    remembers: bool
    missing: tuple[Flaw, ...]
    unexpected: tuple[Flaw, ...]
    memory: dict[str, Sequence[Flaw]] = field(default_factory=dict)

    def flaws(self, text: str) -> Sequence[Flaw]:
        """What is wrong with the text of the field, which is not empty."""
        if not self.remembers:
            return self.judge(text)
        known = self.memory.get(text)
        if known is None:
            if len(self.memory) >= REMEMBERED:
                self.memory.clear()
            known = self.memory[text] = self.judge(text)
        return known

    def valued(
        self, text: str, segment: Segment, order: Order | None, scene: Scene
    ) -> Iterator[tuple[int, Flaw, bool]]:
        """The flaws of a field that is valued: a forbidden one has only that.

        Each repetition stands for itself: a bad one is lost, and the field only when all of them are.
        """
        flaws = self.flaws(text)
        if not flaws and not self.unexpected:
            return
        usage = self.used(segment, order, scene)
        if usage == "X":
            flaws = [replace(flaw, found=shown(STANDARD.unescape(text))) for flaw in self.unexpected]
        broken = {flaw.repetition or 1 for flaw in flaws if flaw.breaks}
        lost = usage == "R" and len(broken) > text.count("~")
        for flaw in flaws:
            yield self.number, flaw, lost

    def used(self, segment: Segment, order: Order | None, scene: Scene) -> str:
        """The usage that holds here: R, RE, O or X."""
        if self.usage.when_false is None:
            return self.usage.when_true
        holds = self.condition is None or self.condition(segment, order, scene)
        return self.usage.when_true if holds else self.usage.when_false


class SegmentRules:
    """All fields of one segment in one profile."""

    def __init__(self, rules: Sequence[FieldRule]) -> None:
        self._by_number = {rule.number: rule for rule in rules}
        self._watched = tuple(rule for rule in rules if rule.usage.when_true == "R" or rule.usage.when_false)

    def check(self, segment: Segment, order: Order | None, scene: Scene) -> Iterator[tuple[int, Flaw, bool]]:
        """Field number, flaw, and whether the field is required there: first what is missing, then what is wrong."""
        fields = segment.fields
        count = len(fields)
        for rule in self._watched:
            text = fields[rule.number] if rule.number < count else ""
            empty = not text or text == NULL or not text.strip("^~&")
            if empty and not _delimiter(segment, rule.number) and rule.used(segment, order, scene) == "R":
                for flaw in rule.missing:
                    yield rule.number, flaw, True
        for number in range(3 if segment.id == "MSH" else 1, count):
            text = fields[number]
            known = self._by_number.get(number) if text and text != NULL else None
            if known is not None:
                yield from known.valued(text, segment, order, scene)


    def requires(self, number: int, segment: Segment, order: Order | None, scene: Scene) -> bool:
        """Whether a field may not be empty here."""
        rule = self._by_number.get(number)
        return rule is not None and rule.used(segment, order, scene) == "R"


def _delimiter(segment: Segment, number: int) -> bool:
    return segment.id == "MSH" and number <= 2


class FieldCompiler:
    """Makes the rules of segments from a standard's data."""

    def __init__(self, standard: Standard, has_code: HasCode, compile_usage: Compile) -> None:
        self._standard = standard
        self._has_code = has_code
        self._compile = compile_usage
        self.types = Types(standard, has_code)

    def segment(self, segment_id: str, profile: str) -> SegmentRules:
        """The rules of a segment in a profile: the base standard's fields with what the guide says of them."""
        specs = self._standard.segments.get(segment_id, {})
        base = base_fields().get(segment_id, {})
        numbers = sorted({*specs, *base})
        return SegmentRules([self._field(segment_id, n, specs.get(n), base.get(n), profile) for n in numbers])

    def _field(
        self, segment_id: str, number: int, spec: FieldSpec | None, base: tuple[str, int | None] | None, profile: str
    ) -> FieldRule:
        kind, most = base or ("varies", None)
        spec = spec or FieldSpec(segment=segment_id, number=number, type=kind)
        usage = spec.usage(profile)
        maximum = usage.maximum if profile in spec.usages else most
        tolerances = self._tolerances(spec, profile)
        judge = self._judge(spec, maximum, spec.tables_in(profile), tolerances)
        return FieldRule(
            number=number,
            usage=usage,
            condition=self._compile(usage),
            judge=judge,
            remembers=base_name(spec.type) in _CODED and (segment_id, number) not in _UNIQUE,
            missing=_tolerated([_missing()], "", spec, tolerances),
            unexpected=_tolerated([_unexpected()], "", spec, tolerances) if "X" in _codes(usage) else (),
        )

    def _judge(
        self, spec: FieldSpec, maximum: int | None, tables: Sequence[str], tolerances: Sequence[_Pardon]
    ) -> Callable[[str], Sequence[Flaw]]:
        first = self.types.check(spec.type)
        later = self.types.check(spec.later_type) if spec.later_type else first
        coded = base_name(spec.type) in ("CE", "CWE")

        def judge(text: str) -> Sequence[Flaw]:
            repetitions = text.split("~") if "~" in text else [text]
            flaws: list[Flaw] = []
            for number, value in enumerate(repetitions, 1):
                if not value or value == NULL:
                    continue
                found = self._repetition(value, first if number == 1 else later, spec, tables, coded=coded)
                if found:
                    kept = _tolerated(found, value, spec, tolerances)
                    flaws += kept if number == 1 else [replace(flaw, repetition=number) for flaw in kept]
            if maximum is not None and len(repetitions) > max(maximum, 1):
                flaws += _tolerated([_too_many(len(repetitions), maximum)], text, spec, tolerances)
            return tuple(flaws)

        return judge

    def _repetition(
        self, value: str, check: Check | None, spec: FieldSpec, tables: Sequence[str], *, coded: bool
    ) -> list[Flaw]:
        flaws = list(check(value)) if check is not None else []
        if coded and spec.systems:  # what the field asks of its coding system says more than table 0396 does
            flaws = [flaw for flaw in flaws if (flaw.kind, flaw.component) != ("table", 3)]
        if spec.length is not None and len(value) > spec.length:
            flaws.append(datatypes.too_long(value, spec.length))
        if tables or spec.systems:
            flaws += self._coded(value, spec, tables) if coded else self._plain(value, tables)
        return flaws

    def _plain(self, value: str, tables: Sequence[str]) -> list[Flaw]:
        code = STANDARD.unescape(value.partition("^")[0])
        return self._in_tables(code, tables, None)

    def _in_tables(self, code: str, tables: Sequence[str], component: int | None) -> list[Flaw]:
        if not tables or any(self._has_code(table, code) for table in tables):
            return []
        return [datatypes.not_in_table(" or ".join(tables), code, component)]

    def _coded(self, value: str, spec: FieldSpec, tables: Sequence[str]) -> list[Flaw]:
        parts = value.split("^", 5)
        code = STANDARD.unescape(parts[0])
        system = parts[2] if len(parts) > 2 else ""
        flaws = self._in_tables(code, tables, 1) if code else []
        if code and system and spec.systems and system not in spec.systems:
            flaws.append(_other_system(system, spec.systems))
        return flaws

    def has_code(self, table: str, code: str) -> bool:
        """Whether a value set has a code."""
        return self._has_code(table, code)

    def tolerant(self, segment_id: str, number: int, profile: str) -> Callable[[Sequence[Flaw], str], Sequence[Flaw]]:
        """What puts the severities of the standard's tolerances on flaws of a field."""
        spec = self._standard.segments.get(segment_id, {}).get(number)
        spec = spec or FieldSpec(segment=segment_id, number=number, type="varies")
        pardons = self._tolerances(spec, profile)
        return lambda flaws, value: _tolerated(flaws, value, spec, pardons)

    def _tolerances(self, spec: FieldSpec, profile: str) -> tuple[_Pardon, ...]:
        """What is let pass at this field, or at components of its data type."""
        found = []
        for tolerance in self._standard.tolerances:
            if tolerance.profiles and profile not in tolerance.profiles:
                continue
            for place in tolerance.at:
                here = place.owner == spec.segment and place.field == spec.number
                if here or (place.in_type and place.owner in (spec.type, base_name(spec.type))):
                    looser = self.types.check(tolerance.type) if tolerance.type else None
                    found.append(_Pardon(tolerance, place, looser, self._has_code))
        return tuple(found)


_UNIQUE = frozenset({("MSH", 7), ("ORC", 2), ("ORC", 3), ("OBX", 5)})
"""Fields of a coded type whose values hardly ever repeat, and OBX-5, which may hold anything."""


@dataclass(frozen=True, slots=True)
class _Pardon:
    """One tolerance at one place, with the check of the looser data type."""

    tolerance: Tolerance
    place: Place
    looser: Check | None
    has_code: HasCode

    def covers(self, flaw: Flaw, value: str) -> bool:
        """Whether the flaw in this value is let pass."""
        tolerance, place = self.tolerance, self.place
        if flaw.kind not in tolerance.kinds:
            return False
        if place.component is not None and flaw.component != place.component:
            return False
        if place.subcomponent is not None and flaw.subcomponent != place.subcomponent:
            return False
        if self.looser is not None and value and self.looser(value):
            return False
        seen = _piece(value, flaw.component)
        if tolerance.values and seen not in tolerance.values:
            return False
        return not tolerance.tables or any(self.has_code(table, seen) for table in tolerance.tables)


def _piece(value: str, component: int | None) -> str:
    pieces = value.split("^")
    number = component or 1
    return STANDARD.unescape(pieces[number - 1]) if number <= len(pieces) else ""


def _tolerated(flaws: Sequence[Flaw], value: str, spec: FieldSpec, pardons: Sequence[_Pardon]) -> tuple[Flaw, ...]:
    """The flaws with the severities that tolerances give them; those that are let pass in silence are gone."""
    kept = []
    for flaw in flaws:
        pardon = next((p for p in pardons if p.covers(flaw, value)), None)
        if pardon is None:
            kept.append(replace(flaw, severity=flaw.severity or spec.severity, source=flaw.source or spec.source))
        elif pardon.tolerance.severity is not None:
            tolerance = pardon.tolerance
            text = tolerance.text or flaw.text
            kept.append(
                replace(
                    flaw,
                    severity=tolerance.severity,
                    breaks=False,
                    text=text,
                    statement=tolerance.id,
                    source=tolerance.source or spec.source,
                )
            )
    return tuple(kept)


def _codes(usage: Usage) -> tuple[str, ...]:
    return (usage.when_true, usage.when_false or "")


def _missing() -> Flaw:
    return Flaw(
        kind="missing",
        code="101",
        text="The field is required and empty.",
        expected="a value",
        found="nothing",
        fix="Send a value.",
    )


def _unexpected() -> Flaw:
    return Flaw(
        kind="unexpected",
        code="999",
        text="The field must not be sent here and is ignored.",
        expected="nothing",
        found="a value",
        fix="Leave it empty.",
        breaks=False,
    )


def _too_many(count: int, maximum: int) -> Flaw:
    return Flaw(
        kind="repeats",
        code="999",
        text=f"The field may have {maximum} repetition(s) only; the rest is ignored.",
        expected=f"at most {maximum}",
        found=f"{count} repetitions",
        fix="Send no more.",
        breaks=False,
    )


def _other_system(system: str, expected: Sequence[str]) -> Flaw:
    names = " or ".join(expected)
    return Flaw(
        kind="system",
        code="103",
        application_code="5",
        text=f"The coding system must be named {names}.",
        expected=names,
        found=shown(system),
        fix=f"Send {names} as the coding system.",
        component=3,
    )
