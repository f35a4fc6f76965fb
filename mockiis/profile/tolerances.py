"""Tolerances, compiled: which flaws a registry lets pass at a place, in silence or with a severity of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from mockiis.er7 import STANDARD
from mockiis.profile.datatypes import Types, base_name
from mockiis.profile.flaw import Flaw
from mockiis.profile.place import Place
from mockiis.profile.predicate import HasCode
from mockiis.profile.primitives import Check
from mockiis.profile.specification import FieldSpec, Standard, Tolerance

Tolerant = Callable[[Sequence[Flaw], str], tuple[Flaw, ...]]
"""Takes the flaws of a repetition and its text; gives those that stay, with their severities."""


def tolerant(standard: Standard, types: Types, has_code: HasCode, spec: FieldSpec, profile: str) -> Tolerant:
    """What puts the severities of the standard's tolerances on flaws of a field."""
    pardons = tuple(_pardons(standard, types, has_code, spec, profile))
    return lambda flaws, value: _tolerated(flaws, value, spec, pardons)


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


def _pardons(standard: Standard, types: Types, has_code: HasCode, spec: FieldSpec, profile: str) -> Iterator[_Pardon]:
    """What is let pass at this field, or at components of its data type."""
    for tolerance in standard.tolerances:
        if tolerance.profiles and profile not in tolerance.profiles:
            continue
        looser = types.check(tolerance.type) if tolerance.type else None
        for place in tolerance.at:
            here = place.owner == spec.segment and place.field == spec.number
            if here or (place.in_type and place.owner in (spec.type, base_name(spec.type))):
                yield _Pardon(tolerance, place, looser, has_code)


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
