"""The shipped standards, ``cdc`` and ``ndiis``, made from ``data/``, and what a file that extends one makes of it.

The values and a summary of them are in ``specification``; ``extension`` reads a user's own file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from mockiis.profile import entries
from mockiis.profile.data import read
from mockiis.profile.entries import Entry
from mockiis.profile.place import Place
from mockiis.profile.specification import (
    Code,
    ComponentSpec,
    FieldSpec,
    ObservationSpec,
    Standard,
    Statement,
    Table,
)

SHIPPED = ("ndiis", "cdc")
SEGMENTS = (
    *("MSH", "PID", "PD1", "NK1", "PV1", "PV2", "GT1", "IN1", "IN2", "IN3", "ORC", "TQ1", "TQ2", "RXA", "RXR", "OBX"),
    *("NTE", "MSA", "ERR", "QAK", "QPD", "RCP", "SFT"),
)
"""The segments of the profiles; each has a file in ``data/cdc/segments``."""
CODE_SETS = ("CVX", "MVX", "NDC", "VIS")
"""What a field may bind besides the tables: code sets with files of their own (``data/codes``)."""
_TABLES = ("hl7", "hl7_optional", "cdc")
T = TypeVar("T")


@cache
def shipped(name: str = "ndiis") -> Standard:
    """A standard that comes with the package."""
    if name == "cdc":
        return _cdc()
    base = replace(shipped("cdc"), rules=_shipped_rules({"cdc", name}))
    return extended(base, read(name), name)


def _shipped_rules(standards: set[str]) -> dict[str, Mapping[str, Any]]:
    """The rules that are part of one of these standards, or of all."""
    return {rule["id"]: rule for rule in read("rules") if standards.intersection(rule.get("standards", standards))}


def _cdc() -> Standard:
    profiles = {name: entries.message_profile(name, entry) for name, entry in read("cdc/messages").items()}
    types = read("cdc/types")
    observations = _observations({}, read("cdc/observations"))
    return Standard(
        name="cdc",
        profiles=profiles,
        segments={name: _segment(read(f"cdc/segments/{name}"), tuple(profiles)) for name in SEGMENTS},
        types={name: _components(entry) for name, entry in types["components"].items()},
        formats={name: entries.form(entry) for name, entry in types["formats"].items()},
        statements={
            entry["id"]: entries.statement(entry["id"], entry, None, profiles) for entry in read("cdc/statements")
        },
        observations=observations,
        rules=_shipped_rules({"cdc"}),
        tables={
            "NIP003": _identifiers(observations),
            **{key: entries.table(key, entry) for file in _TABLES for key, entry in read(f"cdc/tables/{file}").items()},
        },
    )


def _segment(data: Entry, profiles: tuple[str, ...]) -> dict[int, FieldSpec]:
    segment, source = data["segment"], data["source"]
    return {
        int(number): entries.field(
            FieldSpec(segment=segment, number=int(number), type=entry["type"], source=source), entry, profiles
        )
        for number, entry in data["fields"].items()
    }


def _components(entry: Entry) -> dict[int, ComponentSpec]:
    return {int(number): entries.component(int(number), said) for number, said in entry.items()}


def _observations(base: Mapping[str, ObservationSpec], data: Entry) -> dict[str, ObservationSpec]:
    return _changed(base, data, lambda code, entry: entries.observation(code, entry, base.get(code)))


def _identifiers(observations: Mapping[str, ObservationSpec]) -> Table:
    """Table NIP003: the identifiers that OBX-3 may have."""
    codes = {code: Code(code=code, text=spec.name, system="LN") for code, spec in observations.items()}
    return Table(name="NIP003", title="Observation identifiers", codes=codes, source="CDC guide 1.5, p. 352-354")


def extended(base: Standard, data: Entry, name: str) -> Standard:
    """The base with what a file says, in the form of ndiis.yaml: what it adds, changes, or takes away by ``off``."""
    observations = _observations(base.observations, data.get("observations", {}))
    tables = dict(base.tables) | {"NIP003": _identifiers(observations)}
    tables |= {key: entries.table(key, entry, tables.get(key)) for key, entry in data.get("tables", {}).items()}
    tolerances = {tolerance.id: tolerance for tolerance in base.tolerances}
    defaults = {str(default.at): default for default in base.defaults}
    return replace(
        base,
        name=name,
        segments=_fields(base, data.get("fields", {})),
        types=_types(base, data.get("components", {})),
        statements=_statements(base, data.get("statements", {})),
        observations=observations,
        rules=_rules(base.rules, data.get("rules", {})),
        tables=tables,
        tolerances=tuple(_changed(tolerances, data.get("tolerances", {}), entries.tolerance).values()),
        defaults=tuple(_changed(defaults, data.get("defaults", {}), entries.default).values()),
    )


def _changed(base: Mapping[str, T], data: Entry, made: Callable[[str, Any], T]) -> dict[str, T]:
    """What the base has, with what the file puts in its place or takes away."""
    known = {key: value for key, value in base.items() if data.get(key) != "off"}
    return known | {key: made(key, entry) for key, entry in data.items() if entry != "off"}


def _fields(base: Standard, data: Entry) -> dict[str, Mapping[int, FieldSpec]]:
    segments = dict(base.segments)
    for text, entry in data.items():
        place = Place.parse(text)
        segment, number = place.owner, place.field or 0
        known = segments[segment].get(number) or FieldSpec(segment=segment, number=number, type=_base_type(place))
        profiles = entry.get("profiles") or base.profiles
        segments[segment] = {**segments[segment], number: entries.field(known, entry, profiles)}
    return segments


def _types(base: Standard, data: Entry) -> dict[str, Mapping[int, ComponentSpec]]:
    types = dict(base.types)
    for text, entry in data.items():
        place = Place.parse(text)
        known, number = types.get(place.owner, {}), place.component or 1
        types[place.owner] = {**known, number: entries.component(number, entry, known.get(number))}
    return types


def _base_type(place: Place) -> str:
    """The data type that HL7 v2.5.1 gives the field; ST where it has no such field."""
    fields: Mapping[str, str] = read("base")["segments"].get(place.owner, {})
    return fields.get(str(place.field), "ST").split()[0]


def _statements(base: Standard, data: Entry) -> dict[str, Statement]:
    known = base.statements
    return _changed(known, data, lambda key, entry: entries.statement(key, entry, known.get(key), base.profiles))


def _rules(base: Mapping[str, Mapping[str, Any]], data: Entry) -> dict[str, Mapping[str, Any]]:
    return _changed(base, data, lambda key, entry: {"id": key, **base.get(key, {}), **entry})
