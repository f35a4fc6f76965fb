"""Names in a user's file that extends a standard: each must exist, and the nearest one is named where it does not.

Profiles, segments, data types, tables, statements, rules and observation identifiers; what a new entry must say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mockiis.document import closest
from mockiis.errors import Problem
from mockiis.profile.data import read
from mockiis.profile.entries import words
from mockiis.profile.place import Place
from mockiis.profile.specification import Standard
from mockiis.profile.standard import CODE_SETS
from mockiis.yaml_text import Marks, Path

Found = Iterator[tuple[Path, str]]
"""Where something is wrong in the file, and what."""


def names_in(data: Mapping[str, Any], base: Standard, name: str, marks: Marks) -> list[Problem]:
    """What is wrong with the names in a file whose form is right, in the order of the file."""
    found: dict[Path, str] = {}
    for path, text in _Names(data, base).found():
        found.setdefault(path, text)
    problems = [Problem(name, *marks[path], f"{_words(path)}: {text}") for path, text in found.items()]
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _words(path: Path) -> str:
    return ".".join(f"{part + 1}" if isinstance(part, int) else part for part in path)


class _Names:
    """The names that the base has, with those that the file adds."""

    def __init__(self, data: Mapping[str, Any], base: Standard) -> None:
        self.data, self.base = data, base
        self.profiles = frozenset(base.profiles)
        self.tables = {*base.tables, *data.get("tables", {}), *CODE_SETS}
        shipped = read("base")
        types = shipped["types"]
        primitive = {text.split()[0] for fields in shipped["segments"].values() for text in fields.values()}
        primitive |= {kind for parts in types.values() for kind in parts.values()}
        self.types = {*types, *base.types, *base.formats, *primitive}
        self.composite = {*types, *base.types}

    def found(self) -> Found:
        for part, check in _CHECKS.items():
            for key, entry in self.data.get(part, {}).items():
                if entry != "off":
                    yield from check(self, (part, key), key, entry if isinstance(entry, dict) else {})
                elif key not in self.known(part):
                    yield (part, key), self.unknown("there is nothing to take away:", key, self.known(part))

    def known(self, part: str) -> Collection[str]:
        """The keys that the base has in a part of the file."""
        if part == "tolerances":
            return [tolerance.id for tolerance in self.base.tolerances]
        if part == "defaults":
            return [str(default.at) for default in self.base.defaults]
        known: Collection[str] = getattr(self.base, part)
        return known

    def field(self, path: Path, key: str, entry: Mapping[str, Any]) -> Found:
        place = Place.parse(key)
        if place.field is None or place.component is not None or place.repetition is not None:
            yield path, "write a field here, such as PID-22"
        yield from self.segment(path, key)
        yield from self.usage(path, entry)
        if isinstance(entry.get("usage"), dict):
            for names in entry["usage"]:
                yield from self.each((*path, "usage", names), names.split(), self.profiles, "profile")
        values = entry.get("values")
        for names, tables in values.items() if isinstance(values, dict) else ():
            yield from self.each((*path, "values", names), names.split(), self.profiles, "profile")
            yield from self.each((*path, "values", names), words(tables), self.tables, "table")
        if not isinstance(values, dict):
            yield from self.each((*path, "values"), words(values), self.tables, "table")
        for word in ("type", "later"):
            yield from self.each((*path, word), words(entry.get(word)), self.types, "data type")
        yield from self.common(path, entry)

    def usage(self, path: Path, entry: Mapping[str, Any]) -> Found:
        """A conditional usage needs its condition, and a condition its usage."""
        said = entry.get("usage", "")
        conditional = any("(" in text for text in (said.values() if isinstance(said, dict) else [said]))
        if conditional and "condition" not in entry:
            yield (*path, "usage"), "say when the first usage holds: condition: {when: {RXA-20: CP}}"
        if "condition" in entry and not conditional:
            yield (*path, "condition"), "a condition needs a usage such as C(R/O)"

    def component(self, path: Path, key: str, entry: Mapping[str, Any]) -> Found:
        place = Place.parse(key)
        if not place.in_type or place.subcomponent is not None:
            yield path, "write a component of a data type here, such as XPN.7"
        elif place.owner not in self.composite:
            yield path, self.unknown("there is no data type", place.owner, self.composite)
        yield from self.usage(path, entry)
        yield from self.each((*path, "values"), words(entry.get("values")), self.tables, "table")
        yield from self.each((*path, "type"), words(entry.get("type")), self.types, "data type")
        for inner in entry.get("condition", {"when": {}})["when"]:
            if Place.parse(inner).owner or not Place.parse(inner).in_type:
                yield (*path, "condition", "when", inner), "write a component of the same type here, such as 4 or 2.1"

    def statement(self, path: Path, key: str, entry: Mapping[str, Any]) -> Found:
        yield from self.complete(path, key, entry, self.base.statements, ("at", "must", "text"))
        yield from self.at(path, entry)
        yield from self.code(path, entry)
        must = entry.get("must", {})
        for kind, asked in must.items() if isinstance(must, dict) else [(must, None)]:
            yield from self.must((*path, "must"), kind, asked)
            if kind in _OF_FIELDS and self.in_type(key, entry):
                yield (*path, "must"), "this is asked of a segment or a field, not of a data type"
        yield from self.common(path, entry)

    def in_type(self, key: str, entry: Mapping[str, Any]) -> bool:
        """Whether a statement is about a component of a data type."""
        known = self.base.statements.get(key)
        if "at" in entry:
            return Place.parse(entry["at"]).in_type
        return known is not None and known.at.in_type

    def must(self, path: Path, kind: str, asked: Any) -> Found:
        if kind in ("table", "not_table"):
            yield from self.each((*path, kind), words(asked), self.tables, "table")
        if kind == "same_as":
            yield from self.segment((*path, kind), asked)
        if kind == "sequential":
            yield from self.each((*path, kind), words(asked), {"message", *self.base.segments}, "segment")
        if kind == "check":
            checks = {one.must.values[0] for one in self.base.statements.values() if one.must.kind == "check"}
            yield from self.each((*path, kind), words(asked), checks, "check")

    def observation(self, path: Path, key: str, entry: Mapping[str, Any]) -> Found:
        yield from self.complete(path, key, entry, self.base.observations, ("name", "type"))
        yield from self.each((*path, "type"), words(entry.get("type")), self.types, "data type")
        yield from self.each((*path, "format"), words(entry.get("format")), self.base.formats, "format")
        yield from self.each((*path, "values"), words(entry.get("values")), self.tables, "table")

    def rule(self, path: Path, key: str, entry: Mapping[str, Any]) -> Found:
        rules = self.base.rules
        yield from self.complete(path, key, entry, rules, ("at", "check", "profiles", "code", "text"))
        yield from self.each(
            (*path, "check"), words(entry.get("check")), {one["check"] for one in rules.values()}, "check"
        )
        yield from self.at(path, entry)
        yield from self.code(path, entry)
        yield from self.common(path, entry)
        check = entry.get("check") or rules.get(key, {}).get("check")
        like = next((one for one in rules.values() if one["check"] == check), None)
        if like is not None and ("with" in entry or key not in rules):
            yield from _needs((*path, "with") if "with" in entry else path, entry.get("with", {}), like.get("with", {}))

    def table(self, path: Path, key: str, entry: Mapping[str, Any]) -> Found:
        yield from self.complete(path, key, entry, self.base.tables, ("title", "codes"))

    def tolerance(self, path: Path, _key: str, entry: Mapping[str, Any]) -> Found:
        yield from self.at(path, entry)
        yield from self.each((*path, "table"), words(entry.get("table")), self.tables, "table")
        yield from self.each((*path, "type"), words(entry.get("type")), self.types, "data type")
        yield from self.common(path, entry)

    def default(self, path: Path, key: str, entry: Mapping[str, Any]) -> Found:
        yield from self.segment(path, key)
        yield from self.common(path, entry)

    def common(self, path: Path, entry: Mapping[str, Any]) -> Found:
        """Profiles and conditions, wherever they stand."""
        for number, name in enumerate(entry.get("profiles") or ()):
            yield from self.each((*path, "profiles", number), [name], self.profiles, "profile")
        nested = "condition" in entry
        when = entry["condition"]["when"] if nested else entry.get("when", {})
        for place, wanted in when.items():
            here = (*path, *(("condition",) if nested else ()), "when", place)
            yield from self.segment(here, place)
            if isinstance(wanted, dict) and not wanted.keys().isdisjoint({"table", "not_table"}):
                for tables in wanted.values():
                    yield from self.each(here, words(tables), self.tables, "table")

    def at(self, path: Path, entry: Mapping[str, Any]) -> Found:
        for text in words(entry.get("at")):
            yield from self.place((*path, "at"), text)

    def place(self, path: Path, text: str) -> Found:
        """The segment or data type of a place."""
        place = Place.parse(text)
        if place.in_type and place.owner not in self.composite:
            yield path, self.unknown("there is no data type", place.owner, self.composite)
        if not place.in_type and place.owner not in self.base.segments:
            yield path, self.unknown("there is no segment", place.owner, self.base.segments)

    def segment(self, path: Path, text: str) -> Found:
        """A place in a segment: of a data type nothing can be looked up from outside."""
        if Place.parse(text).in_type:
            yield path, "write a place in a segment here, such as RXA-20 or RXA-9.1"
        else:
            yield from self.place(path, text)

    def code(self, path: Path, entry: Mapping[str, Any]) -> Found:
        """ERR-3 and ERR-5 of findings."""
        for word, table in (("code", "HL70357"), ("application_code", "HL70533")):
            codes = {*self.base.tables[table].codes, *_MORE_CODES}
            yield from self.each((*path, word), words(entry.get(word)), codes, f"code of table {table}")

    def each(self, path: Path, names: Collection[str], known: Collection[str], what: str) -> Found:
        for name in names:
            if name not in known:
                yield path, self.unknown(f"there is no {what}", name, known)

    def complete(
        self, path: Path, key: str, entry: Mapping[str, Any], known: Collection[str], needed: Collection[str]
    ) -> Found:
        """What is new must say what it is; what is not may be meant for something that exists."""
        missing = [word for word in needed if word not in entry]
        if key not in known and missing:
            yield path, f"{self.unknown('the base has no', key, known)} A new one needs {', '.join(missing)} too."

    def unknown(self, sentence: str, name: str, known: Collection[str]) -> str:
        """The sentence with the name, and the nearest one that exists."""
        near = closest(name, sorted(known))
        return f"{sentence} '{name}'" + (f"; did you mean '{near}'?" if near else ".")


_OF_FIELDS = frozenset({"valued", "present", "same_as", "some_repetition", "sequential", "observation", "check"})
_MORE_CODES = ("7", "8")
"""Application errors beyond the guide's table that registries use."""


def _needs(path: Path, given: Mapping[str, Any], like: Mapping[str, Any]) -> Found:
    """A check needs what another rule gives it: the same words, and lists and numbers where that has them."""
    missing = [word for word in like if word not in given]
    if missing:
        yield path, f"with: this check also needs {', '.join(missing)}"
    for word, value in given.items():
        model = like.get(word)
        if model is None:
            yield (*path, word), f"this check does not know '{word}'; write {', '.join(like) or 'nothing'}"
        elif isinstance(model, list) != isinstance(value, list) or isinstance(value, dict):
            yield (*path, word), "write a list here" if isinstance(model, list) else "write one text here"
        elif isinstance(model, str) and model.isdecimal() and not value.isdecimal():
            yield (*path, word), "write a whole number here"


_CHECKS = {
    "fields": _Names.field,
    "components": _Names.component,
    "statements": _Names.statement,
    "observations": _Names.observation,
    "rules": _Names.rule,
    "tables": _Names.table,
    "tolerances": _Names.tolerance,
    "defaults": _Names.default,
}
