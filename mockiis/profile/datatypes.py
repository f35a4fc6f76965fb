"""Data types, compiled to checks of one repetition: formats of primitives, components of composites and their usage.

The base types are those of HL7 v2.5.1 (chapter 2A), the constrained ones and the flavors of dates the guide's.
Everything is in the standard encoding characters; ``validator`` sees to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from mockiis.er7 import NULL, STANDARD
from mockiis.profile.data import read
from mockiis.profile.dates import RANK, HL7Time, parse
from mockiis.profile.flaw import Flaw, shown
from mockiis.profile.predicate import HasCode
from mockiis.profile.standard import ComponentSpec, Condition, Format, Standard, Usage
from mockiis.profile.statements import type_statements

Check = Callable[[str], Sequence[Flaw]]
"""Takes the text of a repetition, component or subcomponent that is not empty; gives what is wrong with it."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_SEQUENCE = re.compile(r"\d{1,4}", re.ASCII)
_DATE = Format(base="DT", least="year", most="day", zone="forbidden", shown="YYYY[MM[DD]]")
_TIME = Format(base="DTM", least="year", most="fraction", zone="optional", shown="YYYY[MM[DD[HHMM[SS[.S]]]]][+/-ZZZZ]")


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
        self._checks: dict[str, Check | None] = {}

    def check(self, name: str) -> Check | None:
        """The check of a data type by name (CX, TS_NZ, XPN_M); None where any text will do."""
        if name not in self._checks:
            self._checks[name] = None  # a type inside itself ends here
            self._checks[name] = self._made(name)
        return self._checks[name]

    def _made(self, name: str) -> Check | None:
        flavor = self._standard.formats.get(name)
        if flavor is not None and flavor.base != "TS":
            return _dated(flavor)
        base = flavor.base if flavor is not None else base_name(name)
        if base in _PRIMITIVES:
            return _PRIMITIVES[base]
        parts = base_types().get(base)
        if parts is None:
            return None
        specs = self._standard.types.get(name) or self._standard.types.get(base) or {}
        if base == "TS":
            return _time(_dated(flavor or _TIME), specs.get(2))
        ready = [self._part(n, kind, specs.get(n)) for n, kind in parts.items()]
        asked = [type_statements(self._standard, owner, self._has_code) for owner in dict.fromkeys((name, base))]
        return _composite(base, ready, [check for check in asked if check is not None])

    def _part(self, number: int, kind: str, spec: ComponentSpec | None) -> _Part:
        check = self.check(spec.type if spec and spec.type else kind)
        usage = spec.usage if spec else Usage(when_true="O")
        table = self._standard.tables.get(spec.table) if spec and spec.table else None
        return _Part(
            number=number,
            usage=usage,
            check=check,
            plain=kind not in base_types(),
            table=spec.table if spec else "",
            has=table.has if table else None,
            length=spec.length if spec else None,
        )


def base_name(name: str) -> str:
    """The data type on the wire: XPN for XPN_M, TS for TS_NZ."""
    return name if name in base_types() else name.partition("_")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One component, ready to be checked."""

    number: int
    usage: Usage
    check: Check | None
    plain: bool
    table: str
    has: Callable[[str], bool] | None
    length: int | None


def _composite(name: str, parts: list[_Part], asked: list[Callable[[Sequence[str]], list[Flaw]]]) -> Check:
    by_number = {part.number: part for part in parts}
    required = tuple(p.number for p in parts if p.usage.when_true == "R" and p.usage.when_false is None)
    conditional = tuple(part for part in parts if part.usage.when_false is not None)

    def check(text: str) -> Sequence[Flaw]:
        values = text.split("^")
        count = len(values)
        flaws = [_missing(name, n) for n in required if n > count or not values[n - 1]]
        for part in conditional:
            _conditional(name, part, values, flaws)
        for number, value in enumerate(values, 1):
            if value and (known := by_number.get(number)) is not None:
                _component(name, known, value, flaws)
        for statements in asked:
            flaws += statements(values)
        return flaws

    return check


def _conditional(name: str, part: _Part, values: Sequence[str], flaws: list[Flaw]) -> None:
    usage = part.usage
    now = usage.when_true if all(_holds(term, values) for term in usage.condition) else usage.when_false
    valued = part.number <= len(values) and values[part.number - 1] != ""
    if now == "R" and not valued:
        flaws.append(_missing(name, part.number))
    elif now == "X" and valued:
        flaws.append(_unexpected(name, part.number, values[part.number - 1]))


def _holds(condition: Condition, values: Sequence[str]) -> bool:
    number, inner = condition.place.component or 1, condition.place.subcomponent
    value = values[number - 1] if number <= len(values) else ""
    if inner is not None:
        pieces = value.split("&")
        value = pieces[inner - 1] if inner <= len(pieces) else ""
    match condition.test:
        case "in":
            return value in condition.values
        case "not in":
            return value not in condition.values
        case "empty":
            return value == ""
        case _:
            return value != ""


def _component(name: str, part: _Part, value: str, flaws: list[Flaw]) -> None:
    if part.usage.when_true == "X" and part.usage.when_false is None:
        flaws.append(_unexpected(name, part.number, value))
        return
    if value == NULL:
        return
    if part.plain and "&" in value:
        flaws.append(_flaw("type", "102", "subcomponents", f"one value in {name}.{part.number}", value, part.number))
    elif part.check is not None:
        inner = value if part.plain else value.replace("&", "^")
        flaws.extend(_inside(part, flaw) for flaw in part.check(inner))
    if part.length is not None and len(value) > part.length:
        flaws.append(_too_long(value, part.length, part.number))
    code = value.partition("&")[0]
    if part.has is not None and not part.has(STANDARD.unescape(code)):
        flaws.append(_not_in_table(part.table, code, part.number))


def _inside(part: _Part, flaw: Flaw) -> Flaw:
    if part.plain:
        return replace(flaw, component=part.number)
    return replace(flaw, component=part.number, subcomponent=flaw.component)


def _missing(name: str, number: int) -> Flaw:
    return Flaw(
        kind="missing",
        code="101",
        text=f"The component {name}.{number} is required and empty.",
        expected="a value",
        found="nothing",
        fix="Send a value.",
        component=number,
    )


def _unexpected(name: str, number: int, value: str) -> Flaw:
    return Flaw(
        kind="unexpected",
        code="999",
        text=f"The component {name}.{number} must not be sent here and is ignored.",
        expected="nothing",
        found=shown(value),
        fix="Leave it empty.",
        component=number,
        breaks=False,
    )


def _not_in_table(table: str, value: str, number: int | None = None) -> Flaw:
    return Flaw(
        kind="table",
        code="103",
        application_code="5",
        text=f"The code is not in table {table}.",
        expected=f"a code of table {table}",
        found=shown(value),
        fix=f"Send a code of table {table}.",
        component=number,
    )


def _too_long(value: str, length: int, number: int | None = None) -> Flaw:
    return Flaw(
        kind="length",
        code="102",
        text=f"The value is longer than {length} characters.",
        expected=f"at most {length} characters",
        found=f"{len(value)} characters",
        fix="Shorten it.",
        component=number,
    )


def _flaw(
    kind: str, code: str, what: str, expected: str, value: str, number: int | None = None, application: str = "4"
) -> Flaw:
    return Flaw(
        kind=kind,
        code=code,
        application_code=application,
        text=f"Found {what} where {expected} is expected.",
        expected=expected,
        found=shown(value),
        fix=f"Send {expected}.",
        component=number,
    )


def too_long(value: str, length: int) -> Flaw:
    """The flaw of a field that is longer than the guide allows."""
    return _too_long(value, length)


def not_in_table(table: str, value: str, number: int | None = None) -> Flaw:
    """The flaw of a code that its table does not have."""
    return _not_in_table(table, value, number)


# Primitives.


def _dated(form: Format) -> Check:
    expected = f"a date or time as {form.shown}" if form.most != "day" else f"a date as {form.shown}"
    least, most = RANK[form.least], RANK[form.most]

    def check(text: str) -> Sequence[Flaw]:
        time = parse(text)
        if time is None:
            return (_flaw("type", "102", "no such date or time", expected, text, application="2"),)
        if not least <= RANK[time.precision] <= most or not _zone_fits(form, time):
            return (_flaw("type", "102", "another precision or form", expected, text, application="2"),)
        return ()

    return check


def _time(dated: Check, precision: ComponentSpec | None) -> Check:
    """TS: its time stands for the whole field, as people write QPD-6; the degree of precision is out of use."""
    forbidden = precision is not None and precision.usage.when_true == "X"

    def check(text: str) -> Sequence[Flaw]:
        value, _, rest = text.partition("^")
        if not rest:
            return dated(value)
        flaws = [*dated(value)] if value else [_missing("TS", 1)]
        return [*flaws, _unexpected("TS", 2, rest)] if forbidden else flaws

    return check


def _zone_fits(form: Format, time: HL7Time) -> bool:
    if form.zone == "required":
        return time.zone is not None
    return form.zone == "optional" or time.zone is None


def _shaped(pattern: re.Pattern[str], expected: str) -> Check:
    def check(text: str) -> Sequence[Flaw]:
        return () if pattern.fullmatch(text) else (_flaw("type", "102", "another form", expected, text),)

    return check


def _undivided(text: str) -> Sequence[Flaw]:
    if "^" not in text:
        return ()
    return (_flaw("type", "102", "components", "one value without components", text),)


_PRIMITIVES: dict[str, Check | None] = {
    "DT": _dated(_DATE),
    "DTM": _dated(_TIME),
    "NM": _shaped(_NUMBER, "a number"),
    "SI": _shaped(_SEQUENCE, "a whole number of at most four digits"),
    **dict.fromkeys(("ID", "IS", "ST", "TM", "GTS"), _undivided),
    **dict.fromkeys(("TX", "FT", "varies", "NUL"), None),
}
