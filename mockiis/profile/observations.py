"""OBX by its LOINC code: what OBX-2 and OBX-5 must be (CDC guide 1.5, table NIP003 and its co-constraints)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mockiis.er7 import NULL, STANDARD, Segment
from mockiis.profile.fields import FieldCompiler, Found
from mockiis.profile.flaw import MOST, Flaw, shown
from mockiis.profile.scene import fault_at
from mockiis.profile.specification import ObservationSpec, Standard


class Observations:
    """The co-constraints of identifiers in one profile, ready to be checked. They look at OBX-2, 3 and 5 only."""

    def __init__(self, standard: Standard, fields: FieldCompiler, profile: str) -> None:
        self._specs = standard.observations
        self._types = fields.types
        self._has_code = fields.has_code
        self._tolerant = {number: fields.tolerant(fields.spec("OBX", number), profile) for number in (2, 5)}

    def check(self, segment: Segment) -> list[Found]:
        """What is wrong with the value of this OBX, considering its identifier."""
        value_type = segment.raw(2) if segment.raw(2).strip("^~&") else ""
        judged = self._judged(value_type, segment.get(3, 1), segment.raw(5))
        return [(fault_at(segment, number, flaw), flaw.breaks) for number, flaw in judged]

    def _judged(self, value_type: str, code: str, text: str) -> Iterator[tuple[int, Flaw]]:
        spec = self._specs.get(code)
        if spec is not None and value_type and value_type not in spec.types:
            for flaw in self._tolerant[2]([_other_type(value_type, spec)], value_type):
                yield 2, flaw
        refined = spec.format if spec is not None and spec.format and value_type == spec.types[0] else value_type
        check = self._types.check(refined) if refined else None
        for number, value in enumerate(text.split("~", MOST)[:MOST], 1):
            if not value or value == NULL:
                continue
            flaws = list(check(value)) if check is not None else []
            if spec is not None:
                flaws += self._coded(value, spec)
            for flaw in self._tolerant[5](flaws, value):
                yield 5, flaw if number == 1 else replace(flaw, repetition=number)

    def _coded(self, value: str, spec: ObservationSpec) -> Iterator[Flaw]:
        parts = [STANDARD.unescape(part) for part in value.split("^", 3)]
        code, system = parts[0], parts[2] if len(parts) > 2 else ""
        if spec.tables and code and not any(self._has_code(table, code) for table in spec.tables):
            yield _flaw("table", code, f"a code of table {' or '.join(spec.tables)}", 1, spec)
        if spec.systems and system and system not in spec.systems:
            yield _flaw("system", system, " or ".join(spec.systems), 3, spec)


def _other_type(value_type: str, spec: ObservationSpec) -> Flaw:
    names = " or ".join(spec.types)
    return Flaw(
        kind="observation",
        code="102",
        application_code="4",
        text=f"The value type of {spec.code} ({spec.name}) must be {names}.",
        expected=names,
        found=shown(value_type),
        fix=f"Send {names} in OBX-2.",
        severity=spec.severity,
        statement=spec.statement,
        source=spec.source,
    )


def _flaw(kind: str, found: str, expected: str, component: int, spec: ObservationSpec) -> Flaw:
    return Flaw(
        kind=kind,
        code="103",
        application_code="5",
        text=f"The value of {spec.code} ({spec.name}) is not as its identifier asks.",
        expected=expected,
        found=shown(found),
        fix=f"Send {expected}.",
        component=component,
        severity=spec.severity,
        statement=spec.statement,
        source=spec.source,
    )
