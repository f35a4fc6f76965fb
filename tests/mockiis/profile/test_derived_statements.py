"""Every conformance statement and every co-constraint of OBX broken in a message made for it, and found by its id.

Statements are broken under both shipped standards, since NDIIS has some of its own and changes others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mockiis.er7 import Location
from mockiis.profile.specification import ObservationSpec, Statement
from mockiis.profile.standard import shipped

from .derivation import SAMPLES, Broken, Draft, base, carriers, filled, make, where

STANDARDS = ("cdc", "ndiis")
NOT_DERIVED = {
    "IZ-8": "headers of batches are read by the reader of batches, which takes any separators",
    "IZ-9": "as IZ-8",
    "IZ-10": "as IZ-8",
    "IZ-11": "as IZ-8",
    "59779-9 code": "local schedules have codes of their own: the table is open",
    "IZ-15": "no profile here can judge another version; the message is rejected with 203 at MSH-12 before",
}
"""Statements that are not enforced as such, and tables that take any code, with the reason."""


def statements(standard: str) -> Iterator[tuple[str, Broken | None]]:
    """Each statement in each of its profiles, with what breaks it."""
    for statement in shipped(standard).statements.values():
        if statement.id in NOT_DERIVED:
            yield statement.id, None
            continue
        for profile in sorted(statement.profiles):
            row = f"{statement.id} in {profile}"
            if statement.at.in_type:
                yield row, _in_type(row, standard, statement, profile)
            else:
                yield row, _in_segment(row, standard, statement, profile)


def _in_type(row: str, standard: str, statement: Statement, profile: str) -> Broken | None:
    """At the first place of the profile that has the data type."""
    at, kind = statement.at, statement.at.owner
    found = [(segment, place) for name, segment, place in carriers(shipped("cdc"), kind) if name == profile]
    if not found:
        return None
    segment, place = found[0]
    draft = filled(base(profile), segment, place, kind).put(f"{segment}-{place}.{at.component}", "X")
    return _broken(row, standard, statement, draft, f"{where(segment, place)}.{at.component}")


def _in_segment(row: str, standard: str, statement: Statement, profile: str) -> Broken:
    at = statement.at
    draft = make(base(profile), statement.when, true=True)
    if at.field is None:
        return _broken(row, standard, statement, _WITHOUT[statement.must.kind](draft, statement), _whole(statement))
    place = str(at).partition("-")[2]
    draft.put(str(at), _wrong(draft, statement))
    printed = place.replace("[1]", "")
    return _broken(row, standard, statement, draft, where(at.owner, printed))


def _broken(row: str, standard: str, statement: Statement, draft: Draft, place: str) -> Broken:
    return Broken(
        row=f"{standard}: {row}",
        text=_CHANGED.get(statement.id, str)(draft.text),
        place=place,
        code=statement.code or _CODES.get(statement.must.kind, "999"),
        says=statement.id,
        standard=standard,
    )


_CODES = {"valued": "101", "empty": "999", "table": "103", "present": "100", "observation": "101"}


def _wrong(draft: Draft, statement: Statement) -> str:
    """A value that is not what the statement asks for."""
    kind, values = statement.must.kind, statement.must.values
    if statement.id in _CHANGED:
        return draft.get(str(statement.at))
    if kind in ("equals", "in"):
        return f"{values[0]}x"
    if kind == "some_repetition":
        return values[0].replace("^", "x^")
    return values[0] if kind == "not_in" else _WRONG.get(kind, "NOSUCH")


_WRONG = {"same_as": "20200101", "positive": "0", "sequential": "77", "valued": ""}


def _whole(statement: Statement) -> str:
    return statement.at.owner if statement.must.kind == "present" else where(statement.at.owner)


def _without_observation(draft: Draft, statement: Statement) -> Draft:
    draft.lines = [line for line in draft.lines if not any(f"|{code}^" in line for code in statement.must.values)]
    return draft


def _without_segment(draft: Draft, statement: Statement) -> Draft:
    draft.lines = [line for line in draft.lines if not line.startswith((statement.at.owner, "RXR", "OBX", "NTE"))]
    return draft


def _without_statement_date(draft: Draft, _statement: Statement) -> Draft:
    draft.lines = [line for line in draft.lines if "|29769-7^" not in line]
    return draft


_WITHOUT: dict[str, Callable[[Draft, Statement], Draft]] = {
    "observation": _without_observation,
    "present": _without_segment,
    "check": _without_statement_date,
}


_CHANGED: dict[str, Callable[[str], str]] = {
    "IZ-12": lambda text: text.replace("|", "#"),
    "IZ-13": lambda text: text.replace("^", "@"),
}
"""How a text is changed where no value can say it: other encoding characters."""


def observations() -> Iterator[tuple[str, Broken | None]]:
    """Each identifier with a value type that it must not have, and with a value that it cannot have."""
    for spec in shipped("cdc").observations.values():
        yield f"{spec.code} value type", _observed(spec, "value type", "ED", "x", "-2", "102", "The value type of")
        kind, value = spec.types[0], _value(spec)
        if spec.tables:
            code = "NOSUCH" + value[value.find("^") :] if "^" in value else "NOSUCH"
            one = _observed(spec, "code", kind, code, "-5.1", "103", "not as its identifier asks")
            yield f"{spec.code} code", None if _is_open(spec) else one
        if spec.systems:
            yield (
                f"{spec.code} system",
                _observed(spec, "system", kind, f"{value.partition('^')[0]}^x^99WRONG", "-5.3", "103", "not as its"),
            )
        if spec.format or kind == "NM":
            wrong = "2026" if spec.format else "one"
            yield f"{spec.code} format", _observed(spec, "format", kind, wrong, "-5", "102", "is expected")


def _is_open(spec: ObservationSpec) -> bool:
    tables = shipped("cdc").tables
    return any(name in tables and tables[name].open for name in spec.tables)


def _value(spec: ObservationSpec) -> str:
    if spec.types[0] != "CE":
        return SAMPLES.get(spec.types[0], "Y")
    return f"X1^text^{(spec.systems or ('99NDI',))[0]}"


def _observed(spec: ObservationSpec, what: str, kind: str, value: str, place: str, code: str, says: str) -> Broken:
    unit = "NA^not applicable^HL70353" if kind == "NM" else ""
    draft = base("Z22")
    draft.lines[draft.index("OBX[1]")] = f"OBX|1|{kind}|{spec.code}^x^LN|1|{value}|{unit}|||||F"
    return Broken(
        row=f"{spec.code} {what}", text=draft.text, place=f"OBX[1]{place}", code=code, says=spec.statement or says
    )


ROWS: dict[str, Callable[[], Iterator[tuple[str, Broken | None]]]] = {
    "statements of cdc": lambda: statements("cdc"),
    "statements of ndiis": lambda: statements("ndiis"),
    "observations": observations,
}


def rows(name: str) -> list[tuple[str, Broken | None]]:
    """The rows of one part of the data, by name, with what breaks each."""
    return list(ROWS[name]())


@pytest.mark.parametrize("name", ROWS)
def test_each_row_broken_is_found(name: str) -> None:
    """The message derived from a row has the finding about that row, at its place and with its code."""
    missed = [one.missed() for _, one in rows(name) if one is not None]
    assert [] == [text for text in missed if text]


def test_places_of_statements_are_places() -> None:
    """What a statement points at can be written as a location of a message."""
    for _, one in (row for name in ROWS for row in rows(name)):
        assert one is None or Location.parse(one.place)


def test_statements_that_are_not_enforced_are_known() -> None:
    """A statement without a derivation is in the list with its reason."""
    everything = [(row, one is None) for name in ROWS for row, one in rows(name)]
    assert set(NOT_DERIVED) == {row for row, none in everything if none}
    assert sum(not none for _, none in everything) >= 0.95 * len(everything)


def test_what_is_not_enforced_is_told() -> None:
    """CONFORMANCE.md names each such statement, and each table that takes any code."""
    told = (Path(__file__).parents[3] / "CONFORMANCE.md").read_text(encoding="utf-8")
    open_tables = {name for name, table in shipped("cdc").tables.items() if table.open}
    assert [] == [name for name in NOT_DERIVED if name.split()[0] not in told]
    assert {"HL70072", "HL70361", "HL70362", "HL70363", "PHVS_ImmunizationScheduleIdentifier_IIS"} == open_tables
    assert [] == [name for name in open_tables if name not in told]
