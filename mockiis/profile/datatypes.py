"""Data types, compiled to checks of one repetition: formats of primitives, components of composites and their usage.

The base types are those of HL7 v2.5.1 (chapter 2A), the constrained ones and the flavors of dates the guide's.
Everything is in the standard encoding characters; ``validator`` sees to that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from mockiis.er7 import NULL, STANDARD
from mockiis.profile.data import read
from mockiis.profile.flaw import (
    Flaw,
    ill_formed,
    missing_component,
    not_in_table,
    too_long,
    unexpected_component,
)
from mockiis.profile.memory import Memory
from mockiis.profile.predicate import HasCode
from mockiis.profile.primitives import PRIMITIVES, TIME, Check, dated, time_stamp, undivided
from mockiis.profile.specification import ComponentSpec, Condition, Standard, Usage
from mockiis.profile.type_statements import type_statements

CODED = frozenset({"CE", "CWE", "ID", "IS", "HD", "PT", "VID", "MSG", "SI", "NM", "EI"})
"""Data types whose values repeat from message to message, and are no person's."""


@cache
def base_types() -> Mapping[str, Mapping[int, str]]:
    """Components of the composite types of HL7 v2.5.1: number -> data type."""
    types: dict[str, dict[str, str]] = read("base")["types"]
    return {name: {int(number): kind for number, kind in parts.items()} for name, parts in types.items()}


@cache
def base_fields() -> Mapping[str, Mapping[int, tuple[str, int | None]]]:
    """Fields of the segments of HL7 v2.5.1: number -> data type and the most repetitions (None: any number)."""
    segments: dict[str, dict[str, str]] = read("base")["segments"]
    return {name: {int(n): _field(text) for n, text in fields.items()} for name, fields in segments.items()}


def _field(text: str) -> tuple[str, int | None]:
    kind, _, cardinality = text.partition(" ")
    most = cardinality.partition("..")[2]
    return kind, None if most == "*" else int(most)


class Types:
    """The data types of one standard. A check is built once and used for every field of that type."""

    def __init__(self, standard: Standard, has_code: HasCode) -> None:
        self._standard, self._has_code = standard, has_code
        self._checks: dict[tuple[str, bool], Check | None] = {}
        self._undivided: set[tuple[str, bool]] = set()
        """The composites that take every value without components: the family name of XPN is such an FN."""

    def check(self, name: str, *, constrained: bool = True) -> Check | None:
        """The check of a data type by name (CX, TS_NZ, XPN_M); None where any text will do.

        Not ``constrained``: as HL7 v2.5.1 has the type, without what the guide asks of its components.
        """
        key = _key(name, constrained)
        if key not in self._checks:
            self._checks[key] = None  # a type inside itself ends here
            self._checks[key] = self._made(*key)
        return self._checks[key]

    def _made(self, name: str, constrained: bool) -> Check | None:
        flavor = self._standard.formats.get(name) if constrained else None
        if flavor is not None and flavor.base != "TS":
            return dated(flavor)
        base = flavor.base if flavor is not None else base_name(name)
        if base in PRIMITIVES:
            return PRIMITIVES[base]
        parts = base_types().get(base)
        if parts is None:
            return None
        specs = (self._standard.types.get(name) or self._standard.types.get(base) or {}) if constrained else {}
        if base == "TS":
            return time_stamp(dated(flavor or TIME), specs.get(2))
        ready = [self._part(n, kind, specs.get(n), constrained) for n, kind in sorted(parts.items())]
        owners = dict.fromkeys((name, base)) if constrained else ()
        asked = [check for owner in owners if (check := type_statements(self._standard, owner, self._has_code))]
        first, *others = ready
        needed = any("R" in (part.usage.when_true, part.usage.when_false) for part in others)
        if first.anything and first.usage.when_false is None and not (needed or asked):
            self._undivided.add((name, constrained))
        return _composite(base, ready, asked)

    def _part(self, number: int, kind: str, spec: ComponentSpec | None, constrained: bool) -> _Part:
        name = spec.type if spec and spec.type else kind
        check = self.check(name, constrained=constrained)
        usage = spec.usage if spec else Usage(when_true="O")
        table = self._standard.tables.get(spec.table) if spec and spec.table else None
        return _Part(
            number=number,
            usage=usage,
            check=check,
            plain=kind not in base_types(),
            open=check in (None, undivided) or _key(name, constrained) in self._undivided,
            table=spec.table if spec else "",
            has=table.has if table else None,
            length=spec.length if spec else None,
            fine=Memory() if kind in CODED else Memory(longest=-1),
        )


def _key(name: str, constrained: bool) -> tuple[str, bool]:
    return name if constrained else base_name(name), constrained


def base_name(name: str) -> str:
    """The data type on the wire: XPN for XPN_M, TS for TS_NZ."""
    return name if name in base_types() else name.partition("_")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One component, ready to be checked. ``plain``: its type has no components. ``open``: its type takes every value
    that has none. ``fine`` keeps nothing where values do not repeat, such as those of names.
    """

    number: int
    usage: Usage
    check: Check | None
    plain: bool
    open: bool
    table: str
    has: Callable[[str], bool] | None
    length: int | None
    fine: Memory[bool]

    @property
    def anything(self) -> bool:
        """Whether every value fits that has no subcomponents."""
        forbidden = self.usage.when_true == "X" and self.usage.when_false is None
        bound = self.has is not None or self.length is not None or forbidden
        return self.open and not bound


def _composite(name: str, parts: list[_Part], asked: list[Callable[[Sequence[str]], Sequence[Flaw]]]) -> Check:
    required = tuple(p.number for p in parts if p.usage.when_true == "R" and p.usage.when_false is None)
    conditional = tuple((p.number, _matters(p.usage), _decided(p.usage)) for p in parts if p.usage.when_false)
    everything = tuple((part.number, part.fine, part) for part in parts)
    particular = tuple((part.number, part.fine, part) for part in parts if not part.anything)

    def check(text: str) -> Sequence[Flaw]:
        values = text.split("^")
        count = len(values)
        flaws = [missing_component(name, n) for n in required if n > count or values[n - 1] in _EMPTY]
        for number, matters, decided in conditional:
            valued = number <= count and values[number - 1] not in _EMPTY
            if valued in matters:
                usage = decided(values)
                if valued and usage == "X":
                    flaws.append(unexpected_component(name, number, values[number - 1]))
                elif not valued and usage == "R":
                    flaws.append(missing_component(name, number))
        forbidden = [flaw.component for flaw in flaws if flaw.kind == "unexpected"] if flaws else ()
        for number, fine, part in everything if "&" in text else particular:
            if number > count:
                break
            value = values[number - 1]
            if value and value not in fine and number not in forbidden:
                _component(name, part, value, flaws)
        for statements in asked:
            flaws += statements(values)
        return flaws

    return check


_EMPTY = ("", NULL)
"""To delete what is stored is no value."""


def _matters(usage: Usage) -> tuple[bool, ...]:
    """Whether a condition matters for a component that is valued (True), and for one that is empty (False)."""
    codes = (usage.when_true, usage.when_false)
    return (*((True,) if "X" in codes else ()), *((False,) if "R" in codes else ()))


def _decided(usage: Usage) -> Callable[[Sequence[str]], str | None]:
    """What tells the usage that holds, from the values of all components."""
    terms = [_holding(condition) for condition in usage.condition]

    def decided(values: Sequence[str]) -> str | None:
        for holds in terms:
            if not holds(values):
                return usage.when_false
        return usage.when_true

    return decided


def _holding(condition: Condition) -> Callable[[Sequence[str]], bool]:
    """Whether a condition holds, which is about one of a few values, or about being empty."""
    index, inner = (condition.place.component or 1) - 1, condition.place.subcomponent
    wanted = condition.values if condition.test in ("in", "not in") else frozenset({""})
    is_one = condition.test in ("in", "empty")

    def holds(values: Sequence[str]) -> bool:
        value = values[index] if index < len(values) else ""
        if inner is not None:
            pieces = value.split("&")
            value = pieces[inner - 1] if inner <= len(pieces) else ""
        return (("" if value == NULL else value) in wanted) == is_one

    return holds


def _component(name: str, part: _Part, value: str, flaws: list[Flaw]) -> None:
    if part.usage.when_true == "X" and part.usage.when_false is None:
        flaws.append(unexpected_component(name, part.number, value))
        return
    if value == NULL:
        return
    before = len(flaws)
    if part.plain and "&" in value:
        flaws.append(ill_formed("subcomponents", f"one value in {name}.{part.number}", value, part.number))
    elif part.check is not None:
        inner = value if part.plain else value.replace("&", "^")
        flaws.extend(_inside(part, flaw) for flaw in part.check(inner))
    if part.length is not None and len(value) > part.length:
        flaws.append(too_long(value, part.length, part.number))
    code = value.partition("&")[0]
    if part.has is not None and not part.has(STANDARD.unescape(code)):
        flaws.append(not_in_table(part.table, code, part.number))
    if len(flaws) == before:
        part.fine.keep(value, True)


def _inside(part: _Part, flaw: Flaw) -> Flaw:
    if part.plain:
        return replace(flaw, component=part.number)
    return replace(flaw, component=part.number, subcomponent=flaw.component)
