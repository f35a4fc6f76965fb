"""Entries of the data files, as plain dicts -> the values of ``specification``.

What stands in the shipped files is right (a test reads them all); of a user's file ``extension`` has checked it before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from mockiis.profile.place import Place
from mockiis.profile.specification import (
    OPTIONAL,
    Code,
    ComponentSpec,
    Condition,
    Default,
    FieldSpec,
    Format,
    GroupItem,
    Kind,
    MessageProfile,
    Must,
    ObservationSpec,
    Predicate,
    SegmentItem,
    Statement,
    Table,
    Tolerance,
    Usage,
    UsageCode,
)

Entry = Mapping[str, Any]

_CODE = "(RE|R|O|X)"
USAGE = re.compile(rf"(?:{_CODE}|C\({_CODE}/{_CODE}\))(?:\[([0-9]+)\.\.([0-9]+|\*)\])?")
"""R, RE[0..1], C(R/X)[0..*]."""
MUST_ALONE = ("empty", "valued", "present", "positive", "oid")
"""What a statement may ask without a value."""
MUST_OF = (
    *("equals", "in", "not_in", "table", "not_table", "same_as", "some_repetition", "sequential", "observation"),
    *("matches", "check"),
)
"""What it may ask with one, or with several."""
OPERATORS = ("not", "valued", "table", "not_table")
"""What a condition may say instead of a value or a list of them."""
_KINDS = {"not_table": "not_in_table"}
"""The words of the files where they are not those of ``Must``."""


def usage(text: str, condition: Entry | None = None) -> Usage:
    """Read ``C(R/X)[0..*]``; without cardinality R is [1..1], X [0..0], O any number and the others [0..1]."""
    match = USAGE.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is no usage; write one such as R, RE[0..*], X or C(R/O)[0..1]")
    plain, when_true, when_false, least, most = match.groups()
    if plain == "O" and least is None:
        return OPTIONAL
    default = {"R": (1, 1), "X": (0, 0)}.get(plain, (0, 1))
    return Usage(
        when_true=cast("UsageCode", plain or when_true),
        when_false=cast("UsageCode | None", when_false),
        condition=predicate(condition["when"]) if condition and when_false else (),
        minimum=default[0] if least is None else int(least),
        maximum=default[1] if most is None else None if most == "*" else int(most),
    )


def predicate(entry: Entry) -> Predicate:
    """Read a mapping of places: a value, a list, ``not``, ``valued``, ``table`` or ``not_table``."""
    return tuple(_condition(Place.parse(place), wanted) for place, wanted in entry.items())


def _condition(place: Place, wanted: Any) -> Condition:
    if not isinstance(wanted, dict):
        return Condition(place=place, test="in", values=frozenset(words(wanted)))
    ((operator, value),) = wanted.items()
    if operator == "valued":
        return Condition(place=place, test="valued" if value == "true" else "empty")
    test = {"not": "not in", "table": "table", "not_table": "not in table"}[operator]
    return Condition(place=place, test=cast("Any", test), values=frozenset(words(value)))


def words(value: str | list[str] | None) -> tuple[str, ...]:
    """One text or a list of them; nothing is none."""
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def by_profile(value: Any, profiles: Iterable[str]) -> dict[str, Any]:
    """What holds in each profile: the same in all, or ``{Z22 Z32: ..., Z42: ...}``."""
    if not isinstance(value, dict):
        return dict.fromkeys(profiles, value)
    return {name: said for names, said in value.items() for name in names.split()}


def field(base: FieldSpec, entry: Entry, profiles: Iterable[str]) -> FieldSpec:
    """The field with what the entry says about it, in these profiles."""
    usages, tables = dict(base.usages), dict(base.tables)
    if "usage" in entry:
        said = by_profile(entry["usage"], profiles)
        made = {text: usage(text, entry.get("condition")) for text in dict.fromkeys(said.values())}
        usages |= {name: made[text] for name, text in said.items()}
        usages = {name: one for name, one in usages.items() if one is not OPTIONAL}
    if "values" in entry:
        tables |= {name: words(value) for name, value in by_profile(entry["values"], profiles).items()}
    return replace(
        base,
        type=entry.get("type", base.type),
        usages=usages,
        tables=tables,
        systems=words(entry["system"]) if "system" in entry else base.systems,
        length=_number(entry, "length", base.length),
        later_type=entry.get("later", base.later_type),
        severity=entry.get("severity", base.severity),
        statement=entry.get("statement", base.statement),
        source=entry.get("source", base.source),
    )


def _number(entry: Entry, key: str, otherwise: int | None = None) -> int | None:
    return int(entry[key]) if key in entry else otherwise


def component(number: int, entry: Entry, base: ComponentSpec | None = None) -> ComponentSpec:
    """One component of a data type, or what the entry changes in it."""
    known = base or ComponentSpec(number=number, usage=OPTIONAL)
    return replace(
        known,
        usage=usage(entry["usage"], entry.get("condition")) if "usage" in entry else known.usage,
        type=entry.get("type", known.type),
        table=entry.get("values", known.table),
        length=_number(entry, "length", known.length),
    )


def message_profile(name: str, entry: Entry) -> MessageProfile:
    """One profile of messages.yaml."""
    return MessageProfile(
        id=name,
        title=entry["title"],
        message_types=words(entry["message"]),
        grammar=tuple(map(_item, entry["grammar"])),
        source=entry["source"],
    )


def _item(entry: Entry) -> SegmentItem | GroupItem:
    least, _, most = entry["repeat"].partition("..")
    minimum, maximum = int(least), None if most == "*" else int(most)
    if "segment" in entry:
        return SegmentItem(segment=entry["segment"], usage=entry["usage"], minimum=minimum, maximum=maximum)
    items = tuple(map(_item, entry["of"]))
    return GroupItem(group=entry["group"], usage=entry["usage"], minimum=minimum, maximum=maximum, items=items)


def form(entry: Entry) -> Format:
    """One flavor of a date or time."""
    return Format(**entry)


def must(wanted: Any) -> Must:
    """What a statement asks for: a word, or one word with its values."""
    if isinstance(wanted, str):
        return Must(kind=cast("Any", wanted))
    ((kind, values),) = wanted.items()
    return Must(kind=cast("Any", _KINDS.get(kind, kind)), values=words(values))


def statement(name: str, entry: Entry, base: Statement | None, profiles: Iterable[str]) -> Statement:
    """A statement, or what the entry changes in one."""
    known = base or Statement(
        id=name, profiles=frozenset(profiles), at=Place.parse(entry["at"]), must=must(entry["must"]), text=entry["text"]
    )
    texts = ("text", "severity", "code", "application_code", "fix", "source")
    return replace(
        known,
        profiles=frozenset(entry["profiles"]) if "profiles" in entry else known.profiles,
        at=Place.parse(entry["at"]) if "at" in entry else known.at,
        must=must(entry["must"]) if "must" in entry else known.must,
        when=predicate(entry["when"]) if "when" in entry else known.when,
        **{key: entry[key] for key in texts if key in entry},
    )


def observation(code: str, entry: Entry, base: ObservationSpec | None) -> ObservationSpec:
    """What an OBX of this code holds, or what the entry changes in it."""
    known = base or ObservationSpec(code=code, name=entry["name"], types=words(entry["type"]))
    texts = ("name", "format", "severity", "statement", "source")
    return replace(
        known,
        types=words(entry["type"]) if "type" in entry else known.types,
        tables=words(entry["values"]) if "values" in entry else known.tables,
        systems=words(entry["system"]) if "system" in entry else known.systems,
        **{key: entry[key] for key in texts if key in entry},
    )


def tolerance(name: str, entry: Entry) -> Tolerance:
    """One thing that is let pass."""
    severity = entry["severity"]
    return Tolerance(
        id=name,
        at=tuple(map(Place.parse, words(entry["at"]))),
        kinds=frozenset(cast("tuple[Kind, ...]", words(entry["found"]))),
        severity=None if severity == "off" else severity,
        profiles=frozenset(words(entry.get("profiles"))),
        values=frozenset(words(entry.get("values"))),
        tables=words(entry.get("table")),
        type=entry.get("type", ""),
        text=entry.get("text", ""),
        source=entry.get("source", ""),
    )


def default(place: str, entry: str | Entry) -> Default:
    """What an empty place counts as."""
    if isinstance(entry, str):
        return Default(at=Place.parse(place), value=entry)
    return Default(at=Place.parse(place), value=entry["value"], when=predicate(entry.get("when", {})))


def table(name: str, entry: Entry, base: Table | None = None) -> Table:
    """A table, or one with what the entry adds, changes and (``off``) takes away."""
    known = base or Table(name=name, title="", codes={}, source="")
    system = entry.get("system") or next((code.system for code in known.codes.values()), name)
    codes = dict(known.codes)
    for code, said in entry.get("codes", {}).items():
        if said == "off":
            codes.pop(code, None)
        else:
            codes[code] = _code(code, said, system)
    return replace(
        known,
        codes=codes,
        title=entry.get("title", known.title),
        source=entry.get("source", known.source),
        open=entry["open"] == "true" if "open" in entry else known.open,
        pattern=entry.get("pattern", known.pattern),
    )


def _code(code: str, said: str | Entry, system: str) -> Code:
    if isinstance(said, str):
        return Code(code=code, text=said, system=system)
    return Code(code=code, text=said["text"], system=said.get("system", system))
